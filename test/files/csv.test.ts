import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvRows } from '../../src/files/csv.ts'
import { cuts, decoded, endless, flat, refusal, texts } from './pieces.ts'

const read = (text: string, delimiter = ',', sizes?: readonly number[], trim = false) =>
  flat(csvRows(texts(text, sizes), 'people.csv', { delimiter, trim }))
const cells = async (...args: Parameters<typeof read>) => (await read(...args)).map((row) => row.cells)

describe('a CSV', () => {
  test('ends its lines as it likes, the last one not at all', async () => {
    expect(await read('a,b\r\nc,d\ne,f\rg,h')).toEqual([
      { cells: ['a', 'b'], line: 1 },
      { cells: ['c', 'd'], line: 2 },
      { cells: ['e', 'f'], line: 3 },
      { cells: ['g', 'h'], line: 4 },
    ])
  })

  test('keeps every character of a quoted cell', async () => {
    expect(await cells('"a,""b""\r\n\rc\n","",d\n')).toEqual([['a,"b"\r\n\rc\n', '', 'd']])
  })

  test('counts the line breaks in quoted cells, each as one line', async () => {
    const rows = await read('"1\r\n2",x\r\n"3\n\n5\r6","7"\nlast,y\n\n,\nafter blanks,z\n')
    expect(rows.map((row) => row.line)).toEqual([1, 3, 7, 10])
  })

  test('knows the line of a row wherever the text is cut', async () => {
    const text = 'a,b\r\n"c\r\nd",e\r\n\r\nf,g\rh,i\r\n'
    for (const size of [1, 2, 3, 100])
      expect((await read(text, ',', [size])).map((row) => row.line)).toEqual([1, 2, 5, 6])
  })

  test('may have empty cells, also at the end of a line and of the text', async () => {
    expect(await cells('a,,\n,b,\n,,c\nd,,')).toEqual([
      ['a', '', ''],
      ['', 'b', ''],
      ['', '', 'c'],
      ['d', '', ''],
    ])
    expect(await cells('a,""')).toEqual([['a', '']])
  })

  test.each([
    ['a\nb,"c\n\n\n', 'line 2 is not valid CSV: a quote is opened in cell 2 and not closed'],
    ['a\n"', 'line 2 is not valid CSV: a quote is opened in cell 1'],
  ])('%j is refused, naming line and cell', async (text, message) => {
    expect(await refusal(read(text))).toContain(`usage: people.csv, ${message}`)
    expect(await refusal(read(text, ',', [1]))).toContain(`usage: people.csv, ${message}`)
  })

  test('a quote inside an unquoted cell is text', async () => {
    expect(await cells('Robert "Bob",O"Hara,6"\n')).toEqual([['Robert "Bob"', 'O"Hara', '6"']])
  })

  test('blanks around a quoted cell are ignored', async () => {
    const trimmed = await read('a,  "b, c" \t,\td\n', ',', undefined, true)
    expect(trimmed).toEqual([{ cells: ['a', 'b, c', 'd'], line: 1 }])
  })

  test.each([
    ['a\n"x"y,z\n"""q"" r",s\n', [undefined, 'has text after the closing quote of cell 1', undefined]],
    ['a\nb,"x, y"z\n', [undefined, 'has text after the closing quote of cell 2']],
    // The quote of line 2 is closed by the one of line 3.
    ['a\nb,"x\nc,"y\nd,e\n', [undefined, 'has text after the closing quote of cell 2', undefined]],
  ])('a row with text after a closing quote is one row with a problem: %j', async (text, problems) => {
    for (const sizes of [[1], [1000]])
      expect((await read(text, ',', sizes)).map((row) => row.problem)).toEqual(problems)
  })

  test('with a row that is too long is refused, in whatever pieces it comes', async () => {
    const text = `a,b\nc,${'x'.repeat(1024 * 1024)}\nd,e\n`
    for (const size of [65536, text.length])
      expect(await refusal(read(text, ',', [size]))).toContain('line 2 is longer')
  })

  test('with a row that is as long as a row may be is read, one sign more is refused', async () => {
    async function* whole(text: string) {
      yield text
    }
    const long = (length: number): string => `a,b\nc,${'x'.repeat(length - 2)}\nd,e\n`
    const rows = (length: number) => flat(csvRows(whole(long(length)), 'people.csv', { delimiter: ',' }))
    expect((await rows(1024 * 1024)).map((row) => row.cells.join(',').length)).toEqual([3, 1024 * 1024, 3])
    expect(await refusal(rows(1024 * 1024 + 1))).toContain('line 2 is longer')
  })

  test('hands on the rows before the one that is refused, wherever the text is cut', async () => {
    const text = `${'a,b\n'.repeat(1200)}"xy\n`
    for (const size of [1, 1000, text.length]) {
      const rows: number[] = []
      const reading = async () => {
        for await (const block of csvRows(texts(text, [size]), 'people.csv', { delimiter: ',' }))
          for (const row of block) rows.push(row.line)
      }
      expect(await refusal(reading())).toContain('line 1201 is not valid CSV')
      expect(rows).toEqual(Array.from({ length: 1200 }, (_, index) => index + 1))
    }
  })

  test.each([
    ['a line', 'a,b\n', 'x'],
    ['a quoted cell', 'a,b\n"', 'x\n'],
    ['a row of nothing but commas', 'a,b\n', ','],
    ['a cell of nothing but quotes', 'a,b\n"', '""'],
  ])('%s without an end is not read into memory', async (_, before, filler) => {
    const { bytes, taken } = endless(before, filler)
    const rows = flat(csvRows(decoded(bytes), 'people.csv', { delimiter: ',' }))
    expect(await refusal(rows)).toMatch(/^usage: people\.csv, line 2 .* longer than 1048576 characters$/)
    expect(taken()).toBeLessThan(40)
  })
})

const delimiter = fc.constantFrom(',', ';', '\t', '|', ' ', 'a', 'é')
const cell = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => text.replace(/\p{Cs}|\0|\ufeff/gu, '')),
  fc.string({ unit: fc.constantFrom('"', ',', ';', '\r', '\n', '\t', 'a', 'é', '😀', ' ') }),
)
const table = fc
  .array(fc.array(cell, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 })
  // Rows without any text are blank lines.
  .map((rows) => rows.filter((row) => row.some((one) => one.trim() !== '')))
const end = fc.constantFrom('\n', '\r\n', '\r')

test('what is written comes back, whatever the cells, the delimiter and the pieces it arrives in', async () => {
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`
  await fc.assert(
    fc.asyncProperty(table, delimiter, end, cuts, fc.boolean(), async (rows, by, ends, sizes, all) => {
      const written = (text: string): string =>
        all || /["\r\n]/.test(text) || text.includes(by) ? quote(text) : text
      const text = rows.map((row) => row.map(written).join(by) + ends).join('')
      expect(await cells(`\ufeff${text}`, by, sizes)).toEqual(rows)
    }),
    { numRuns: 300 },
  )
})

test('whatever the text is, csv-parse reads the same from it, or refuses it too', async () => {
  const signs = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r\n', 'a', ' '), maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(signs, cuts, async (text, sizes) => {
      let expected: string[][] | undefined
      try {
        const options = {
          relax_column_count: true,
          relax_quotes: true,
          skip_empty_lines: true,
          record_delimiter: ['\r\n', '\n'],
        }
        expected = (parse(text, options) as string[][]).filter((row) => row.some((one) => one.trim() !== ''))
      } catch {
        expected = undefined
      }
      const found = await cells(text, ',', sizes).catch(() => undefined)
      expect(found).toEqual(expected)
    }),
    { numRuns: 500 },
  )
})

test('whatever the text is, it makes no difference whether it is read whole or letter by letter', async () => {
  const signs = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', ' ', 'é'), maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(signs, delimiter, async (text, by) => {
      const told = async (sizes: readonly number[]): Promise<unknown> =>
        read(text, by, sizes).catch((error: unknown) => String(error))
      expect(await told([1000])).toEqual(await told([1]))
    }),
    { numRuns: 800 },
  )
})
