import { appendFile, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import {
  beginPart,
  continuePart,
  type LoggedPage,
  leftoverOf,
  type PartPaths,
  pack,
  partPaths,
  place,
  readPart,
} from '../../src/bulk/export-part.ts'
import { temporaryFolder } from '../support/orafi.ts'

async function paths(): Promise<PartPaths> {
  return partPaths(join(await temporaryFolder(), 'data.txt'))
}

const settings = { format: 'csv' }
const header = '{"v":1,"type":"export","settings":{}}\n'

function page(number: number): LoggedPage {
  return { cursor: `p${number}`, written: number, repeated: 0, ids: [`c_${number}`] }
}

/** A part of two pages, left as a crash leaves it. */
async function twoPages(): Promise<PartPaths> {
  const where = await paths()
  const part = await beginPart(where, settings)
  await part.add('first;', page(1))
  await part.add('zweitē;', page(2))
  await part.leave()
  return where
}

describe('a part', () => {
  test('stores the state of each page, and continues after the last one', async () => {
    const where = await twoPages()
    const { whole, ...written } = await readPart(where)
    expect(written).toEqual({ settings, pages: 2, last: page(2), seen: new Set(['c_1', 'c_2']) })
    const part = await continuePart(where, whole)
    await part.add('third', page(3))
    await part.finish()
    expect(await readFile(where.part, 'utf8')).toBe('first;zweitē;third')
    expect(await readPart(where)).toMatchObject({ settings, pages: 3, last: page(3) })
  })

  test('is for nobody else to read, and neither is its log, whatever the umask', async () => {
    const before = process.umask(0)
    try {
      const where = await twoPages()
      for (const path of [where.part, where.log]) expect((await stat(path)).mode & 0o777).toBe(0o600)
    } finally {
      process.umask(before)
    }
  })

  test.each([
    ['a torn line', '{"size":16,"cr'],
    ['a page that is not in the part', `{"size":99,"crc":0,"page":${JSON.stringify(page(3))}}\n`],
    ['a page that ends before the last one', `{"size":3,"crc":0,"page":${JSON.stringify(page(3))}}\n`],
    ['a page without end', `{"size":9007199254740993,"crc":0,"page":${JSON.stringify(page(3))}}\n`],
    ['what is no page', 'null\n'],
    ['what is no JSON', 'abc\n'],
  ])('%s in the log counts for nothing, nor does what comes after it', async (_what, line) => {
    const where = await twoPages()
    const whole = await stat(where.log)
    await appendFile(where.log, line)
    await appendFile(where.part, 'half a pa')
    const found = await readPart(where)
    expect(found.whole).toEqual({ part: 'first;zweitē;'.length + 1, log: whole.size })
    await (await continuePart(where, found.whole)).finish()
    expect(await readFile(where.part, 'utf8')).toBe('first;zweitē;')
    expect((await stat(where.log)).size).toBe(whole.size)
  })

  test('with changed bytes is valid up to the page before', async () => {
    const where = await twoPages()
    await writeFile(where.part, 'first;zweitE!;')
    expect((await readPart(where)).whole.part).toBe('first;'.length)
    await writeFile(where.part, 'f1rst;zweitē;')
    expect((await readPart(where)).whole.part).toBe(0)
  })

  test('that is not there any more is whole up to nothing', async () => {
    const where = await paths()
    await writeFile(where.log, `${header}{"size":6,"crc":0,"page":${JSON.stringify(page(1))}}\n`)
    expect((await readPart(where)).whole).toEqual({ part: 0, log: header.length })
  })

  test('is distinguished from a missing file and from a foreign one', async () => {
    expect(await leftoverOf(await twoPages())).toBe('part')
    const where = await paths()
    expect(await leftoverOf(where)).toBe('nothing')
    await writeFile(where.part, '')
    expect(await leftoverOf(where)).toBe('nothing')
    await writeFile(where.part, 'theirs')
    expect(await leftoverOf(where)).toBe('foreign')
  })

  test('is never written through a link that somebody put there', async () => {
    const where = await twoPages()
    const victim = `${where.part}.victim`
    await writeFile(victim, 'mine')
    const linked = partPaths(join(await temporaryFolder(), 'data.txt'))
    await symlink(victim, linked.part)
    await writeFile(linked.log, header)
    await expect(continuePart(linked, { part: 0, log: header.length })).rejects.toMatchObject({
      code: 'local_error',
    })
    expect(await readFile(victim, 'utf8')).toBe('mine')
  })
})

describe('a finished part', () => {
  test('takes its name, unless something has it', async () => {
    const folder = await temporaryFolder()
    const [from, target] = [join(folder, 'from'), join(folder, 'target')]
    await writeFile(from, 'new')
    await writeFile(target, 'old')
    expect(await place(from, target, false)).toBe(false)
    expect(await readFile(target, 'utf8')).toBe('old')
    expect(await place(from, target, true)).toBe(true)
    expect(await readFile(target, 'utf8')).toBe('new')
    expect(await readdir(folder)).toEqual(['target'])
    expect(await place(target, from, false)).toBe(true)
    expect(await readdir(folder)).toEqual(['from'])
  })

  test('is compressed whole, for nobody else to read', async () => {
    const folder = await temporaryFolder()
    const [from, to] = [join(folder, 'from'), join(folder, 'to.gz')]
    const text = 'abc,def\r\n'.repeat(100_000)
    await writeFile(from, text)
    await writeFile(to, 'left by a crash', { mode: 0o644 })
    await pack(from, to, new AbortController().signal)
    expect(gunzipSync(await readFile(to)).toString()).toBe(text)
    expect((await stat(to)).mode & 0o777).toBe(0o600)
  })

  test('that is left while it is compressed leaves no half of it', async () => {
    const folder = await temporaryFolder()
    const [from, to] = [join(folder, 'from'), join(folder, 'to.gz')]
    await writeFile(from, 'abc')
    const reason = new Error('interrupted')
    await expect(pack(from, to, AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(await readdir(folder)).toEqual(['from'])
  })
})
