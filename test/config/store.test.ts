import { chmod, chown, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { StoreData } from '../../src/config/profiles.ts'
import { withKey, withoutKeys } from '../../src/config/profiles.ts'
import { changeStore, checkWritable, configFile, readStore, type StoreWorld } from '../../src/config/store.ts'
import { CliError } from '../../src/errors.ts'
import { realSleep } from '../support/clock.ts'
import { temporaryFolder } from '../support/orafi.ts'

const world: StoreWorld = {
  owner: { pid: process.pid, host: 'shop-desk', user: 'ada' },
  now: Date.now,
  sleep: realSleep,
  signal: new AbortController().signal,
}

const stored = (key: string) => ({ key, baseUrl: 'https://api.orafi.app', savedAt: 7, verified: true })
const testKey = `ora_test_${'t'.repeat(30)}1111`
const liveKey = `ora_live_${'l'.repeat(30)}2222`

const add =
  (profile: string, mode: 'test' | 'live', readOnly?: boolean) =>
  (data: StoreData | undefined): StoreData =>
    withKey(data, { profile, mode, readOnly, stored: stored(mode === 'test' ? testKey : liveKey) })

async function fresh(): Promise<string> {
  return join(await temporaryFolder(), 'deep', 'config')
}

async function withFile(contents: string): Promise<string> {
  const folder = await temporaryFolder()
  await writeFile(configFile(folder), contents)
  return folder
}

const modeOf = async (path: string) => (await stat(path)).mode & 0o777

const refusal = (work: Promise<unknown>): Promise<CliError> =>
  work.then(
    () => Promise.reject(new Error('it was done')),
    (error: unknown) => (error instanceof CliError ? error : Promise.reject(error)),
  )

describe('the config file', () => {
  test('is readable only by the user, even if it existed before; an existing folder keeps its mode', async () => {
    const folder = await fresh()
    await changeStore(folder, world, add('shop', 'test'))
    expect(await modeOf(folder)).toBe(0o700)
    expect(await modeOf(configFile(folder))).toBe(0o600)
    await chmod(configFile(folder), 0o644)
    await chmod(folder, 0o755)
    await changeStore(folder, world, add('shop', 'live'))
    expect(await modeOf(folder)).toBe(0o755)
    expect(await modeOf(configFile(folder))).toBe(0o600)
    expect(await readdir(folder)).toEqual(['config.json'])
  })

  test('is read as it was written', async () => {
    const folder = await fresh()
    await changeStore(folder, world, add('shop', 'test', true))
    expect(await readStore(folder)).toEqual({
      v: 1,
      default: { profile: 'shop', mode: 'test' },
      profiles: { shop: { readOnly: true, keys: { test: stored(testKey) } } },
    })
  })

  test('and its folder are not created by reading', async () => {
    const folder = await fresh()
    expect(await readStore(folder)).toBeUndefined()
    await expect(stat(folder)).rejects.toThrow('ENOENT')
  })

  test('counts as missing if a part of its path is a file', async () => {
    expect(await readStore('/dev/null/.config/orafi')).toBeUndefined()
  })

  test('is not written when nothing changes', async () => {
    const folder = await fresh()
    await changeStore(folder, world, add('shop', 'test'))
    const { ino, mtimeMs } = await stat(configFile(folder))
    await changeStore(folder, world, (data) => data)
    expect(await stat(configFile(folder))).toMatchObject({ ino, mtimeMs })
    await rm(configFile(folder))
    await changeStore(folder, world, (data) => data)
    expect(await readdir(folder)).toEqual([])
  })

  test('keeps fields that a later version added', async () => {
    const folder = await fresh()
    await changeStore(folder, world, add('shop', 'test'))
    const file = configFile(folder)
    const data = JSON.parse(await readFile(file, 'utf8'))
    data.colour = 'blue'
    data.profiles.shop.note = 'mine'
    data.profiles.shop.keys.test.by = 'ada'
    await writeFile(file, JSON.stringify(data))
    await changeStore(folder, world, add('shop', 'live'))
    expect(await readStore(folder)).toMatchObject({
      colour: 'blue',
      profiles: { shop: { note: 'mine', keys: { test: { by: 'ada' }, live: { key: liveKey } } } },
    })
  })

  test('stores a profile called __proto__ like any other', async () => {
    const folder = await fresh()
    await changeStore(folder, world, add('__proto__', 'test'))
    await changeStore(folder, world, add('shop', 'live'))
    const data = await readStore(folder)
    expect(Object.keys(data?.profiles ?? {})).toEqual(['__proto__', 'shop'])
    await changeStore(folder, world, (found) => found && withoutKeys(found, ['__proto__'], ['test', 'live']))
    expect(Object.keys((await readStore(folder))?.profiles ?? {})).toEqual(['shop'])
  })
})

test('concurrent sign-ins lose no key', async () => {
  const folder = await fresh()
  const names = Array.from({ length: 8 }, (_, index) => `shop${index}`)
  await Promise.all(names.map((name) => changeStore(folder, world, add(name, 'test'))))
  expect(Object.keys((await readStore(folder))?.profiles ?? {}).sort()).toEqual(names)
  expect(await readdir(folder)).toEqual(['config.json'])
})

describe('an unusable config file is not changed', () => {
  const whole = { v: 1, profiles: { shop: { readOnly: false, keys: { test: stored(testKey) } } } }
  const withTest = (more: object) =>
    JSON.stringify({
      v: 1,
      profiles: { shop: { readOnly: false, keys: { test: { ...stored(testKey), ...more } } } },
    })

  test.each([
    ['', 'not valid JSON'],
    ['{"v":1,"profiles":{"shop":{"keys":{"test":{"key":"ora_test_secret', 'not valid JSON'],
    ['null', 'not what orafi writes'],
    ['"text"', 'not what orafi writes'],
    ['[]', 'not what orafi writes'],
    ['{}', 'not what orafi writes'],
    ['{"v":1}', 'not what orafi writes'],
    ['{"v":2,"profiles":{}}', 'newer version'],
    ['{"v":1,"profiles":[]}', 'not what orafi writes'],
    ['{"v":1,"profiles":{"Big Shop":{"readOnly":false,"keys":{}}}}', 'not what orafi writes'],
    ['{"v":1,"profiles":{"shop":{"keys":{}}}}', 'not what orafi writes'],
    ['{"v":1,"profiles":{"shop":{"readOnly":"no","keys":{}}}}', 'not what orafi writes'],
    [JSON.stringify({ ...whole, default: { profile: 'shop' } }), 'not what orafi writes'],
    [JSON.stringify({ ...whole, default: 'shop' }), 'not what orafi writes'],
    [withTest({ key: liveKey }), 'not what orafi writes'],
    [withTest({ key: 'ora_test_secret' }), 'not what orafi writes'],
    [withTest({ baseUrl: 'http://evil.example' }), 'not what orafi writes'],
    [withTest({ baseUrl: undefined }), 'not what orafi writes'],
    [withTest({ verified: 1 }), 'not what orafi writes'],
    ['x'.repeat(1024 * 1024 + 1), 'too large'],
  ])('%.60s', async (contents, why) => {
    const folder = await withFile(contents)
    for (const work of [readStore(folder), changeStore(folder, world, add('shop', 'live'))]) {
      const error = await refusal(work)
      expect(error.code).toBe('local_error')
      expect(error.message).toContain(configFile(folder))
      expect(error.message).toContain(why)
      expect(error.message).not.toContain('secret')
      expect(error.hint).toContain('orafi login')
    }
    expect(await readFile(configFile(folder), 'utf8')).toBe(contents)
    expect(await readdir(folder)).toEqual(['config.json'])
  })

  test('a valid one is accepted', async () => {
    expect(await readStore(await withFile(JSON.stringify(whole)))).toEqual(whole)
  })

  test('a folder in its place', async () => {
    const folder = await temporaryFolder()
    await mkdir(configFile(folder))
    expect(await refusal(readStore(folder))).toMatchObject({ message: expect.stringContaining('not a file') })
  })

  test('a symbolic link', async () => {
    const folder = await temporaryFolder()
    const target = await withFile(JSON.stringify(whole))
    await symlink(configFile(target), configFile(folder))
    const change = changeStore(folder, world, add('shop', 'live'))
    for (const work of [readStore(folder), checkWritable(configFile(folder)), change]) {
      expect(await refusal(work)).toMatchObject({
        code: 'local_error',
        message: expect.stringContaining(`${configFile(folder)}: it is a symbolic link`),
      })
    }
    expect(await readStore(target)).toEqual(whole)
  })

  test.each([0o620, 0o602, 0o666])('one that others may write to (%o)', async (mode) => {
    const folder = await withFile(JSON.stringify(whole))
    await chmod(configFile(folder), mode)
    for (const work of [readStore(folder), changeStore(folder, world, add('shop', 'live'))]) {
      expect(await refusal(work)).toMatchObject({
        code: 'local_error',
        message: expect.stringContaining(`${configFile(folder)}: other users can write to it`),
        hint: expect.stringContaining(`chmod 600 ${configFile(folder)}`),
      })
    }
  })

  test.runIf(process.getuid?.() === 0)('one that belongs to another user', async () => {
    const folder = await withFile(JSON.stringify(whole))
    await chown(configFile(folder), 4711, 4711)
    for (const work of [readStore(folder), changeStore(folder, world, add('shop', 'live'))]) {
      expect(await refusal(work)).toMatchObject({
        code: 'local_error',
        message: expect.stringContaining(`${configFile(folder)}: it belongs to another user`),
      })
    }
    expect(await readFile(configFile(folder), 'utf8')).toBe(JSON.stringify(whole))
  })

  test('a write-protected one', async () => {
    const folder = await withFile(JSON.stringify(whole))
    await chmod(configFile(folder), 0o400)
    for (const work of [checkWritable(configFile(folder)), changeStore(folder, world, add('shop', 'live'))]) {
      const error = await refusal(work)
      expect(error.message).toContain('write-protected')
      expect(error.hint).toContain('chmod 600')
    }
    expect(await readStore(folder)).toEqual(whole)
  })
})
