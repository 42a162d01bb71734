import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type NamedCustomer, readNamed } from '../../src/files/ids.ts'
import { tsv } from '../../src/output/delimited.ts'
import { createSerialiser } from '../../src/output/printer.ts'
import { visible } from '../../src/visible.ts'
import { endless, inputOf } from './pieces.ts'

const named = (contents: string | Uint8Array, size?: number): Promise<NamedCustomer[]> =>
  readNamed(inputOf(contents, 'ids.txt', size === undefined ? undefined : [size]), async () => undefined)

/** The ids, or the e-mails where there is none. */
const read = async (contents: string | Uint8Array, size?: number): Promise<string[]> =>
  (await named(contents, size)).map(({ id, email }) => id ?? email ?? '')

/** An input that yields these bytes, which have no end or fail. */
const streaming = (read: () => AsyncGenerator<Uint8Array>): Promise<NamedCustomer[]> =>
  readNamed({ ...inputOf('', 'ids.txt'), read }, async () => undefined)

/** What a user would be told. */
async function refusal(contents: string | Uint8Array): Promise<string> {
  try {
    return `read: ${(await read(contents)).join(' ')}`
  } catch (error) {
    return error instanceof Error && 'code' in error
      ? `${String(error.code)}: ${error.message}`
      : String(error)
  }
}

describe('one id a line', () => {
  test('are read in their order', async () => {
    expect(await read('c_1\nc_2\nc_1\nc_3')).toEqual(['c_1', 'c_2', 'c_1', 'c_3'])
  })

  test('a first line id is a header, only there', async () => {
    expect(await read('id\nc_1\n')).toEqual(['c_1'])
    expect(await read('\n\nID\nc_1\n')).toEqual(['c_1'])
  })

  test('blank lines, Windows line ends and a byte order mark do not matter', async () => {
    expect(await read('\ufeffc_1\r\n\r\n  \r\nc_2\r\n\t\r\n')).toEqual(['c_1', 'c_2'])
  })

  test.each([
    ['c_1\nc 2\n', 2],
    ['c_1\nc_2 \n', 2],
    ['c_1\n"c_2"\n', 2],
    ['c_1\n\ufeffc_2\n', 2],
    ['c_1\nc\ufeff_2\n', 2],
    ['c_1\n\nc,2\n', 3],
    ["c_1\n'c_2'\n", 2],
    ['c_1\nc\u00a02\n', 2],
    ['c_1\nc\u200b2\n', 2],
    ['c_1\nc\x1b2\n', 2],
    ['c_1\n..\n', 2],
    ['c_1\n.\n', 2],
    ['.\n', 1],
    [`c_1\n${'x'.repeat(513)}\n`, 2],
  ])('%j is refused, naming line %i', async (text, line) => {
    expect(await refusal(text)).toMatch(new RegExp(`^usage: ids\\.txt, line ${line} `))
  })

  test('any line ends will do', async () => {
    expect(await read('c_1\rc_2\r\nc_3\n')).toEqual(['c_1', 'c_2', 'c_3'])
  })

  test.each([
    ['as TSV shows ESC', 'c_1\\x1b'],
    ['as TSV shows a tab', 'c\\x091'],
    ['as TSV shows NUL', 'c_1\\x00'],
    ['as TSV shows a carriage return', 'c_1\\x0d'],
    ['as TSV shows a bidi override', 'c\\u202e1'],
    ['as TSV shows half a letter', 'c_1\\ud83d'],
    ['as TSV shows a tag', 'c_1\\u{e0041}'],
    ['as JSON shows ESC', 'c_1\\u001B'],
    ['an invisible letter', 'c_1\u3164'],
    ['a joiner without width', 'c_1\u034f'],
    ['what stands for a letter that could not be read', 'c_1\ufffd'],
  ])('%s is refused in every format, naming line and value', async (_what, id) => {
    const told = visible(id)
    expect(await refusal(`c_1\n${id}\n`)).toContain(`usage: ids.txt, line 2 contains a control character`)
    for (const text of [
      `c_1\n${id}\n`,
      `id\r\n${id}\r\n`,
      `"id"\r\n"${id}"\r\n`,
      `name,id\r\nAda,${id}\r\n`,
      `{"id":"c_1"}\n${JSON.stringify({ id })}\n`,
    ]) {
      expect(await refusal(text)).toContain('usage: ids.txt, line 2 ')
      expect(await refusal(text)).toContain(`'${told}'`)
    }
  })

  test('a backslash that escapes nothing is part of the id', async () => {
    expect(await read('c\\1\nc\\xyz\nc\\u12\n')).toEqual(['c\\1', 'c\\xyz', 'c\\u12'])
  })

  test('a long line is quoted by its start', async () => {
    const message = await refusal(`${'c'.repeat(5000)} \n`)
    expect(message).toContain(`'${'c'.repeat(100)}…'`)
    expect(message.length).toBeLessThan(300)
  })

  test('several ids on the first line are refused, not taken for a header', async () => {
    expect(await refusal('c_1,c_2\nc_3\n')).toMatch(/^usage: ids\.txt, line 1 is neither an id nor/)
    expect(await refusal('c_1 c_2\n')).toMatch(/^usage: ids\.txt, line 1 /)
    expect(await refusal('c_1\tAda\n')).toMatch(/^usage: ids\.txt, line 1 /)
  })
})

describe('NDJSON', () => {
  test('takes the id of each object', async () => {
    expect(
      await read('{"id":"c_1","email":"a@b.co"}\r\n\n{"email":"x@y.zz","id":"c_2"}\n{"id":"c_1"}'),
    ).toEqual(['c_1', 'c_2', 'c_1'])
  })

  test.each([
    ['{"id":"c_1"}\n{"id":7}\n', 'line 2 has no `id`'],
    ['{"id":"c_1"}\nc_2\n', 'line 2 is not valid JSON'],
    ['{"id":"c_1"}\n{"email":"x"}\n', "line 2 is neither an id nor an e-mail address: 'x'"],
    ['{"id":"c_1"}\nnull\n', 'line 2 has no `id`'],
    ['{"id":""}\n', 'line 1 has no id'],
    ['{"id":".."}\n', 'line 1 has'],
    ['{"id":"c 1"}\n', 'line 1 contains white space'],
  ])('%j is refused: %s', async (text, message) => {
    expect(await refusal(text)).toContain(`usage: ids.txt, ${message}`)
  })
})

test.each([
  '{\n  "id": "c_1"\n}\n',
  '[{"id":"c_1"}]\n',
  '["c_1"]',
  '{"data":[{"id":"c_1"}],"hasNextPage":false}\n',
  '\ufeff\ufeffid\nc_1\n',
  'sep=;\nname;id\nAda;c_1\n',
  'Removals of May\n\nName,ID\nAda,c_1\n',
  'c_1\tAda\tObi\tada@x.example\ttest\t0\t\t\n',
])('%j names one id', async (text) => {
  expect(await read(text)).toEqual(['c_1'])
})

describe('e-mails', () => {
  test.each([
    'kwame.agyeman@gmail.com\n',
    '"kwame.agyeman@gmail.com"\n',
    'Kwame <kwame.agyeman@gmail.com>\n',
    'E-mail\nkwame.agyeman@gmail.com\n',
    '"Email Address","First Name"\n"mailto:kwame.agyeman@gmail.com",Kwame\n',
    '{"email":"kwame.agyeman@gmail.com"}\n',
  ])('%j names one e-mail', async (text) => {
    expect(await named(text)).toMatchObject([{ id: undefined, email: 'kwame.agyeman@gmail.com' }])
  })

  test('ids and e-mails may be in one list, or in one row', async () => {
    expect(await named('c_1\na@b.co\n')).toEqual([
      { id: 'c_1', email: undefined, line: 1 },
      { id: undefined, email: 'a@b.co', line: 2 },
    ])
    expect(await named('id,email\nc_1,a@b.co\n,c@d.ee\n')).toEqual([
      { id: 'c_1', email: 'a@b.co', line: 2 },
      { id: undefined, email: 'c@d.ee', line: 3 },
    ])
  })

  test('what is neither is refused, naming the line', async () => {
    expect(await refusal('c_1\na@b\n')).toBe(
      "usage: ids.txt, line 2 is neither an id nor an e-mail address: 'a@b'",
    )
  })
})

describe('CSV', () => {
  test('takes the column id, in any position', async () => {
    expect(await read('email,id,name\na@b.co,c_1,Ada\nd@e.ff,c_2,Bo\n')).toEqual(['c_1', 'c_2'])
    expect(await read('\ufeff"Email","ID"\r\n"a@b.co","c_1"\r\n')).toEqual(['c_1'])
  })

  test('of one column may be quoted', async () => {
    expect(await read('"id"\r\n"c_1"\r\n"c_2"\r\n')).toEqual(['c_1', 'c_2'])
    expect(await read('id\n"c_1"\n')).toEqual(['c_1'])
  })

  test('from a spreadsheet that parts cells by semicolons or tabs', async () => {
    expect(await read('id;name\nc_1;"Lovelace; Ada"\n')).toEqual(['c_1'])
    expect(await read('name\tid\nAda, of London\tc_1\n')).toEqual(['c_1'])
  })

  test('may have line breaks, quotes and commas in quoted cells, in the header too', async () => {
    const text = '"first\r\nname",id\r\n"A ""x""\r\n\r\nb, c",c_1\r\n"",c_2\r\n'
    expect(await read(text)).toEqual(['c_1', 'c_2'])
  })

  test('rows without any text are blank lines', async () => {
    expect(await read('id,name\nc_1,A\n,\n\n  \n,  \nc_2,B\n')).toEqual(['c_1', 'c_2'])
  })

  test.each([
    ['post,name\na,b\n', 'line 1 is neither an id nor a header'],
    ['id,id\na,b\n', 'has more than one column'],
    ['id,name\n"a\r\nb",x\r\n', 'line 2 contains white space'],
    ['name,id\r\n"x\r\ny",c_1\r\nz,c 2\r\n', 'line 4 contains white space'],
    ['name,id\r\n"x\r\ny",c_1\r\n"z\nz",c 2\r\n', 'line 4 contains white space'],
    ['name,id\nAda, of London,c_1\n', 'line 2 has 3 cells'],
    ['name,id\nAda\n', 'line 2 has 1 cells'],
    ['name,id\nAda,\n', 'line 2 has no id'],
    ['name,id\n"Ada,c_1\nx,c_2\n', 'is not valid CSV: a quote is opened'],
    ['name,id\n"A"da,c_1\n', 'line 2 has text after the closing quote of cell 1'],
    ['id,name\n"c,1",x\n', 'line 2 contains white space, a comma'],
    ['id\na,b\n', 'line 2 has 2 cells where the header has 1'],
    ['id\nc"1\n', 'line 2 contains white space, a comma, a quote'],
    ['id\n"c_1\n', 'line 2 is not valid CSV: a quote is opened'],
    ['"id"\n"c""1"\n', 'line 2 contains white space, a comma, a quote'],
  ])('%j is refused: %s', async (text, message) => {
    expect(await refusal(text)).toMatch(/^usage: ids\.txt/)
    expect(await refusal(text)).toContain(message)
  })
})

describe('what is no list of ids', () => {
  test.each(['', '\n\n', '\ufeff', 'id\n', 'id,name\n', ',,\n'])('%j holds none', async (text) => {
    expect(await refusal(text)).toMatch(/^usage: ids\.txt(, line 1 is neither| contains no ids)/)
  })

  test('UTF-16, as spreadsheets write it, is read', async () => {
    const text = Buffer.from('\ufeffid\nc_1\n', 'utf16le')
    expect(await read(text)).toEqual(['c_1'])
    expect(await read(text.swap16())).toEqual(['c_1'])
    expect(await refusal(Buffer.from('id\nc_1\n', 'utf16le'))).toMatch(/a zero byte/)
  })

  test.each([
    ['', 1],
    ['c_1\n', 2],
    ['{"id":"c_1"}\n', 2],
  ])('a line that is too long is refused (after %j)', async (before, line) => {
    const input = () => endless(before, 'x', 100).bytes
    await expect(streaming(input)).rejects.toThrow(`ids.txt, line ${line} is longer than`)
  })

  test('a cell that is too long is refused', async () => {
    const input = () => endless('id,name\nc_1,"', 'x\n', 100).bytes
    await expect(streaming(input)).rejects.toThrow('line 2 is longer than')
  })

  test('what the disk says while it is read comes through', async () => {
    async function* torn(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('id,name\nc_1,x\n')
      throw new Error('the cable')
    }
    await expect(streaming(torn)).rejects.toThrow('the cable')
  })
})

test('it makes no difference where the bytes are cut', async () => {
  const id = fc.stringMatching(/^[a-z0-9_]{1,12}$/)
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\r\n', '\n', 'é', '😀', ' ') })
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, id), { minLength: 1 }),
      fc.integer({ min: 1, max: 7 }),
      async (rows, size) => {
        const ids = rows.map(([, one]) => one)
        const csv = `\ufeff"name",id\r\n${rows.map(([name, one]) => `${quote(name)},${one}\r\n`).join('')}`
        expect(await read(csv, size)).toEqual(ids)
        const ndjson = rows.map(([name, one]) => JSON.stringify({ name, id: one })).join('\r\n')
        expect(await read(ndjson, size)).toEqual(ids)
        expect(await read(['id', ...rows.map(([, one]) => one)].join('\r\n'), size)).toEqual(ids)
      },
    ),
    { numRuns: 60 },
  )
})

test('whatever an id holds, it comes back as itself or is refused, in every format that prints ids', async () => {
  const odd = fc.constantFrom(
    '\\',
    'x',
    'u',
    '1',
    'b',
    '{',
    '}',
    '\x1b',
    '\r',
    '\n',
    '\t',
    '\0',
    '\x9b',
    '\ud83d',
  )
  const others = fc.constantFrom(
    '\u202e',
    '\u200d',
    '\ufeff',
    '\u3164',
    ',',
    '"',
    "'",
    ' ',
    '\u00a0',
    'é',
    '😀',
    '=',
  )
  const anyId = fc.string({ unit: fc.oneof(odd, others), minLength: 1, maxLength: 8 })
  const view = { terminal: false, columns: 80, colour: false, fields: ['id'], excelSafe: false }
  await fc.assert(
    fc.asyncProperty(anyId, fc.integer({ min: 1, max: 9 }), async (id, size) => {
      const printed = [
        tsv(view).one({ id }),
        ...(['csv', 'ndjson'] as const).map((format) => {
          const { begin, records, end } = createSerialiser(format)
          return (
            begin() + records([{ id, firstname: 'Ada', lastname: 'Obi', email: 'ada@x.example' }]) + end()
          )
        }),
        ...[false, true].map((excelSafe) => {
          const { begin, records, end } = createSerialiser('csv', { fields: ['id'], excelSafe })
          return begin() + records([{ id }]) + end()
        }),
      ]
      for (const text of printed) {
        const ids = await read(text, size).catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'usage' })
          return [id]
        })
        expect(ids).toEqual([id])
      }
    }),
    { numRuns: 500 },
  )
})
