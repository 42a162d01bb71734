import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { orafi, temporaryFolder } from '../support/orafi.ts'

const keys = {
  test: `ora_test_${'t'.repeat(30)}1111`,
  live: `ora_live_${'l'.repeat(30)}2222`,
  second: `ora_live_${'s'.repeat(30)}3333`,
}

/** A home with the profiles default (both keys) and second (a live one). */
async function signedIn(): Promise<string> {
  const home = await temporaryFolder()
  const login = (key: string, flags: string) =>
    orafi(`login --with-key --no-verify ${flags}`, { home, stdin: key })
  await login(keys.test, '')
  await login(keys.live, '')
  await login(keys.second, '--profile second --read-only')
  return home
}

/** The key that a command without flags would use; nothing answers, so this needs no network. */
async function inUse(home: string, flags = ''): Promise<unknown> {
  const { stdout } = await orafi(`whoami --json --retries 0 ${flags}`, {
    home,
    env: { HTTPS_PROXY: 'http://127.0.0.1:9' },
  })
  return JSON.parse(stdout)
}

test('the mode is chosen', async () => {
  const home = await signedIn()
  const result = await orafi('use live', { home })
  expect(result).toMatchObject({ code: 0, stdout: '' })
  expect(result.stderr).toBe('Default is now: profile default, LIVE, ora_live_…2222.\n')
  expect(await inUse(home)).toMatchObject({ profile: 'default', mode: 'live' })
  await orafi('use test', { home })
  expect(await inUse(home)).toMatchObject({ profile: 'default', mode: 'test' })
})

test('the profile is chosen, in the mode that it has', async () => {
  const home = await signedIn()
  const result = await orafi('use --profile second', { home })
  expect(result.stderr).toBe('Default is now: profile second, LIVE, ora_live_…3333, read-only.\n')
  expect(await inUse(home)).toMatchObject({ profile: 'second', mode: 'live', readOnly: true })
})

test('both are chosen at once', async () => {
  const home = await signedIn()
  await orafi('use --profile second', { home })
  expect(await orafi('use live --profile default', { home })).toMatchObject({ code: 0 })
  expect(await inUse(home)).toMatchObject({ profile: 'default', mode: 'live' })
  expect(await orafi('use --profile default', { home })).toMatchObject({ code: 0 })
  expect(await inUse(home)).toMatchObject({ profile: 'default', mode: 'live' })
})

test('a profile that comes back with both keys is used in test', async () => {
  const home = await signedIn()
  await orafi('use live', { home })
  await orafi('use --profile second', { home })
  await orafi('use --profile default', { home })
  expect(await inUse(home)).toMatchObject({ profile: 'default', mode: 'test' })
})

test('a key that is not stored cannot be chosen, and nothing changes', async () => {
  const home = await signedIn()
  for (const line of [
    'use test --profile second',
    'use --profile nobody',
    'use live --profile constructor',
  ]) {
    const result = await orafi(line, { home })
    expect(result.code).toBe(4)
    expect(result.stderr).toContain('orafi login --profile')
  }
  expect(await inUse(home)).toMatchObject({ profile: 'default', mode: 'test' })
})

test('without a stored key nothing can be chosen, and no folder is created', async () => {
  const home = await temporaryFolder()
  expect(await orafi('use live', { home })).toMatchObject({ code: 4 })
  expect(await readdir(home)).toEqual([])
})

test('it must be said what to use', async () => {
  const home = await signedIn()
  for (const line of ['use', 'use prod', 'use live --test', 'use live --sandbox', 'use --profile Big']) {
    expect(await orafi(line, { home }), line).toMatchObject({ code: 2 })
  }
  expect(await orafi('use live', { home, env: { ORAFI_SANDBOX: '1' } })).toMatchObject({ code: 2 })
})

test('says what takes precedence over the choice', async () => {
  const home = await signedIn()
  expect((await orafi('use live', { home, key: keys.test })).stderr).toContain('ORAFI_API_KEY is set')
  const other = await orafi('use live', { home, env: { ORAFI_PROFILE: 'second' } })
  expect(other.stderr).toContain('Default is now: profile default')
  expect(other.stderr).toContain('ORAFI_PROFILE is set to second')
})
