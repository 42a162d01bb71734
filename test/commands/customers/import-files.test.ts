import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { orafi, temporaryFolder } from '../../support/orafi.ts'
import { openShop } from '../../support/shop.ts'

/** Writes a file and imports it into an empty account. Returns what was printed, and who is in the account then. */
async function imported(contents: string | Uint8Array, flags: readonly string[] = [], name = 'people.csv') {
  const shop = await openShop()
  const file = join(await temporaryFolder(), name)
  await writeFile(file, contents)
  const result = await orafi(['customers', 'import', file, ...flags], shop.test)
  const fields = 'firstname,lastname,email'
  const list = await orafi(`customers list --all --fields ${fields} --json`, {
    url: shop.url,
    key: shop.test.key,
  })
  const people = (JSON.parse(list.stdout).data as Record<string, string>[]).map(
    ({ firstname, lastname, email }) => [firstname, lastname, email].join('|'),
  )
  return { ...result, file, people: people.sort() }
}

const ada = 'Ada|Obi|ada@x.example'

describe('a file as people have it is imported', () => {
  test.each([
    [
      'with a line sep=; as Excel writes it',
      '\ufeffsep=;\r\nfirstname;lastname;email\r\nAda;Obi;ada@x.example\r\n',
    ],
    ['with empty cells too many', 'firstname,lastname,email\nAda,Obi,ada@x.example,,\n'],
    ['with empty headings at the end', 'firstname,lastname,email,,\nAda,Obi,ada@x.example,,\n'],
    ['with rows that end early', 'firstname,lastname,email,note,tags\nAda,Obi,ada@x.example\n'],
    [
      'with notes above the header',
      'Notes:\n"About addresses, with, commas."\n\nFirst Name,Last Name,URL,Email Address\nAda,Obi,https://l.example,ada@x.example\n',
    ],
    [
      'with an odd quote above the header',
      'The "new list\nFirst Name,Last Name,E-Mail\nAda,Obi,ada@x.example\n',
    ],
    ['of vertical bars', 'E-Mail|Vorname|Nachname\nada@x.example|Ada|Obi\n'],
    ['of tabs', 'Given Name\tFamily Name\tE-mail 1 - Value\nAda\tObi\tada@x.example\n'],
    ['with blanks before quotes', '"firstname", "lastname", "email"\n"Ada", "Obi", "ada@x.example"\n'],
    ['with line ends of all kinds', '\n,,\nfirstname,lastname,email\r\rAda,Obi,ada@x.example\r\n,,\n'],
    ['with a line break in its heading', '"First\r\nName",Last name,"E-mail\n"\nAda,Obi,ada@x.example\n'],
    ['with a mailto:', 'first_name,last_name,user_email\nAda,Obi,mailto:ada@x.example\n'],
    ['with names in addresses', 'first_name,last_name,email\nAda,Obi,"Ada Obi <ada@x.example>"\n'],
    ['with invisible characters in the address', 'first,last,email\nAda,Obi,\u202aada@x.example\u202c\n'],
    ['in French', 'Prénom;Nom;Adresse e-mail\nAda;Obi;ada@x.example\n'],
    ['in German', 'Name;Vorname;E-Mail-Adresse\nObi;Ada;ada@x.example\n'],
    ['in Spanish', 'Nombre,Apellidos,Correo electrónico\nAda,Obi,ada@x.example\n'],
    ['in Portuguese', 'Nome;Sobrenome;E-mail\nAda;Obi;ada@x.example\n'],
    ['in Arabic', 'الاسم الأول,اسم العائلة,البريد الإلكتروني\nAda,Obi,ada@x.example\n'],
    ['in Swahili', 'Jina la kwanza,Jina la ukoo,Barua pepe\nAda,Obi,ada@x.example\n'],
    ['with one column for the name', 'Name,Email\nAda Obi,ada@x.example\n'],
    [
      'of orders, whose Name is a number',
      'Name,Email,Total,Billing Name\n#1001,ada@x.example,4.00,Ada Obi\n',
    ],
    [
      'with an E-mail column of consents',
      'First Name,Last Name,Email,Contact Email\nAda,Obi,yes,ada@x.example\n',
    ],
    ['of guests', 'Guest Name,Guest Email,Check-in\nAda Obi,ada@x.example,2026-01-01\n'],
    ['that ends with Ctrl-Z', 'firstname,lastname,email\r\nAda,Obi,ada@x.example\r\n\x1a'],
    [
      'in a JSON document',
      '{"count":1,"results":[{"first_name":"Ada","last_name":"Obi","email":"ada@x.example"}]}',
    ],
    ['in one JSON object', '{\n "name": "Ada Obi",\n "emailAddress": "ada@x.example"\n}\n'],
    ['with the last name first', 'Full Name,Email\n"Obi, Ada",ada@x.example\n'],
    ['with whole lines in quotes', '"firstname,lastname,email,note"\n"Ada,Obi,ada@x.example,""a, b"""\n'],
    ['with whole rows in quotes', 'firstname,lastname,email\n"Ada,Obi,ada@x.example"\n'],
    ['printed by PostgreSQL', ' firstname | lastname | email\n---+---+---\n Ada | Obi | ada@x.example\n'],
    ['in Markdown', '| First name | Last name | Email |\n|---|---|---|\n| Ada | Obi | ada@x.example |\n'],
    [
      'joined of several files',
      'firstname,lastname,email\nAda,Obi,ada@x.example\nfirstname,lastname,email\n',
    ],
    ['with a link to the address', 'Name,E-mail\nAda Obi,[ada@x.example](mailto:ada@x.example)\n'],
    ['of Outlook in French', 'Prénom,Nom,Adresse de messagerie\nAda,Obi,ada@x.example\n'],
    [
      'from an API that wraps its fields',
      '{"results":[{"id":"1","properties":{"firstname":"Ada","lastname":"Obi","email":"ada@x.example"}}]}',
    ],
  ])('%s', async (_what, text) => {
    const { code, stderr, people } = await imported(text)
    expect(stderr).not.toContain('error')
    expect([code, people]).toEqual([0, [ada]])
  })

  const csv = '\ufefffirstname,lastname,email\nAda,Obi,ada@x.example\n'
  test.each([
    ['UTF-16, little end first', Buffer.from(csv, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(csv, 'utf16le').swap16()],
    ['two byte order marks', Buffer.from(`\ufeff${csv}`)],
    ['gzip', gzipSync(csv)],
    ['gzip of UTF-16', gzipSync(Buffer.from(csv, 'utf16le'))],
  ])('in %s', async (_what, bytes) => {
    expect(await imported(bytes)).toMatchObject({ code: 0, people: [ada] })
  })

  test('in Windows-1252, with a note that shows the first special word', async () => {
    const text = Buffer.from(
      'firstname,lastname,email,note\nAda,Obi,ada@x.example,a\nZo\xeb,\x8aimek,z@x.example,it\x92s\n',
      'latin1',
    )
    const { code, stderr, people } = await imported(text)
    expect([code, people]).toEqual([0, [ada, 'Zoë|Šimek|z@x.example']])
    expect(stderr).toContain(
      "is read as Windows-1252; the first word with a special character is 'Zoë' on line 3",
    )
  })

  test('with --encoding, if it is not recognised', async () => {
    const text = Buffer.from('firstname,lastname,email\nZo\x91,Obi,ada@x.example\n', 'latin1')
    expect(await imported(text, ['--encoding', 'macintosh'])).toMatchObject({
      code: 0,
      people: ['Zoë|Obi|ada@x.example'],
    })
    expect(await imported(text, ['--encoding', 'utf-8'])).toMatchObject({ code: 2, people: [] })
    expect((await imported(text, ['--encoding', 'klingon'])).stderr).toContain("unknown encoding 'klingon'")
  })

  test.each([
    ['list --all --json', ''],
    ['list --all --ndjson', ''],
    ['list --all --csv', ''],
    ['list --all --csv --excel-safe', ''],
    ['list --all', ''],
    ['export', '.gz'],
  ])('as orafi %s prints it', async (command) => {
    const shop = await openShop()
    const add = (words: string[]) => orafi(['customers', 'create', ...words], shop.test)
    await add(['--firstname', '=Ada', '--lastname', 'Obi, "A"', '--email', 'ada@x.example'])
    const { stdout } = await orafi(`customers ${command}`, shop.test)
    const { code, stderr, people } = await imported(stdout, [], 'customers')
    expect(stderr).not.toContain('error')
    expect([code, people]).toEqual([0, ['=Ada|Obi, "A"|ada@x.example']])
  })
})

describe('a file that is no list of customers is recognised', () => {
  test.each([
    ['an Excel workbook', 'PK\x03\x04\x14\x00\x06\x00[Content_Types].xml', 'save it as CSV'],
    ['a zip file', 'PK\x03\x04\x14\x00\x00\x00\x08\x00people.csv', 'unpack it'],
    ['a PDF', '%PDF-1.7\n%\xe2\xe3', 'export the list as CSV'],
    [
      'a vCard file',
      'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Obi\r\nEND:VCARD\r\n',
      'export the contacts as CSV',
    ],
    ['an HTML page', '\n<!DOCTYPE html>\n<html><body>Sign in</body></html>', 'sign-in page'],
    ['an XML file', '<?xml version="1.0"?><customers/>', 'export the list as CSV'],
    [
      'a damaged or truncated gzip file',
      gzipSync('firstname,lastname,email\n').subarray(0, 20).toString('latin1'),
      'again',
    ],
  ])('%s', async (what, contents, hint) => {
    const { code, stderr } = await imported(Buffer.from(contents, 'latin1'))
    expect(code).toBe(2)
    expect(stderr).toContain(`is ${what}`)
    expect(stderr).toContain(hint)
  })

  test('wrong bytes in UTF-8 are located by the line', async () => {
    const text = Buffer.concat([
      Buffer.from('firstname,lastname,email\nZoë,Obi,z@x.example\n'),
      Buffer.from('A,B,a@x.example\n'.repeat(5000)),
      Buffer.from('Zo\xeb,Obi,y@x.example\n', 'latin1'),
    ])
    const { code, stderr } = await imported(text)
    expect(code).toBe(2)
    expect(stderr).toContain('line 5003 contains bytes that are not UTF-8')
    expect(stderr).toContain('--encoding windows-1252')
  })
})

describe('columns', () => {
  test('several that fit equally well are listed with a --map for each, which works', async () => {
    const text = 'Work Email,Home Email,First Name,Last Name\nada@x.example,home@x.example,Ada,Obi\n'
    const { code, stderr } = await imported(text)
    expect(code).toBe(2)
    expect(stderr).toContain(
      "more than one column for email: 'Work Email' (column 1), 'Home Email' (column 2)",
    )
    expect(stderr).toContain("choose one: --map 'email=Work Email' or --map 'email=Home Email'")
    expect(await imported(text, ['--map', 'email=Work Email'])).toMatchObject({ code: 0, people: [ada] })
  })

  test('none that fits is answered with those that may be meant, by their values', async () => {
    const text = 'Login,Person,Town\nada@x.example,Ada Obi,Lagos\n'
    const { code, stderr } = await imported(text)
    expect(code).toBe(2)
    expect(stderr).toContain('--map email=Login')
    expect(await imported(text, ['--map', 'email=Login', '--map', 'fullname=Person'])).toMatchObject({
      code: 0,
      people: [ada],
    })
  })

  test('a repeated --map adds up; contradictions are refused', async () => {
    const text = 'Email,Work Email,First Name,Last Name\nhome@x.example,ada@x.example,Ada,Obi\n'
    const maps = (...all: string[]) =>
      imported(
        text,
        all.flatMap((map) => ['--map', map]),
      )
    expect(await maps('email=Work Email', 'firstname=First Name')).toMatchObject({ code: 0, people: [ada] })
    expect((await maps('email=Work Email', 'email=Email')).stderr).toContain(
      "--map names email twice: 'Work Email' and 'Email'",
    )
    expect((await maps('email=Work Email', 'firstname=Work Email')).stderr).toContain(
      "uses the column 'Work Email' for email and for firstname",
    )
    expect((await maps('fullname=First Name', 'lastname=Last Name')).code).toBe(2)
  })

  test('a missing last name is filled by --default, or the row is rejected with that hint', async () => {
    const text = 'Name,Email\nMadonna,m@x.example\nAda Obi,ada@x.example\n'
    const rejected = await imported(text)
    expect([rejected.code, rejected.people]).toEqual([2, []])
    expect(rejected.stderr).toContain(
      "line 2: lastname is missing: 'Madonna' cannot be divided into two names (to fill it: --default lastname=-)",
    )
    expect(await imported(text, ['--default', 'lastname=-'])).toMatchObject({
      code: 0,
      people: [ada, 'Madonna|-|m@x.example'],
    })
    expect((await imported(text, ['--default', 'email=x@x.example'])).code).toBe(2)
    expect(await imported('first,email\nAda,ada@x.example\n', ['--default', 'lastname=Obi'])).toMatchObject({
      code: 0,
      people: [ada],
    })
  })

  test.each([
    ['NULL', 'lastname'],
    ['\\N', 'lastname'],
    ['#N/A', 'firstname'],
    ['undefined', 'email'],
    ["'Obi'", 'lastname'],
  ])('%s is not a value', async (value, field) => {
    const row = { firstname: 'Ada', lastname: 'Obi', email: 'ada@x.example', [field]: value }
    const { code, stderr, people } = await imported(
      `firstname,lastname,email\n${Object.values(row).join(',')}\n`,
    )
    expect([code, people]).toEqual([2, []])
    expect(stderr).toContain(`line 2: ${field} is `)
    expect(stderr).toContain(value)
  })

  test('a full name without an e-mail is reported as a missing e-mail', async () => {
    const { code, stderr } = await imported('Name,Email\nAda Obi,\n')
    expect(code).toBe(2)
    expect(stderr).toContain('line 2: email is empty\n')
  })

  test('a list of e-mails alone says how to fill the names', async () => {
    const { code, stderr } = await imported('Email\nada@x.example\n')
    expect(code).toBe(2)
    expect(stderr).toContain('--default firstname=- --default lastname=-')
  })

  test('the keys of JSON objects are shown as columns are', async () => {
    const { stderr } = await imported('[{"name":"Ada Obi","mail":"ada@x.example"}]', ['--dry-run'])
    expect(stderr).toContain("Columns: fullname from 'name', email from 'mail'")
  })

  test('what a file was understood as is shown before anything is sent', async () => {
    const { stderr } = await imported(
      'Billing First Name;Billing Last Name;Billing Email\nAda;Obi;ada@x.example\n',
      ['--dry-run'],
    )
    expect(stderr).toContain('CSV, delimiter semicolon, header on line 1, UTF-8, 1 row')
    expect(stderr).toContain(
      "Columns: firstname from 'Billing First Name', lastname from 'Billing Last Name', email from 'Billing Email'",
    )
    expect(stderr).toContain("first name 'Ada', last name 'Obi', e-mail ada@x.example")
  })
})

describe('rows with one e-mail', () => {
  const header = 'firstname,lastname,email\n'
  test('of one person are created once, and stop nothing', async () => {
    const text = `${header}Ada,Obi,ada@x.example\nADA,obi,Ada@X.example\nBo,Eze,bo@x.example\n`
    const { code, stdout, stderr, people } = await imported(text, ['--json'])
    expect([code, people]).toEqual([0, [ada, 'Bo|Eze|bo@x.example']])
    expect(JSON.parse(stdout)).toMatchObject({ created: 2, repeated: 1, rejected: 0, notSent: 0 })
    expect(stderr).toContain('line 3: repeats the e-mail of line 2; left out')
  })

  test('are invalid with --strict', async () => {
    const text = `${header}Ada,Obi,ada@x.example\nAda,Obi,ada@x.example\n`
    const { code, stderr, people } = await imported(text, ['--strict'])
    expect([code, people]).toEqual([2, []])
    expect(stderr).toContain('line 3: the e-mail is already on line 2')
  })

  test('of several persons are all rejected', async () => {
    const text = `${header}Ada,Obi,a@x.example\nBo,Eze,a@x.example\nAda,Obi,ada@x.example\n`
    const { code, stdout, people } = await imported(text, ['--skip-invalid', '--json'])
    expect([code, people]).toEqual([6, [ada]])
    expect(JSON.parse(stdout)).toMatchObject({ created: 1, repeated: 0, rejected: 2, notSent: 0 })
  })
})

test('one malformed row is one rejected row', async () => {
  const text = 'firstname,lastname,email\n"Ada"x,Obi,bad@x.example\nRobert "Bob",Obi,bob@x.example\n'
  expect(await imported(text)).toMatchObject({ code: 2, people: [] })
  const { code, people, stderr } = await imported(text, ['--skip-invalid'])
  expect([code, people]).toEqual([6, ['Robert "Bob"|Obi|bob@x.example']])
  expect(stderr).toContain('line 2: has text after the closing quote of cell 1')
})

test.each([
  ['Ada,Obi,ada@x.example\n', "--map 'email=#3,firstname=#1,lastname=#2'", ada],
  ['ada@x.example,Ada Obi\n', "--map 'email=#1,fullname=#2'", ada],
  ['ada@x.example\n', "--map 'email=#1' --default firstname=- --default lastname=-", '-|-|ada@x.example'],
])(
  'a file without a header is imported with the flags that the error shows: %s',
  async (text, flags, person) => {
    const refused = await imported(text)
    expect([refused.code, refused.people]).toEqual([2, []])
    expect(refused.stderr).toContain(flags)
    expect(await imported(text, flags.replaceAll("'", '').split(' '))).toMatchObject({
      code: 0,
      people: [person],
    })
  },
)

test('two columns with one heading are chosen from by their number', async () => {
  const text = 'Name,Email,Email\nAda Obi,shop@x.example,ada@x.example\n'
  const { code, stderr } = await imported(text)
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining("choose one: --map 'email=#2' or --map 'email=#3'"),
  ])
  expect(await imported(text, ['--map', 'email=#3'])).toMatchObject({ code: 0, people: [ada] })
})

test('an e-mail column with an unknown word before it may be the one that is meant', async () => {
  const { code, stderr } = await imported(
    'User Email,Walker Email,First Name,Last Name\nme@x.example,ada@x.example,Ada,Obi\n',
  )
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining("--map 'email=User Email' or --map 'email=Walker Email'"),
  ])
})

test('an e-mail column with only an unknown word before it is not taken', async () => {
  const { code, stderr } = await imported('Manager Email,First Name,Last Name\nme@x.example,Ada,Obi\n')
  expect([code, stderr]).toEqual([2, expect.stringContaining("--map 'email=Manager Email'")])
})

test('a heading that ends in a field is not that field: its delimiter may be unknown', async () => {
  const { code, stderr } = await imported('firstname^lastname^email\nAda^Obi^ada@x.example\n')
  expect([code, stderr]).toEqual([2, expect.stringContaining("--delimiter '^'")])
})

describe('a file in an old encoding', () => {
  test('of Excel for Mac is read as Mac OS Roman', async () => {
    const { code, stderr, people } = await imported(
      Buffer.from('Nom;Pr\x8enom;Courriel\rObi;Zo\x91;ada@x.example\r', 'latin1'),
    )
    expect([code, people]).toEqual([0, ['Zoë|Obi|ada@x.example']])
    expect(stderr).toContain("is read as Mac OS Roman; the first word with a special character is 'Prénom'")
  })

  test('of another alphabet is refused with the encodings that it may have', async () => {
    const text = Buffer.from('Name,Email\n\xe3\xcd\xe3\xcf \xc7\xe1\xda\xe1\xed,m@x.example\n', 'latin1')
    const { code, stderr, people } = await imported(text)
    expect([code, people]).toEqual([2, []])
    expect(stderr).toContain("'محمد' with --encoding windows-1256")
    const forced = await imported(text, ['--encoding', 'windows-1256'])
    expect([forced.code, forced.people]).toEqual([0, ['محمد|العلي|m@x.example']])
  })

  test('UTF-32 is refused', async () => {
    const { stderr } = await imported(Buffer.from('\xff\xfe\0\0N\0\0\0', 'latin1'))
    expect(stderr).toContain('is UTF-32 text, which orafi does not read')
  })
})

test('cells that were damaged before are rejected', async () => {
  const names = ['“Ada”', 'FÃ©lix', 'F\ufffdlix', 'None']
  const rows = names.map((name, index) => `${name},Obi,${index}@x.example\n`).join('')
  const text = `firstname,lastname,email\n${rows}Ada,Obi,a@x.example;b@x.example\n`
  const { stderr, people } = await imported(text, ['--skip-invalid'])
  expect(people).toEqual([])
  expect(stderr).toContain("line 2: firstname is in quotes: '“Ada”'")
  expect(stderr).toContain("line 3: firstname was damaged by a wrong encoding: 'FÃ©lix'")
  expect(stderr).toContain('line 4: firstname was damaged by a wrong encoding')
  expect(stderr).toContain("line 5: firstname is the placeholder 'None'")
  expect(stderr).toContain('line 6: email holds several addresses, of which only one can be used')
})

test('another header between the rows is named', async () => {
  const text =
    'firstname,lastname,email\nAda,Obi,ada@x.example\nlastname,firstname,email\nEze,Bo,bo@x.example\n'
  const { code, stderr } = await imported(text)
  expect([code, stderr]).toEqual([2, expect.stringContaining('line 3: is another header')])
})

test('a JSON object without a field shows its keys', async () => {
  const { stderr } = await imported('{"login":"ada@x.example","name":"Ada Obi"}', [], 'people.json')
  expect(stderr).toContain(
    "has no column for email; its columns are: 'login', 'name' (map the columns: --map email=login)",
  )
})

test('a name of a megabyte of spaces takes no time', async () => {
  const { code } = await imported(`Name,Email\nA${' '.repeat(300_000)}\u00e9 B,ada@x.example\n`)
  expect(code).toBe(2)
})

test('--skip-lines says where the header is', async () => {
  const text = 'List of May\nfirstname,lastname,email\nAda,Obi,ada@x.example\n'
  expect(await imported(text, ['--skip-lines', '1'])).toMatchObject({ code: 0, people: [ada] })
  expect(await imported('[]', ['--skip-lines', '1'], 'people.json')).toMatchObject({ code: 2 })
})

test('the file is not changed', async () => {
  const text = 'sep=;\nfirstname;lastname;email\nAda;Obi;ada@x.example\n'
  const { file } = await imported(text)
  expect(await readFile(file, 'utf8')).toBe(text)
})

test('a direction override inside an address is refused, as it is by create', async () => {
  const { code, stderr, people } = await imported('firstname,lastname,email\nAda,Obi,a\u202eda@x.example\n')
  expect([code, people]).toEqual([2, []])
  expect(stderr).toContain("line 2: email contains control characters: 'a\\u202eda@x.example'")
})

test('wrong bytes are shown as the encoding in the hint reads them, whatever ends the lines', async () => {
  const text = Buffer.concat([
    Buffer.from('firstname,lastname,email\rZoë,Obi,z@x.example\r'),
    Buffer.from('Zo\xeb,Obi,y@x.example\r', 'latin1'),
  ])
  const { code, stderr } = await imported(text)
  expect(code).toBe(2)
  expect(stderr).toContain('line 3 contains bytes that are not UTF-8')
  expect(stderr).toContain("--encoding windows-1252; the first such word would be 'Zoë'")
})
