import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openRejects, type RejectsOptions, type RowShape } from '../../src/files/rejects.ts'
import type { Row, Shape } from '../../src/files/rows.ts'
import { temporaryFolder } from '../storage/folder.ts'
import { flat, open, refusal } from './pieces.ts'

const owner = { pid: process.pid, host: 'here' }
const input = { isFile: async () => false }

/** Writes all rows of a text as rejects, for the reason given, and hands back the file's contents. */
async function rejected(text: string, name: string, reason = 'why'): Promise<string> {
  const source = await open(text, name)
  const root = temporaryFolder()
  return write(source, await flat(source.rows()), reason, join(root, 'rejects'), root)
}

async function write(shape: Shape, rows: readonly Row[], reason: string, path: string, root: string) {
  const rejects = await openRejects(path, { input, shape, force: true, folder: join(root, 'state'), owner })
  await Promise.all(rows.map((row) => rejects.add(row, reason)))
  expect(await rejects.close()).toBe(path)
  return readFileSync(path, 'utf8')
}

describe('rows that were not imported are written', () => {
  test('as CSV, with the same columns and delimiter, and why', async () => {
    const text = 'E-Mail;note;First Name;lastname\na@b.co;"1;2";A;"B ""x"""\n'
    expect(await rejected(text, 'x.csv', 'no; "never"')).toBe(
      'E-Mail;note;First Name;lastname;error\r\na@b.co;"1;2";A;"B ""x""";"no; ""never"""\r\n',
    )
  })

  test('as NDJSON, every character of the object kept but for the error', async () => {
    const text =
      '{ "email" : "a,}b", "id": 12345678901234567890.10, "error":{"x":[1,"}"]} , "\\u0065rror": 1,"n":{}}'
    expect(await rejected(text, 'x.jsonl', 'why "so"')).toBe(
      '{"email" : "a,}b","id": 12345678901234567890.10,"n":{},"error":"why \\"so\\""}\n',
    )
    expect(await rejected('{}\n{ }\n', 'x.jsonl')).toBe('{"error":"why"}\n{"error":"why"}\n')
  })

  test('as a JSON array', async () => {
    const text = await rejected('[{"a":\n1},{"b":"[,]"}]', 'x.json')
    expect(JSON.parse(text)).toEqual([
      { a: 1, error: 'why' },
      { b: '[,]', error: 'why' },
    ])
  })

  test('with the error of the last time replaced', async () => {
    const text = 'error,email,firstname,lastname\nold,a@b.co,A,B\n'
    expect(await rejected(text, 'x.csv', 'new')).toBe('error,email,firstname,lastname\r\nnew,a@b.co,A,B\r\n')
  })

  test('that have text after a closing quote, so that they are still refused', async () => {
    const text = await rejected('email,firstname,lastname\na@b.co,"A"x,B\n', 'x.csv', 'why')
    const [row] = await flat((await open(text)).rows())
    expect(row?.problems).toEqual(['has 5 cells where the header has 4'])
  })

  test('that do not fit their header, so that they still do not', async () => {
    const header = 'email,firstname,lastname'
    const text = await rejected(`${header}\na@b.co,A\na@b.co,A,B,C\n`, 'x.csv', 'why')
    expect(text).toBe(`${header},error\r\na@b.co,A,,why\r\na@b.co,A,B,why,C\r\n`)
    expect(await rejected(text, 'x.csv', 'again')).toBe(text.replaceAll('why', 'again'))
    const rows = await flat((await open(text)).rows())
    expect(rows.map((row) => row.problems)).toEqual([
      ['lastname is empty (to fill it: --default lastname=-)'],
      ['has 5 cells where the header has 4'],
    ])
  })
})

describe('imported again, rejects are the same rows', () => {
  const value = fc.string({ unit: 'binary' }).map((text) => text.replace(/\p{Cs}|\0/gu, ''))
  const person = fc.record({ firstname: value, lastname: value, email: fc.emailAddress(), note: value })
  const people = fc.array(person, { minLength: 1, maxLength: 6 })
  const told = ({ index, customer, problems }: Row) => ({ index, customer, problems })

  test('from CSV, whatever the cells and the delimiter', async () => {
    const root = temporaryFolder()
    const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`
    await fc.assert(
      fc.asyncProperty(people, fc.constantFrom(',', ';', '\t', '|', 'x'), value, async (list, by, reason) => {
        const cells = list.map((one) => [one.note, one.email, one.firstname, one.lastname])
        const lines = [['\ufeffnote', 'email', 'firstname', 'lastname'], ...cells].map((row) =>
          row.map(quote).join(by),
        )
        const source = await open(lines.join('\n'), 'x.csv', { delimiter: by })
        const rows = await flat(source.rows())
        const text = await write(source, rows, reason, join(root, 'rejects.csv'), root)
        const again = await open(text, 'x.csv', { delimiter: by })
        expect(again.columns).toEqual([...source.columns, 'error'])
        const rowsAgain = await flat(again.rows())
        expect(rowsAgain.map(told)).toEqual(rows.map(told))
        expect(rowsAgain.map((row) => row.raw)).toEqual(rows.map((row) => [...row.raw, reason]))
        expect(await write(again, rowsAgain, reason, join(root, 'rejects.csv'), root)).toBe(text)
      }),
      { numRuns: 30 },
    )
  })

  test.each(['x.json', 'x.jsonl'])('from %s, whatever the objects', async (name) => {
    const root = temporaryFolder()
    const object = fc
      .tuple(person, fc.dictionary(value, fc.jsonValue()))
      .map(([one, more]) => ({ ...more, ...one }))
    await fc.assert(
      fc.asyncProperty(fc.array(object, { minLength: 1, maxLength: 5 }), value, async (list, reason) => {
        const lines = list.map((one) => JSON.stringify(one))
        const source = await open(name === 'x.json' ? `[${lines.join(' ,\n')}]` : lines.join('\n'), name)
        const rows = await flat(source.rows())
        const text = await write(source, rows, reason, join(root, 'rejects'), root)
        const rowsAgain = await flat((await open(text, name)).rows())
        expect(rowsAgain.map(told)).toEqual(rows.map(told))
        const objects = rowsAgain.map((row): unknown => JSON.parse(String(row.raw)))
        expect(objects).toEqual(lines.map((line) => ({ ...JSON.parse(line), error: reason })))
      }),
      { numRuns: 30 },
    )
  })
})

describe('the file', () => {
  const shape: RowShape = { format: 'csv', columns: ['email'], delimiter: ',' }
  const row = { raw: ['a@b.co'] }
  const prepared = (more: Partial<RejectsOptions> = {}) => {
    const root = temporaryFolder()
    const options = { input, shape, force: false, folder: join(root, 'state'), owner, ...more }
    return { root, path: join(root, 'rejects.csv'), options }
  }

  test('is not made when nothing was rejected', async () => {
    const { root, path, options } = prepared()
    const rejects = await openRejects(path, options)
    expect([rejects.size, await rejects.close()]).toEqual([0, undefined])
    expect(readdirSync(root)).toEqual([])
  })

  test('is not there before all of it is, and then readable by its owner alone', async () => {
    const { root, path, options } = prepared()
    const rejects = await openRejects(path, options)
    await rejects.add({ raw: ['x'.repeat(100_000)] }, 'long')
    await rejects.add(row, 'short')
    expect([readdirSync(root), readdirSync(options.folder)]).toEqual([['state'], []])
    expect([await rejects.close(), await rejects.close()]).toEqual([path, path])
    expect(rejects.size).toBe(2)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path, 'utf8')).toBe(`email,error\r\n${'x'.repeat(100_000)},long\r\na@b.co,short\r\n`)
    expect(readdirSync(root)).toEqual(['rejects.csv', 'state'])
  })

  test('holds hundreds of long rows that were added at once, each whole and in its order', async () => {
    const { path, options } = prepared()
    const rejects = await openRejects(path, options)
    const cells = Array.from({ length: 200 }, (_, index) => `${index}`.padStart(70_000, 'x'))
    await Promise.all(cells.map((cell) => rejects.add({ raw: [cell] }, 'why')))
    await rejects.close()
    const expected = `email,error\r\n${cells.map((cell) => `${cell},why\r\n`).join('')}`
    expect(readFileSync(path, 'utf8') === expected).toBe(true)
  })

  test('is overwritten only when told to', async () => {
    const { path, options } = prepared()
    writeFileSync(path, 'mine')
    expect(await refusal(openRejects(path, options))).toBe(
      `usage: cannot write the rejects to ${path}: it already exists`,
    )
    const rejects = await openRejects(path, { ...options, force: true })
    expect(readFileSync(path, 'utf8')).toBe('mine')
    await rejects.add(row, 'why')
    expect(await rejects.close()).toBe(path)
    expect(readFileSync(path, 'utf8')).toBe('email,error\r\na@b.co,why\r\n')
  })

  test('is never the one that is imported', async () => {
    const { path, options } = prepared({ force: true })
    const same = { isFile: async (other: string) => other === path }
    expect(await refusal(openRejects(path, { ...options, input: same }))).toBe(
      `usage: cannot write the rejects to ${path}: it is the input file`,
    )
  })

  test('takes the next free name when one of its name appeared meanwhile', async () => {
    const { root, path, options } = prepared()
    const rejects = await openRejects(path, options)
    await rejects.add(row, 'why')
    writeFileSync(path, 'mine')
    writeFileSync(join(root, 'rejects-2.csv'), 'mine too')
    expect(await rejects.close()).toBe(join(root, 'rejects-3.csv'))
    expect(readFileSync(path, 'utf8')).toBe('mine')
    expect(readFileSync(join(root, 'rejects-3.csv'), 'utf8')).toContain('a@b.co,why')
  })

  test('must have a place, which is checked before anything is sent', async () => {
    const { root, options } = prepared({ force: true })
    mkdirSync(join(root, 'folder'))
    writeFileSync(join(root, 'file'), '')
    const refused = (name: string) => refusal(openRejects(join(root, name), options))
    expect(await refused('folder')).toMatch(/^usage: .*folder: it is not a regular file$/)
    expect(await refused('none/x.csv')).toMatch(
      /^usage: cannot write the rejects to .*: the folder is missing or not writable$/,
    )
    expect(await refused('file/x.csv')).toMatch(
      /^usage: cannot write the rejects to .*: the folder is missing or not writable$/,
    )
    expect(await refusal(openRejects('/dev/null', options))).toMatch(/^usage: .*not a regular file$/)
  })

  test('that the disk refuses at the end is an error, and leaves no partial file', async () => {
    const { root, options } = prepared()
    mkdirSync(join(root, 'out'))
    const rejects = await openRejects(join(root, 'out', 'rejects.csv'), options)
    await rejects.add(row, 'why')
    if (process.getuid?.() === 0) {
      // Nothing is refused to root; a folder in the file's place is refused to everybody.
      mkdirSync(join(root, 'out', 'rejects.csv'))
      expect(await rejects.close()).toBe(join(root, 'out', 'rejects-2.csv'))
      return
    }
    chmodSync(join(root, 'out'), 0o500)
    expect(await refusal(rejects.close())).toMatch(/^local_error: cannot write .*: permission denied$/)
    chmodSync(join(root, 'out'), 0o700)
    expect(readdirSync(join(root, 'out'))).toEqual([])
  })

  test('cannot be written down when the state folder cannot: the row that was added says so, or the end', async () => {
    const { path, options } = prepared({ folder: '/proc/nowhere' })
    const rejects = await openRejects(path, options)
    await rejects.add(row, 'why')
    expect(await refusal(rejects.add({ raw: ['x'.repeat(70_000)] }, 'why'))).toMatch(
      /^local_error: cannot create/,
    )
    expect(await refusal(rejects.close())).toMatch(/^local_error: cannot create/)
  })
})
