import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { orafi, type Result, temporaryFolder } from '../support/orafi.ts'
import { openShop } from '../support/shop.ts'

const otherTest = `ora_test_${'x'.repeat(30)}9999`

/** A home, an Orafi, and its keys. */
async function desk() {
  const shop = await openShop(1)
  const home = await temporaryFolder()
  const { url } = shop
  const keys = { test: shop.test.key ?? '', live: shop.live.key ?? '' }
  const file = join(home, 'config', 'config.json')
  const config = async () => JSON.parse(await readFile(file, 'utf8'))
  /** Signs in through a pipe. */
  const login = (key: string, flags = '', more: object = {}): Promise<Result> =>
    orafi(`login --with-key ${flags}`, { home, url, stdin: `${key}\n`, ...more })
  return { shop, home, url, keys, file, config, login }
}

/** A server that answers everything with one status. */
async function answering(status: number): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ success: false, message: 'Business not verified' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** No key stands anywhere in what was said. */
function expectNoKey({ stdout, stderr }: Result, ...keys: string[]): void {
  for (const key of keys) expect(stdout + stderr).not.toContain(key)
}

describe('signing in', () => {
  test('a key from a pipe is checked and stored, readable only by the user, and the file is named', async () => {
    const { keys, file, config, url, home, login } = await desk()
    const result = await login(keys.test)
    expect(result).toMatchObject({ code: 0, stdout: '' })
    expect(result.stderr).toContain(`The key is stored in ${file}`)
    expect(result.stderr).toContain(
      `Signed in to profile default, test, ora_test_…${keys.test.slice(-4)} for ${url}.`,
    )
    expectNoKey(result, keys.test)
    expect(await config()).toMatchObject({
      default: { profile: 'default', mode: 'test' },
      profiles: {
        default: { readOnly: false, keys: { test: { key: keys.test, baseUrl: url, verified: true } } },
      },
    })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(join(home, 'config'))).mode & 0o777).toBe(0o700)
    expect(await orafi('customers list --json', { home, url })).toMatchObject({ code: 0 })
  })

  test('the typed key is not shown', async () => {
    const { keys, config, url, home } = await desk()
    const result = await orafi('login', { home, url, tty: true, stdin: `${keys.live}\r` })
    expect(result.code).toBe(0)
    expect(result.stderr).toContain('Orafi API key')
    expect(result.stderr).toContain('LIVE')
    expectNoKey(result, keys.live)
    expect((await config()).default).toEqual({ profile: 'default', mode: 'live' })
  })

  test('the prefix decides the mode, and a profile holds one of each', async () => {
    const { keys, config, login } = await desk()
    await login(keys.test)
    const second = await login(keys.live)
    expect(second.stderr).toContain(
      'The default is still the test key. To use this one: --live, or orafi use live',
    )
    expect(await config()).toMatchObject({
      default: { mode: 'test' },
      profiles: { default: { keys: { test: { key: keys.test }, live: { key: keys.live } } } },
    })
  })

  test('later sign-ins change no default', async () => {
    const { keys, config, login } = await desk()
    await login(keys.test)
    const result = await login(keys.live, '--profile second')
    expect(result.stderr).toContain('The default is still profile default.')
    expect(result.stderr).toContain('orafi use live --profile second')
    expect((await config()).default).toEqual({ profile: 'default', mode: 'test' })
  })

  test('the profile is ORAFI_PROFILE where no flag says another', async () => {
    const { keys, config, login } = await desk()
    await login(keys.test, '', { env: { ORAFI_PROFILE: 'second' } })
    await login(keys.live, '--profile third', { env: { ORAFI_PROFILE: 'second' } })
    expect(Object.keys((await config()).profiles)).toEqual(['second', 'third'])
  })

  test('a stored key of the same mode is replaced, which is said with what it means', async () => {
    const { keys, config, login } = await desk()
    await login(otherTest, '--no-verify')
    const result = await login(keys.test)
    expect(result.stderr).toContain('It replaced ora_test_…9999.')
    expect(result.stderr).toContain('use a profile for each: orafi login --profile NAME')
    expectNoKey(result, otherTest)
    expect((await config()).profiles.default.keys.test.key).toBe(keys.test)
    expect((await login(keys.test)).stderr).not.toContain('replaces')
  })

  test('says that the key of the environment takes precedence, and does not store it', async () => {
    const { keys, config, login } = await desk()
    const result = await login(keys.test, '', { key: keys.live })
    expect(result.stderr).toContain(
      '\nnote: ORAFI_API_KEY is set and takes precedence over stored keys: unset it, or use --profile\n',
    )
    expect(Object.keys((await config()).profiles.default.keys)).toEqual(['test'])
  })
})

describe('read-only', () => {
  test('stays over a sign-in, and is lifted by --read-write alone', async () => {
    const { keys, config, login, home, url } = await desk()
    const readOnly = async () => (await config()).profiles.default.readOnly
    expect((await login(keys.test, '--read-only')).stderr).toContain('read-only')
    await login(keys.live)
    expect(await readOnly()).toBe(true)
    const create = 'customers create --firstname A --lastname B --email a@b.example'
    expect(await orafi(create, { home, url })).toMatchObject({ code: 4 })
    await orafi('logout', { home })
    await login(keys.test)
    expect(await readOnly()).toBe(true)
    await login(keys.test, '--read-write')
    expect(await readOnly()).toBe(false)
    expect(await orafi(create, { home, url })).toMatchObject({ code: 0 })
  })

  test('and --read-write exclude each other', async () => {
    const { keys, login } = await desk()
    expect(await login(keys.test, '--read-only --read-write')).toMatchObject({ code: 2 })
  })
})

describe('a key that is not stored', () => {
  test.each([
    ['no key at all', 'nonsense-secret', 2],
    ['one that is too short', 'ora_test_secret', 2],
    ['one with white space', ` ora_test_secret${'x'.repeat(30)}`, 2],
    ['several lines', `ora_test_secret${'x'.repeat(30)}\nora_live_secret${'x'.repeat(30)}`, 2],
    ['nothing', '', 2],
    ['a whole file', 'secret'.repeat(5000), 2],
  ])('is %s', async (_, text, code) => {
    const { home, login } = await desk()
    const result = await login(text)
    expect(result.code).toBe(code)
    expect(result.stderr).toContain('nothing was stored')
    expectNoKey(result, 'secret')
    expect(await readdir(home)).toEqual([])
  })

  test.each([
    ['blank lines around it', (key: string) => Buffer.from(`\r\n \n${key}\r\n\n\t\n`)],
    ['a byte order mark', (key: string) => Buffer.from(`\ufeff${key}\n`)],
    ['UTF-16', (key: string) => Buffer.from(`\ufeff${key}\r\n`, 'utf16le')],
    ['UTF-16, big end first', (key: string) => Buffer.from(`\ufeff${key}`, 'utf16le').swap16()],
  ])('is none of those in a file with %s', async (_, file) => {
    const shop = await openShop()
    const result = await orafi('login --with-key', {
      url: shop.url,
      home: await temporaryFolder(),
      stdin: file(shop.test.key ?? ''),
    })
    expect(result.stderr).toContain('Signed in')
    expect(result.code).toBe(0)
  })

  test('is one that the API does not accept', async () => {
    const { home, login } = await desk()
    const result = await login(otherTest)
    expect(result.code).toBe(4)
    expect(result.stderr).toContain('does not accept the test key ora_test_…9999')
    expect(result.stderr).toContain('nothing was stored')
    expectNoKey(result, otherTest)
    expect(await readdir(home)).toEqual([])
  })

  test('is a live key of a business that is not verified', async () => {
    const { home, keys } = await desk()
    const result = await orafi('login --with-key', { home, url: await answering(403), stdin: keys.live })
    expect(result.code).toBe(4)
    expect(result.stderr).toContain('Business not verified')
    expect(result.stderr).toContain('a live key needs a verified business')
    expect(await readdir(home)).toEqual([])
  })

  test('is one that could not be checked, unless --no-verify says so', async () => {
    const { home, keys, config } = await desk()
    const nowhere = { home, url: 'http://127.0.0.1:9', stdin: keys.test }
    const result = await orafi('login --with-key', nowhere)
    expect(result.code).toBe(5)
    expect(result.stderr).toContain('nothing was stored')
    expect(result.stderr).toContain('--no-verify')
    expect(await readdir(home)).toEqual([])
    const unchecked = await orafi('login --with-key --no-verify', nowhere)
    expect(unchecked.code).toBe(0)
    expect(unchecked.stderr).toContain('The key was not checked.')
    expect((await config()).profiles.default.keys.test.verified).toBe(false)
  })

  test('is one that was answered for by something else than Orafi', async () => {
    const { home, keys } = await desk()
    const result = await orafi('login --with-key', { home, url: await answering(404), stdin: keys.test })
    expect(result.code).toBe(1)
    expect(await readdir(home)).toEqual([])
  })

  test('is of another mode than the flag says', async () => {
    const { home, keys, login } = await desk()
    const result = await login(keys.test, '--live')
    expect(result.code).toBe(4)
    expect(result.stderr).toContain('is a test key, but --live was given')
    expect(await readdir(home)).toEqual([])
  })
})

describe('what login refuses before it asks for a key', () => {
  test('the sandbox, by flag and by environment', async () => {
    expect(await orafi('login --sandbox')).toMatchObject({ code: 2 })
    expect(await orafi('login', { env: { ORAFI_SANDBOX: '1' } })).toMatchObject({ code: 2 })
  })

  test('to prompt without a terminal', async () => {
    const result = await orafi('login', { stdin: otherTest })
    expect(result.code).toBe(2)
    expect(result.stderr).toContain('orafi login --with-key < file')
    expect(await orafi('login --no-input', { tty: true })).toMatchObject({ code: 2 })
    expect(await orafi('login', { tty: true, env: { CI: '1' } })).toMatchObject({ code: 2 })
  })

  test('to read a key from a terminal, which would show it', async () => {
    expect(await orafi('login --with-key', { tty: true })).toMatchObject({ code: 2 })
  })

  test.each(['env', 'Big', 'a/b', otherTest])('a profile called %s', async (name) => {
    const result = await orafi(['login', '--with-key', '--profile', name], { stdin: otherTest })
    expect(result.code).toBe(2)
    expectNoKey(result, otherTest)
  })

  test('a base URL that is neither https nor on this machine', async () => {
    const result = await orafi('login --with-key', { url: 'http://api.orafi.app', stdin: otherTest })
    expect(result.code).toBe(2)
  })

  test('a damaged config file, which it leaves alone', async () => {
    const { home, file, keys, url } = await desk()
    await mkdir(join(home, 'config'))
    await writeFile(file, '{"v":1,')
    const result = await orafi('login', { home, url, tty: true, stdin: `${keys.test}\r` })
    expect(result.code).toBe(1)
    expect(result.stderr).toContain(file)
    expect(result.stderr).not.toContain('Orafi API key (')
    expect(await readFile(file, 'utf8')).toBe('{"v":1,')
  })

  test('a write-protected config file', async () => {
    const { home, file, keys, url, login } = await desk()
    await login(keys.test)
    await chmod(file, 0o400)
    const result = await orafi('login', { home, url, tty: true, stdin: `${keys.live}\r` })
    expect(result.code).toBe(1)
    expect(result.stderr).toContain('write-protected')
    expect(result.stderr).not.toContain('Orafi API key (')
  })
})

describe('at the prompt', () => {
  test('Ctrl-C is 130 and Esc is 7; nothing is stored', async () => {
    const { home, url } = await desk()
    expect(await orafi('login', { home, url, tty: true, stdin: '\x03' })).toMatchObject({ code: 130 })
    expect(await orafi('login', { home, url, tty: true, stdin: '\x1b' })).toMatchObject({ code: 7 })
    expect(await readdir(home)).toEqual([])
  })
})
