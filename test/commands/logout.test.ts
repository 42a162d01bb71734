import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { orafi, temporaryFolder } from '../support/orafi.ts'

const keys = {
  test: `ora_test_${'t'.repeat(30)}1111`,
  live: `ora_live_${'l'.repeat(30)}2222`,
  second: `ora_live_${'s'.repeat(30)}3333`,
}

async function signedIn(flags = '') {
  const home = await temporaryFolder()
  const login = (key: string, more: string) =>
    orafi(`login --with-key --no-verify ${more}`, { home, stdin: key })
  await login(keys.test, flags)
  await login(keys.live, '')
  await login(keys.second, '--profile second')
  const config = async () => JSON.parse(await readFile(join(home, 'config', 'config.json'), 'utf8'))
  return { home, config }
}

test('both keys of the profile in use go, and others stay', async () => {
  const { home, config } = await signedIn()
  const result = await orafi('logout', { home })
  expect(result).toMatchObject({ code: 0, stdout: '' })
  expect(result.stderr).toContain('profile default, test, ora_test_…1111')
  expect(result.stderr).toContain('profile default, LIVE, ora_live_…2222')
  expect(result.stderr).toContain('There is no default profile. Choose one: orafi use --profile NAME')
  expect(Object.keys((await config()).profiles)).toEqual(['second'])
  expect((await config()).default).toBeUndefined()
  expect(JSON.stringify(await config())).not.toContain(keys.test)
  expect(await orafi('customers list', { home })).toMatchObject({ code: 4 })
})

test('--live takes the live key alone', async () => {
  const { home, config } = await signedIn()
  expect(await orafi('logout --live', { home })).toMatchObject({ code: 0 })
  expect(Object.keys((await config()).profiles.default.keys)).toEqual(['test'])
  expect(await orafi('logout --live', { home })).toMatchObject({ code: 4 })
})

test('--test leaves a profile that then is used with its live key', async () => {
  const { home, config } = await signedIn()
  await orafi('logout --test', { home })
  expect((await config()).default).toEqual({ profile: 'default', mode: 'test' })
  expect(Object.keys((await config()).profiles.default.keys)).toEqual(['live'])
})

test('the profile is the flag, ORAFI_PROFILE or the default one', async () => {
  const { home, config } = await signedIn()
  await orafi('logout', { home, env: { ORAFI_PROFILE: 'second' } })
  expect(Object.keys((await config()).profiles)).toEqual(['default'])
  await orafi('logout --profile default', { home, env: { ORAFI_PROFILE: 'second' } })
  expect(Object.keys((await config()).profiles)).toEqual([])
})

test('--all empties every profile, and may be said twice', async () => {
  const { home, config } = await signedIn()
  expect(await orafi('logout --all', { home })).toMatchObject({ code: 0 })
  expect(await config()).toEqual({ v: 1, profiles: {} })
  expect(await orafi('logout --all', { home })).toMatchObject({ code: 0, stderr: 'No keys were stored.\n' })
})

test('a read-only profile is remembered to be one', async () => {
  const { home, config } = await signedIn('--read-only')
  const result = await orafi('logout', { home })
  expect(result.stderr).toContain(
    'Profile default stays read-only. To allow changes: orafi login --read-write',
  )
  expect((await config()).profiles.default).toEqual({ readOnly: true, keys: {} })
  expect(await orafi('logout', { home })).toMatchObject({ code: 4 })
})

test('the next sign-in after a sign-out makes its profile the default', async () => {
  const { home, config } = await signedIn()
  await orafi('logout', { home })
  await orafi('login --with-key --no-verify --profile third', { home, stdin: keys.test })
  expect((await config()).default).toEqual({ profile: 'third', mode: 'test' })
})

test('says that no key is stored, and creates no folder', async () => {
  const home = await temporaryFolder()
  expect(await orafi('logout', { home })).toMatchObject({ code: 4 })
  expect(await orafi('logout --all', { home })).toMatchObject({ code: 0 })
  expect(await readdir(home)).toEqual([])
})

test('flags that contradict and the sandbox are refused', async () => {
  const { home, config } = await signedIn()
  for (const line of [
    'logout --all --live',
    'logout --all --profile second',
    'logout --test --live',
    'logout --sandbox',
  ]) {
    expect(await orafi(line, { home }), line).toMatchObject({ code: 2 })
  }
  expect(await orafi('logout', { home, env: { ORAFI_SANDBOX: '1' } })).toMatchObject({ code: 2 })
  expect(Object.keys((await config()).profiles)).toEqual(['default', 'second'])
})

test('the key of the environment is said to stay', async () => {
  const { home } = await signedIn()
  expect((await orafi('logout', { home, key: keys.test })).stderr).toContain(
    'ORAFI_API_KEY is set and still in use',
  )
})

test('a damaged config file is left as it is', async () => {
  const home = await temporaryFolder()
  const file = join(home, 'config', 'config.json')
  await mkdir(join(home, 'config'))
  await writeFile(file, 'oops')
  const result = await orafi('logout --all', { home })
  expect(result.code).toBe(1)
  expect(result.stderr).toContain(file)
  expect(await readFile(file, 'utf8')).toBe('oops')
})
