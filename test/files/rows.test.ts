import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { problemOf } from '../../src/customers/validation.ts'
import { parseMap } from '../../src/files/headings.ts'
import { parseDelimiter } from '../../src/files/records.ts'
import { openRows } from '../../src/files/rows.ts'
import { cuts, endless, flat, open, refusal, rowsOf, streamOf } from './pieces.ts'

const ada = { firstname: 'Ada', lastname: 'Lovelace', email: 'ada@example.com' }
const bo = { firstname: 'Bo', lastname: 'Ek', email: 'bo@example.com' }
const good = (customer: object, line: number, index: number, raw: unknown) => ({
  line,
  index,
  customer,
  problems: [],
  raw,
})

describe('the rows of a file', () => {
  test('a CSV as a spreadsheet writes it', async () => {
    const text =
      '\ufeffFirst Name,last_name,E-Mail,Note\r\n Ada ,Lovelace,ada@example.com,"a\r\nb"\r\n\r\nBo,Ek, bo@example.com,\r\n'
    expect(await rowsOf(text)).toEqual([
      good(ada, 2, 0, ['Ada ', 'Lovelace', 'ada@example.com', 'a\r\nb']),
      good(bo, 5, 1, ['Bo', 'Ek', 'bo@example.com', '']),
    ])
  })

  test('NDJSON, one object a line', async () => {
    const lines = [
      '{"firstname":" Ada ","lastname":"Lovelace","email":"ada@example.com","n":12345678901234567890}',
    ]
    lines.push('', '{"First_Name":"Bo","lastName":"Ek","E-Mail":"bo@example.com"}\r')
    expect(await rowsOf(lines.join('\n'), 'people.NDJSON')).toEqual([
      good(ada, 1, 0, lines[0]),
      good(bo, 3, 1, lines[2]?.slice(0, -1)),
    ])
  })

  test('a JSON array, as it is printed', async () => {
    const text = JSON.stringify([ada, bo], undefined, 2)
    const rows = await rowsOf(text, 'people.json')
    expect(rows.map(({ line, index, customer }) => ({ line, index, customer }))).toEqual([
      { line: 2, index: 0, customer: ada },
      { line: 7, index: 1, customer: bo },
    ])
    expect(JSON.parse(String(rows[0]?.raw))).toEqual(ada)
  })

  test('only a header, an empty array, or no lines at all: no rows', async () => {
    expect(await rowsOf('firstname,lastname,email\n')).toEqual([])
    expect(await rowsOf('[]', 'people.json')).toEqual([])
    expect(await rowsOf('', 'people.jsonl')).toEqual([])
  })
})

describe('the format', () => {
  const csv = 'email,firstname,lastname\na@b.co,A,B\n'
  const object = JSON.stringify(ada)
  test.each([
    ['people.CSV', csv, 'csv'],
    ['people.tsv', csv.replaceAll(',', '\t'), 'csv'],
    ['/a.json/people.JsonL', object, 'ndjson'],
    ['people.ndjson', object, 'ndjson'],
    ['people.Json', `[${object}]`, 'json'],
    ['standard input', `\n  [${object}]`, 'json'],
    ['standard input', `\n${object}\n`, 'ndjson'],
    ['standard input', `\n${csv}`, 'csv'],
    ['people.txt', csv, 'csv'],
  ])('of %s that begins so is found (%#)', async (name, text, format) => {
    const source = await open(text, name)
    expect(source.format).toBe(format)
    expect(await flat(source.rows())).toHaveLength(1)
  })

  test('that is asked for beats the name', async () => {
    expect(await rowsOf(object, 'people.csv', { format: 'ndjson' })).toHaveLength(1)
  })

  test('JSON has no delimiter', async () => {
    expect(await refusal(open(object, 'people.ndjson', { delimiter: ';' }))).toMatch(/^usage: .*--delimiter/)
  })
})

describe('the delimiter', () => {
  test.each([';', '\t', ','])('%j is seen by the header', async (by) => {
    const source = await open(`"Email"${by}Firstname${by}"last name"\na@b.co${by}A${by}B\n`)
    expect(source.delimiter).toBe(by)
    expect((await flat(source.rows()))[0]?.customer).toEqual({
      firstname: 'A',
      lastname: 'B',
      email: 'a@b.co',
    })
  })

  test.each([
    ['|', '|'],
    ['\\t', '\t'],
    ['tab', '\t'],
    ['é', 'é'],
  ])('%j can be given', async (given, by) => {
    const source = await open(`email${by}firstname${by}lastname\na@b.co${by}A${by}B\n`, 'x.csv', {
      delimiter: parseDelimiter(given),
    })
    expect(source.delimiter).toBe(by)
    expect(await flat(source.rows())).toMatchObject([{ problems: [], customer: { email: 'a@b.co' } }])
  })

  test.each(['', ';;', '"', '\n', '😀'])('%j cannot be one', (delimiter) => {
    expect(() => parseDelimiter(delimiter)).toThrow(/^--delimiter takes one character/)
  })
})

describe('--map', () => {
  test('names columns that are called otherwise, in JSON too', async () => {
    const map = parseMap('email=E-Mail, business ; = yes,firstname=Given')
    const csv = 'Given,LASTNAME,"E-Mail, business ; = yes",email\nA,B,a@b.co,other\n'
    const expected = { firstname: 'A', lastname: 'B', email: 'a@b.co' }
    expect(await rowsOf(csv, 'x.csv', { map })).toMatchObject([{ customer: expected, problems: [] }])
    const json = '{"given":"A","Lastname":"B","email":"other","E-Mail, business ; = yes":"a@b.co"}'
    expect(await rowsOf(json, 'x.jsonl', { map })).toMatchObject([{ customer: expected, problems: [] }])
  })

  test('takes the title that is spelled just so before one that is only like it', async () => {
    const map = parseMap('email=E-mail 2')
    const values = { firstname: 'A', lastname: 'B', 'e-mail 2': 'no', 'E-mail 2': 'a@b.co', Email2: 'no' }
    expect(await rowsOf(JSON.stringify(values), 'x.jsonl', { map })).toMatchObject([
      { customer: { email: 'a@b.co' }, problems: [] },
    ])
    const csv = [Object.keys(values).join(','), Object.values(values).join(',')].join('\n')
    expect(await rowsOf(csv, 'x.csv', { map })).toMatchObject([{ customer: { email: 'a@b.co' } }])
  })

  test.each(['', 'mail=x', 'email', 'email=', 'email=a,email=b', '=a'])('%j is refused', (text) => {
    expect(() => parseMap(text)).toThrow(/^--map/)
  })
})

describe('a row that cannot be sent says why', () => {
  const header = 'firstname,lastname,email\n'
  test.each([
    [`${header},B,a@b.co\n`, ['firstname is empty (to fill it: --default firstname=-)']],
    [
      `${header} ,,nobody\n`,
      [
        'firstname is empty (to fill it: --default firstname=-)',
        'lastname is empty (to fill it: --default lastname=-)',
        "email is not an e-mail address: 'nobody'",
      ],
    ],
    [`${header}A\u202e,B,a@b.co\n`, ["firstname contains control characters: 'A\\u202e'"]],
    [`${header}A,B\n`, ['has 2 cells where the header has 3']],
    [`${header}A, jr.,B,a@b.co\n`, ['has 4 cells where the header has 3']],
  ])('%j', async (text, problems) => {
    expect(await rowsOf(text)).toMatchObject([{ line: 2, problems }])
  })

  test.each([
    [
      {},
      [
        'firstname is missing (to fill it: --default firstname=-)',
        'lastname is missing (to fill it: --default lastname=-)',
        'email is missing',
      ],
    ],
    [{ ...ada, email: null }, ['email is missing']],
    [{ ...ada, firstname: 7, lastname: ['x'] }, ['firstname is not a string', 'lastname is not a string']],
    [{ ...ada, 'E-Mail': 'x@y.zz' }, ["has email twice: as 'email' and as 'E-Mail'"]],
    [{ ...ada, email: '\ud800@b.co' }, ["email contains control characters: '\\ud800@b.co'"]],
    [JSON.parse('{"__proto__":{"email":"a@b.co"},"firstname":"A","lastname":"B"}'), ['email is missing']],
  ])('%j', async (object, problems) => {
    expect(await rowsOf(JSON.stringify([object]), 'people.json')).toMatchObject([{ problems }])
  })

  test('briefly, though the cell is long', async () => {
    const [row] = await rowsOf(`${header}A,B,${'😀'.repeat(100_000)}\n`)
    expect(row?.problems[0]).toMatch(/^email is not an e-mail address: '😀+…$/u)
    expect(row?.problems[0]?.length).toBeLessThan(450)
  })

  test('and the rows after it are read', async () => {
    const rows = await rowsOf(`${header}A,B\n,,\nA,B,a@b.co\n`)
    expect(rows.map(({ line, index, problems }) => [line, index, problems.length])).toEqual([
      [2, 0, 1],
      [4, 1, 0],
    ])
  })
})

describe('what cannot be read is refused, naming the place', () => {
  test.each([
    ['x.csv', 'email,firstname,lastname\na@b.co,,B\na@b.co,A,B\n"ab\n', [2, 3]],
    ['x.jsonl', '{"a":1}\n{}\n\n{"a":\n{}\n', [1, 2]],
    ['x.json', '[{"a":1},\n{},\n{"a" 1},{}]', [1, 2]],
    ['x.json', '[{"a":1},\n{}\n{}]', [1, 2]],
  ])('once the rows before it were read: %s (%#)', async (name, text, expected) => {
    const lines: number[] = []
    const reading = async () => {
      for await (const rows of (await open(text, name)).rows()) lines.push(...rows.map((row) => row.line))
    }
    expect(await refusal(reading())).toMatch(/^usage: .*, line \d is not valid (?:CSV|JSON): /)
    expect(lines).toEqual(expected)
  })

  test.each([
    ['', 'people.csv is empty'],
    ['\ufeff \n\n,,\n', 'people.csv is empty'],
    ['ada@example.com,Ada,Lovelace\n', 'people.csv has no header: line 1 contains an e-mail address'],
    [
      'Ada,Lovelace\n',
      "people.csv, line 1 has no column for firstname, lastname, email; its columns are: 'Ada', 'Lovelace'",
    ],
    [
      '\nfirstname,clan,post\n',
      "people.csv, line 2 has no column for lastname, email; its columns are: 'firstname', 'clan', 'post'",
    ],
    [
      'firstname,lastname,email,E-Mail\n',
      "people.csv, line 1 has more than one column for email: 'email' (column 3), 'E-Mail' (column 4)",
    ],
    [
      'firstname,lastname,email\nA,"B,a@b.co\n',
      'people.csv, line 2 is not valid CSV: a quote is opened in cell 2 and not closed',
    ],
    [Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0xff]), 'people.csv is a zip file'],
    [
      Buffer.from('firstname,lastname,email\nA,B,\0\n'),
      'people.csv is not a text file: it has a zero byte on line 2',
    ],
  ])('%j', async (contents, message) => {
    expect(await refusal(rowsOf(contents))).toContain(`usage: ${message}`)
  })

  test.each([
    ['{"a":1}\n{"a":\n', 'people.jsonl', 'line 2 is not valid JSON: expected one JSON object per line'],
    ['{"a":1}\n[]\n', 'people.jsonl', 'line 2 is not a JSON object'],
    ['[\n{"a":1},\nnull]', 'people.json', 'line 3 is not a JSON object'],
    [
      '[\n{"a":1},\n{"a" 1}]',
      'people.json',
      'line 3 is not valid JSON: the value that starts there cannot be parsed',
    ],
    ['hello', 'people.json', 'line 1 is not the start of a JSON array'],
  ])('%j', async (text, name, message) => {
    expect(await refusal(rowsOf(text, name))).toContain(`usage: ${name}, ${message}`)
  })

  test('a title that --map names and that is not there', async () => {
    const map = parseMap('email=Mail\u202e')
    expect(await refusal(rowsOf('firstname,lastname,e\n', 'x.csv', { map }))).toContain(
      "no column for email ('Mail\\u202e')",
    )
  })

  test('a header of ten thousand titles in a few words', async () => {
    const message = await refusal(rowsOf(`${'some title or other,'.repeat(10_000)}\n`))
    expect(message).toContain('(10001 columns)')
    expect(message.length).toBeLessThan(700)
  })
})

test('a file of ten million blank lines is empty', async () => {
  const input = streamOf(() => endless('', '\n', 170).bytes, 'standard input')
  expect(await refusal(openRows(input, { problemOf }))).toBe('usage: standard input is empty')
})

describe('the input is closed', () => {
  function watched(text: string, name = 'people.csv') {
    const open = { readers: 0 }
    async function* read(): AsyncGenerator<Uint8Array> {
      open.readers += 1
      try {
        for (let piece = 0; piece < 100; piece++) yield Buffer.from(text)
      } finally {
        open.readers -= 1
      }
    }
    return { open, input: streamOf(read, name) }
  }

  test('when the rows are left early', async () => {
    for (const last of [0, 5]) {
      const { input, open } = watched('firstname,lastname,email\nA,B,a@b.co\n')
      const source = await openRows(input, { problemOf })
      for await (const rows of source.rows()) if (rows.some((row) => row.index >= last)) break
      expect(open.readers).toBe(0)
    }
  })

  test('when its format has no delimiter', async () => {
    // In pieces as a pipe brings them: the beginning is read up to a mebibyte, where no line ends before.
    const { input, open } = watched('[]'.repeat(32_768), 'standard input')
    const options = { problemOf, delimiter: ';', format: 'json' as const }
    expect(await refusal(openRows(input, options))).toContain('--delimiter')
    expect(open.readers).toBe(0)
  })

  test('when its header is refused', async () => {
    const { input, open } = watched('Ada,Lovelace\n')
    expect(await refusal(openRows(input, { problemOf }))).toContain('has no column')
    expect(open.readers).toBe(0)
  })
})

test('it makes no difference where the bytes are cut', async () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '"', ',', '\n', '\r\n', ' '), minLength: 1 })
  const people = fc.array(
    fc.record({
      firstname: name,
      lastname: name,
      email: fc.emailAddress().filter((email) => !email.startsWith("'")),
    }),
  )
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`
  await fc.assert(
    fc.asyncProperty(people, cuts, async (list, sizes) => {
      const expected = list.map((one) => ({
        ...one,
        firstname: one.firstname.trim().replace(/\s*[\r\n]\s*/g, ' '),
        lastname: one.lastname.trim().replace(/\s*[\r\n]\s*/g, ' '),
      }))
      const csv = list.map((one) => `${quote(one.email)},${quote(one.firstname)},${quote(one.lastname)}\r\n`)
      const texts = {
        'a.csv': `\ufeffEmail,"First Name",lastname\r\n${csv.join('')}`,
        'a.jsonl': list.map((one) => `${JSON.stringify(one)}\r\n`).join(''),
        'a.json': JSON.stringify(list),
      }
      for (const [file, text] of Object.entries(texts)) {
        const rows = await rowsOf(text, file, { sizes })
        expect(rows.map((row) => row.customer)).toEqual(expected)
      }
    }),
    { numRuns: 60 },
  )
})

test('letters stay whole however much is read at a time', async () => {
  const name = 'aé😀'.repeat(20_000)
  const text = `\ufeffemail,firstname,lastname\na@b.co,${name},B\n`
  for (const sizes of [[1_000_000], [65_536], [16_385]])
    expect(await rowsOf(text, 'x.csv', { sizes })).toMatchObject([{ customer: { firstname: name } }])
})

test('text that is handed over all at once is not made rows of all at once', async () => {
  const text = `email,firstname,lastname\n${'a@b.co,A,B\n'.repeat(100_000)}`
  const source = await open(text, 'x.csv', { sizes: [text.length] })
  let longest = 0
  for await (const rows of source.rows()) longest = Math.max(longest, rows.length)
  expect(longest).toBe(500)
})
