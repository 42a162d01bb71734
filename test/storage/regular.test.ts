import { constants, lstatSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  beginPart,
  continuePart,
  leftoverOf,
  pack,
  partPaths,
  readPart,
  removePart,
} from '../../src/bulk/export-part.ts'
import { changeStore, checkWritable, readStore } from '../../src/config/store.ts'
import { withRunFile } from '../../src/journal/file.ts'
import { openSandboxStore } from '../../src/sandbox/store.ts'
import { openAppend } from '../../src/storage/append.ts'
import { isLocked, takeLock } from '../../src/storage/lock.ts'
import { openRegular, openRegularSync } from '../../src/storage/regular.ts'
import { replaceFile } from '../../src/storage/replace.ts'
import { realSleep } from '../support/clock.ts'
import { nameOf, type Strange, strange, strangeThings } from '../support/strange.ts'
import { temporaryFolder } from './folder.ts'

const owner = { pid: process.pid, host: 'here', user: 'ada' }
const world = { owner, now: () => 7, sleep: realSleep, signal: new AbortController().signal }
const options = { owner, now: () => 7, what: 'a test' }
const never = new AbortController().signal
const run = '20260301-120000-aaaa'

/** Everything that opens, replaces or removes a file of ours; the strange thing stands at `path`. */
const uses: Record<string, { name: string; use: (path: string) => unknown }> = {
  'opening to read': { name: 'x', use: (path) => openRegular(path) },
  'opening to write': { name: 'x', use: (path) => openRegular(path, constants.O_WRONLY) },
  'opening to make': {
    name: 'x',
    use: (path) => openRegular(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL),
  },
  'opening at once': { name: 'x', use: async (path) => openRegularSync(path) },
  'opening at once to write': { name: 'x', use: async (path) => openRegularSync(path, constants.O_RDWR) },
  'taking a lock': { name: 'lock', use: (path) => takeLock(path, options) },
  'looking at a lock': { name: 'lock', use: (path) => isLocked(path, owner) },
  appending: { name: 'log', use: (path) => openAppend(path) },
  'replacing a file': { name: 'file', use: (path) => replaceFile(path, 'new') },
  'beginning a part': { name: 'x.part', use: (path) => beginPart(pathsOf(path), {}) },
  'beginning the log of a part': { name: 'x.part.log', use: (path) => beginPart(pathsOf(path), {}) },
  'removing a part': { name: 'x.part', use: (path) => removePart(pathsOf(path)) },
  'removing a packed part': { name: 'x.part.gz', use: (path) => removePart(pathsOf(path)) },
  'looking for a part': { name: 'x.part', use: (path) => leftoverOf(pathsOf(path)) },
  'looking for the log of a part': { name: 'x.part.log', use: (path) => leftoverOf(pathsOf(path)) },
  'reading a part': {
    name: 'x.part',
    use: (path) => withLog(path, () => readPart(pathsOf(path))),
  },
  'reading the log of a part': {
    name: 'x.part.log',
    use: (path) => readPart(pathsOf(path)),
  },
  'going on with a part': {
    name: 'x.part',
    use: (path) => withLog(path, () => continuePart(pathsOf(path), { part: 0, log: 3 })),
  },
  'packing it': {
    name: 'x.part.gz',
    use(path) {
      writeFileSync(pathsOf(path).part, 'text')
      return pack(pathsOf(path).part, path, never)
    },
  },
  'packing from it': { name: 'x.part', use: (path) => pack(path, `${path}.gz`, never) },
  'reading a run': { name: `${run}.ndjson`, use: (path) => withRunFile(dirname(path), run, async () => 0) },
  'reading the stored keys': { name: 'config.json', use: (path) => readStore(dirname(path)) },
  'looking whether keys can be stored': { name: 'config.json', use: (path) => checkWritable(path) },
  'storing keys': {
    name: 'config.json',
    use: (path) => changeStore(dirname(path), world, () => ({ v: 1, profiles: {} })),
  },
  'locking the stored keys': {
    name: 'config.json.lock',
    use: (path) => changeStore(dirname(path), world, () => ({ v: 1, profiles: {} })),
  },
  'opening the sandbox': {
    name: 'changes.ndjson',
    use: (path) => openSandboxStore({ ...world, folder: dirname(path) }),
  },
}

const pathsOf = (path: string) => partPaths(join(dirname(path), 'x'))

function withLog(path: string, work: () => unknown): unknown {
  writeFileSync(pathsOf(path).log, '{}\n')
  return work()
}

describe.each(strange)('%s is refused by name, at once, and left where it is', (kind: Strange) => {
  test.each(Object.entries(uses))('%s', async (_, { name, use }) => {
    const folder = temporaryFolder()
    const path = join(folder, name)
    await strangeThings[kind](path)
    const before = lstatSync(path)
    const refused = await Promise.resolve()
      .then(() => use(path))
      .then(
        () => 'it was used',
        (error: unknown) => error,
      )
    expect(refused).toMatchObject({
      code: 'local_error',
      message: expect.stringMatching(
        new RegExp(`${name.replaceAll('.', '\\.')}: it is ${nameOf(kind)}, not a file$`),
      ),
      hint: expect.stringContaining(path),
    })
    const after = lstatSync(path)
    expect([after.ino, after.mode]).toEqual([before.ino, before.mode])
    expect(readdirSync(folder).filter((one) => one.endsWith('.tmp'))).toEqual([])
  })
})

test.runIf(process.platform === 'linux')('what is refused is not left open', async () => {
  const path = temporaryFolder()
  await expect(openRegular(path)).rejects.toMatchObject({ code: 'local_error' })
  expect(() => openRegularSync(path)).toThrow('it is a folder')
  const open = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return ''
    }
  })
  expect(open).not.toContain(path)
})

test('what is made is for its owner alone', async () => {
  const path = join(temporaryFolder(), 'new')
  const file = await openRegular(path, constants.O_RDWR | constants.O_CREAT)
  await file.close()
  expect(lstatSync(path).mode & 0o777).toBe(0o600)
})

test("what is not there, or not allowed, is the system's own error", async () => {
  await expect(openRegular(join(temporaryFolder(), 'none'))).rejects.toMatchObject({ code: 'ENOENT' })
  expect(() => openRegularSync('/dev/null/none')).toThrow('ENOTDIR')
})
