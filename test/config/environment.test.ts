import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { baseUrlOf, checkBaseUrl, envSwitch, folders, isBaseUrl } from '../../src/config/environment.ts'
import { checkProfileName, profileVariable } from '../../src/config/profiles.ts'

describe('a switch in the environment', () => {
  test.each(['1', 'true', 'TRUE'])('is on for %j', (value) => {
    expect(envSwitch({ ORAFI_READ_ONLY: value }, 'ORAFI_READ_ONLY')).toBe(true)
  })
  test.each([undefined, '', '0', 'false'])('is off for %j', (value) => {
    expect(envSwitch({ ORAFI_READ_ONLY: value }, 'ORAFI_READ_ONLY')).toBe(false)
  })
  test.each(['yes', ' 1', '2', 'on'])('is a mistake for %j, not off', (value) => {
    expect(() => envSwitch({ ORAFI_READ_ONLY: value }, 'ORAFI_READ_ONLY')).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining('ORAFI_READ_ONLY') }),
    )
  })
})

describe('a base URL', () => {
  test.each([
    ['https://api.orafi.app', 'https://api.orafi.app'],
    ['https://api.orafi.app/', 'https://api.orafi.app'],
    ['HTTPS://API.orafi.app:443//', 'https://api.orafi.app'],
    ['https://proxy.example/orafi/v1/', 'https://proxy.example/orafi/v1'],
    ['http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
    ['http://localhost:4010/', 'http://localhost:4010'],
    ['http://[::1]:4010', 'http://[::1]:4010'],
    ['http://127.1', 'http://127.0.0.1'],
  ])('%s is taken', (text, url) => {
    expect(checkBaseUrl(text)).toBe(url)
    expect(isBaseUrl(url)).toBe(true)
  })

  test.each([
    'http://api.orafi.app',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'http://10.0.0.1',
    'http://[::2]',
    'ftp://127.0.0.1',
    'file:///etc/passwd',
    'https://user:secret@api.orafi.app',
    'https://user@api.orafi.app',
    'https://api.orafi.app/?x=1',
    'https://api.orafi.app/?',
    'https://api.orafi.app/#x',
    'api.orafi.app',
    'https://',
    'nonsense',
  ])('%s is refused before a key goes there', (text) => {
    expect(() => checkBaseUrl(text)).toThrow(expect.objectContaining({ code: 'usage' }))
    expect(isBaseUrl(text)).toBe(false)
  })

  test.each(['user:secret@host', 'https://u:secret@x.example', 'ora_live_secretsecretsecretsecretsecret'])(
    'what may be secret in %s is not repeated',
    (text) => {
      expect(() => checkBaseUrl(text)).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining('secret') }),
      )
    },
  )

  test('is the real one unless ORAFI_BASE_URL says otherwise; empty says nothing', () => {
    expect(baseUrlOf({})).toBe('https://api.orafi.app')
    expect(baseUrlOf({ ORAFI_BASE_URL: '' })).toBe('https://api.orafi.app')
    expect(baseUrlOf({ ORAFI_BASE_URL: 'http://127.0.0.1:1/' })).toBe('http://127.0.0.1:1')
  })
})

describe('the folders', () => {
  test('are those of the environment, as whole paths', async () => {
    expect(await folders({ ORAFI_CONFIG_DIR: '/a/b/', ORAFI_STATE_DIR: 'c' })).toEqual({
      config: '/a/b',
      state: join(process.cwd(), 'c'),
    })
  })

  test("are else the platform's own, called orafi", async () => {
    const found = await folders({ ORAFI_CONFIG_DIR: '' })
    for (const path of Object.values(found)) {
      expect(isAbsolute(path)).toBe(true)
      expect(path).toContain('orafi')
      expect(path).not.toContain('nodejs')
    }
    if (process.platform === 'linux' && process.env.XDG_CONFIG_HOME === undefined) {
      expect(found.config).toBe(join(homedir(), '.config', 'orafi'))
    }
  })
})

describe("a profile's name", () => {
  test.each(['default', 'shop-2', 'a_b', '__proto__', '7'])('may be %s', (name) => {
    expect(checkProfileName(name, '--profile')).toBe(name)
  })
  test.each(['', 'Shop', 'a b', 'a.b', 'ä', '../x', 'env', 'a\nb'])('may not be %j', (name) => {
    expect(() => checkProfileName(name, '--profile')).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining('--profile') }),
    )
  })
  test('may not be a key, which is then not repeated', () => {
    const check = () => checkProfileName('ora_live_abcdefghijklmnopqrstuvwxyz', '--profile')
    expect(check).toThrow('contains a key, not the name of a profile')
    expect(check).not.toThrow('abcdef')
  })
  test('is not set by an empty ORAFI_PROFILE', () => {
    expect(profileVariable({ ORAFI_PROFILE: '' })).toBeUndefined()
    expect(() => profileVariable({ ORAFI_PROFILE: 'No' })).toThrow('ORAFI_PROFILE')
  })
})
