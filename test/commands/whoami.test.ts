import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startApi } from '../support/api.ts'
import { orafi, temporaryFolder } from '../support/orafi.ts'
import { openShop } from '../support/shop.ts'

const unknown = `ora_live_${'u'.repeat(30)}7777`

/** A home that is signed in to an Orafi on loopback. */
async function signedIn(flags = '') {
  const shop = await openShop(1)
  const home = await temporaryFolder()
  const { url } = shop
  const keys = { test: shop.test.key ?? '', live: shop.live.key ?? '' }
  await orafi(`login --with-key ${flags}`, { home, url, stdin: keys.test })
  return { home, url, keys }
}

describe('whoami', () => {
  test('says who one is, and whether the API accepts it', async () => {
    const { home, url, keys } = await signedIn('--read-only')
    const result = await orafi('whoami --json', { home, url })
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(result.stdout)).toEqual({
      profile: 'default',
      mode: 'test',
      key: `ora_test_…${keys.test.slice(-4)}`,
      source: 'profile',
      readOnly: true,
      baseUrl: url,
      config: join(home, 'config'),
      state: join(home, 'state'),
      accepted: 'yes',
      message: null,
      business: expect.toSatisfy(
        (business) => business === null || typeof business.businessName === 'string',
      ),
      shadows: null,
    })
  })

  test('prints a line for each in a pipe and on a terminal', async () => {
    const { home, url } = await signedIn()
    const piped = await orafi('whoami', { home, url })
    expect(piped.stdout).toContain('profile\tdefault\nmode\ttest\nkey\tora_test_…')
    expect(piped.stdout).toContain('read-only\tno\n')
    expect(piped.stdout).toContain('accepted\tyes\n')
    const screen = await orafi('whoami', { home, url, tty: true })
    expect(screen.stdout).toContain('default')
    expect(screen.stdout).not.toContain('\t')
  })

  test('says which stored profile the key of the environment shadows', async () => {
    const { home, url, keys } = await signedIn()
    const result = await orafi('whoami --json', { home, url, key: keys.live })
    expect(JSON.parse(result.stdout)).toMatchObject({
      profile: 'env',
      mode: 'live',
      source: 'environment',
      shadows: 'default',
      accepted: 'yes',
    })
    expect((await orafi('whoami', { home, url, key: keys.live })).stdout).toContain(
      'shadows\tprofile default',
    )
  })

  test('of a key that is not accepted exits 4, after everything was printed', async () => {
    const { home, url } = await signedIn()
    const result = await orafi('whoami --json', { home, url, key: unknown })
    expect(result.code).toBe(4)
    expect(JSON.parse(result.stdout)).toMatchObject({ key: 'ora_live_…7777', accepted: 'no' })
    expect(JSON.parse(result.stderr).error).toMatchObject({ code: 'auth' })
    expect(result.stdout + result.stderr).not.toContain(unknown)
  })

  test('works offline, and exits 5', async () => {
    const result = await orafi('whoami --json', { url: 'http://127.0.0.1:9', key: unknown })
    expect(result.code).toBe(5)
    expect(JSON.parse(result.stdout)).toMatchObject({
      mode: 'live',
      accepted: 'unknown',
      baseUrl: 'http://127.0.0.1:9',
    })
    expect(JSON.parse(result.stderr).error).toMatchObject({ code: 'unavailable' })
  })

  test('works signed out, makes no folder and exits 4', async () => {
    const home = await temporaryFolder()
    const result = await orafi('whoami', { home })
    expect(result.code).toBe(4)
    expect(result.stdout).toContain('profile\tnone\n')
    expect(result.stdout).toContain(`config\t${join(home, 'config')}\n`)
    expect(result.stderr).toContain('orafi login')
    expect(await readdir(home)).toEqual([])
    const json = await orafi('whoami --json', { home })
    expect(JSON.parse(json.stdout)).toMatchObject({ profile: null, key: null, accepted: null })
  })

  test.each([
    ['--live', {}, 'has no live key'],
    ['--profile nobody', {}, "no key is stored for profile 'nobody'"],
    ['', { url: 'https://elsewhere.example' }, 'https://elsewhere.example'],
    ['', { key: 'nonsense-secret' }, 'ORAFI_API_KEY does not contain'],
  ])('says why there is no key: whoami %s %j', async (flags, more, why) => {
    const { home, url } = await signedIn()
    const result = await orafi(`whoami ${flags}`, { home, url, ...more })
    expect(result.code).toBe(4)
    expect(result.stdout).toContain('profile\tnone\n')
    expect(result.stderr).toContain(why)
    expect(result.stdout + result.stderr).not.toContain('secret')
  })

  test('reports a damaged config file, with the key of the environment too', async () => {
    const { home, url, keys } = await signedIn()
    const file = join(home, 'config', 'config.json')
    await writeFile(file, '{')
    const without = await orafi('whoami', { home, url })
    expect(without.code).toBe(1)
    expect(without.stdout).toContain('profile\tnone\n')
    expect(without.stderr).toContain(file)
    const result = await orafi('whoami', { home, url, key: keys.test })
    expect(result.code).toBe(1)
    expect(result.stdout).toContain('accepted\tyes\n')
    expect(result.stderr).toContain(file)
  })

  test('in the sandbox says so, whatever is signed in', async () => {
    const { home } = await signedIn()
    const result = await orafi('whoami --json --sandbox --live', { home, url: 'nonsense', key: 'nonsense' })
    expect(result).toMatchObject({ code: 0 })
    expect(JSON.parse(result.stdout)).toMatchObject({
      source: 'sandbox',
      mode: 'live',
      accepted: 'yes',
      baseUrl: null,
    })
  })
})

test.each([
  [
    'whoami',
    'error: the test key ora_test_…0001 could not be checked: GET /customers: the API answered 400: no\n',
  ],
  [
    'whoami --json',
    '{"error":{"code":"api_error","message":"the test key ora_test_…0001 could not be checked: GET /customers: the API answered 400: no"}}\n',
  ],
])('%s has no empty hint if there is none', async (line, message) => {
  const api = await startApi()
  api.instead = () => ({ status: 400, body: { success: false, message: 'no' } })
  const key = `ora_test_${'0'.repeat(28)}0001`
  expect(await orafi(line, { ...api.test, key })).toMatchObject({ code: 1, stderr: message })
})

describe('whoami --all', () => {
  test('lists every stored key, what is default, what is in use and what the API accepts', async () => {
    const { home, url, keys } = await signedIn()
    await orafi('login --with-key', { home, url, stdin: keys.live })
    await orafi('login --with-key --no-verify --profile a-shop --read-only', { home, url, stdin: unknown })
    const result = await orafi('whoami --all --json', { home, url })
    expect(result).toMatchObject({ code: 0 })
    expect(JSON.parse(result.stdout)).toMatchObject({
      config: join(home, 'config'),
      data: [
        { profile: 'a-shop', mode: 'live', readOnly: true, default: false, inUse: false, accepted: 'no' },
        { profile: 'default', mode: 'test', readOnly: false, default: true, inUse: true, accepted: 'yes' },
        { profile: 'default', mode: 'live', default: false, inUse: false, accepted: 'yes' },
      ],
    })
    for (const key of [unknown, keys.test, keys.live]) expect(result.stdout).not.toContain(key)
    const piped = await orafi('whoami --all', { home, url })
    expect(piped.stdout.split('\n')[1]).toMatch(/^default\ttest\tora_test_….{4}\tnow\tno\tyes\thttp/)
  })

  test('sends each key to its own place only', async () => {
    const { home, url } = await signedIn()
    await orafi('login --with-key --no-verify --profile away', {
      home,
      url: 'http://127.0.0.1:9',
      stdin: unknown,
    })
    const { data } = JSON.parse((await orafi('whoami --all --json', { home, url })).stdout)
    expect(data).toMatchObject([
      { profile: 'away', baseUrl: 'http://127.0.0.1:9', accepted: 'unknown' },
      { profile: 'default', baseUrl: url, accepted: 'yes' },
    ])
  })

  test('has the key of the environment first, in use', async () => {
    const { home, url, keys } = await signedIn()
    const { data } = JSON.parse((await orafi('whoami --all --json', { home, url, key: keys.live })).stdout)
    expect(data).toMatchObject([
      { profile: 'env', source: 'environment', mode: 'live', inUse: true },
      { profile: 'default', source: 'profile', mode: 'test', inUse: false, default: true },
    ])
  })

  test('lists what is signed out and read-only, and what has no default', async () => {
    const { home, url, keys } = await signedIn('--read-only')
    await orafi('login --with-key --profile second', { home, url, stdin: keys.live })
    await orafi('logout', { home })
    const result = await orafi('whoami --all', { home, url })
    expect(result.code).toBe(0)
    expect(result.stdout).toContain('default\t\tnone\t\tyes\t\t\n')
    expect(result.stdout).toContain('second\tLIVE\t')
  })

  test('of nothing exits 4, of a damaged file 1, of the sandbox 2', async () => {
    const home = await temporaryFolder()
    const nothing = await orafi('whoami --all --json', { home })
    expect(nothing).toMatchObject({ code: 4 })
    expect(JSON.parse(nothing.stdout)).toMatchObject({ data: [] })
    await mkdir(join(home, 'config'))
    await writeFile(join(home, 'config', 'config.json'), '[]')
    expect(await orafi('whoami --all', { home })).toMatchObject({ code: 1 })
    expect(await orafi('whoami --all --sandbox', { home })).toMatchObject({ code: 2 })
  })
})
