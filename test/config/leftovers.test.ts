import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { orafi, temporaryFolder } from '../support/orafi.ts'
import { compiledScript } from '../support/script.ts'

const lostKey = `ora_test_${'k'.repeat(30)}9999`
const key = `ora_test_${'t'.repeat(30)}1111`

const script = compiledScript('test/config/killed.ts')
/** A config folder in which a sign-in was killed when its key was on the disk, and its file had no name yet. */
let left = ''

beforeAll(async () => {
  left = await mkdtemp(join(tmpdir(), 'orafi-left-'))
  const killed = promisify(execFile)(process.execPath, [script, left, lostKey])
  await expect(killed).rejects.toMatchObject({ signal: 'SIGKILL' })
  expect(await texts(left)).toContain(lostKey)
})

afterAll(() => rm(left, { recursive: true, force: true }))

async function afterKilledLogin(): Promise<{ home: string; folder: string }> {
  const home = await temporaryFolder()
  const folder = join(home, 'config')
  await cp(left, folder, { recursive: true, preserveTimestamps: true })
  return { home, folder }
}

/** All that stands in the files of a folder. */
async function texts(folder: string): Promise<string> {
  const names = await readdir(folder)
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('')
}

describe('a key that a killed sign-in left in a temporary file', () => {
  test('is removed by logout --all, though nothing is stored', async () => {
    const { home, folder } = await afterKilledLogin()
    const { code, stderr } = await orafi('logout --all', { home })
    expect([code, stderr]).toEqual([0, expect.stringContaining('an interrupted change left behind')])
    expect(await readdir(folder)).toEqual([])
  })

  test('is removed by logout --all, though the config file is damaged', async () => {
    const { home, folder } = await afterKilledLogin()
    await writeFile(join(folder, 'config.json'), '{"v":1,')
    expect(await orafi('logout --all', { home })).toMatchObject({ code: 1 })
    expect(await readdir(folder)).toEqual(['config.json'])
  })

  test('is removed by the next sign-in', async () => {
    const { home, folder } = await afterKilledLogin()
    expect(await orafi('login --with-key --no-verify', { home, stdin: key })).toMatchObject({ code: 0 })
    expect(await readdir(folder)).toEqual(['config.json'])
    expect(await texts(folder)).not.toContain(lostKey)
  })

  test.each(['use test', 'logout'])('is removed by %s', async (line) => {
    const { home, folder } = await afterKilledLogin()
    const config = { v: 1, default: { profile: 'shop', mode: 'test' }, profiles: { shop: shopWith(key) } }
    await writeFile(join(folder, 'config.json'), JSON.stringify(config))
    expect(await orafi(line, { home })).toMatchObject({ code: 0 })
    expect(await texts(folder)).not.toContain(lostKey)
  })
})

const shopWith = (stored: string) => ({
  readOnly: false,
  keys: { test: { key: stored, baseUrl: 'https://api.orafi.app', savedAt: 7, verified: true } },
})

test('what only looks like such a file is left alone', async () => {
  const home = await temporaryFolder()
  const folder = join(home, 'config')
  const others = ['config.json.tmp', 'config.json.tmp-notes', 'config.json.bak', 'xconfig.json.tmp-12345678']
  await mkdir(folder)
  for (const name of others) await writeFile(join(folder, name), 'mine')
  await mkdir(join(folder, 'config.json.tmp-0123456789abcdef'))
  await orafi('login --with-key --no-verify', { home, stdin: key })
  expect(await orafi('logout --all', { home })).toMatchObject({ code: 0 })
  const left = [...others, 'config.json', 'config.json.tmp-0123456789abcdef']
  expect((await readdir(folder)).sort()).toEqual(left.sort())
})
