import { describe, expect, test } from 'vitest'
import { startApi } from '../../support/api.ts'
import { orafi } from '../../support/orafi.ts'

/** Customers as they come from checkouts and migrations: first name, last name, e-mail. */
const people = [
  ['Cheikh', 'N’Diaye', 'u0@x.example'],
  ['Conor', "O'Hara", 'u1@x.example'],
  ['Kɔbina', 'Ɔpoku', 'u2@x.example'],
  ['Ɓala', 'Ɗangana', 'u3@x.example'],
  ['Łukasz', 'Żółkiewski', 'u4@x.example'],
  ['Søren', 'Kjær', 'u5@x.example'],
  ['Omar', 'Al-Sayed', 'u6@x.example'],
  ['Ada Mary', 'Obi', 'u7@x.example'],
  ['أحمد', 'فاطمة', 'u8@x.example'],
  ['محمد', 'عبد الله', 'u9@x.example'],
  ['Ọláolú', 'Adébáyọ̀', 'laolu.bayo@mail.example'],
  ['Ngũgĩ', "wa Thiong'o", 'ngugi@mail.example'],
  ['Wanjirũ', 'Ng’ang’a', 'wanjiru.n@mail.example'],
  ['Kofi', 'Agbeƒo', 'kofi_a@mail.example'],
  ['Afi', 'Ɖotse', 'afi@mail.example'],
  ['Esi', 'Ŋutsu-Ʋu', 'esi@mail.example'],
  ['Yaw', 'Aɣɔƒle', 'yaw@mail.example'],
  ['Jean-Baptiste', 'M’Baye', 'jb.mbaye@mail.example'],
  ['Mary Jane', 'Van der Merwe', 'mj@mail.example'],
  ['Alsayed', 'Hossam', 'hossam@mail.example'],
  ['إسراء', 'الشيخ', 'esraa@mail.example'],
  ['عبدالرحمن', 'مصطفى', 'rahman@mail.example'],
  ['مؤمن', 'رائد', 'momen@mail.example'],
  ['محـــمود', 'علاء', 'mahmoud@mail.example'],
  ['کریم', 'علی', 'karim@mail.example'],
  ['فاروق', 'ہاشمی', 'hashmi@mail.example'],
  ['ኃይሌ', 'ገብረሥላሴ', 'haile@mail.example'],
  ['ዓለም', 'ፀሐይ', 'alem@mail.example'],
  ['ज़ाकिर', 'ख़ान', 'zakir@mail.example'],
  ['राम', 'सिंह', 'ram@mail.example'],
  ['Nguyễn', 'Đức Ưng', 'duc@mail.example'],
  ['İpek', 'Işık', 'ipek@mail.example'],
  ['Çağrı', 'Yıldız', 'cagri@mail.example'],
  ['Jörg', 'Müller-Lüdenscheidt', 'jml@mail.example'],
  ['Heike', 'Groß', 'hg@mail.example'],
  ['Karl', 'Joerges', 'kj@mail.example'],
  ['João', 'Gonçalves de Araújo', 'joao@mail.example'],
  ['Þóra', 'Guðmundsdóttir', 'thora@mail.example'],
  ['Åsa', 'Bjørnson', 'asa@mail.example'],
  ['Đorđe', 'Đoković', 'dj@mail.example'],
  ['Œuvrard', 'Zoë', 'zo@mail.example'],
  ['Ｋｅｎ', 'Ｓａｔｏ', 'ken@mail.example'],
  ['Keoni', 'Kaʻiulani', 'keoni@mail.example'],
  ['Rubén', 'Darío', 'R.Dario+news@Bücher.example'],
] as const

const records = people.map(([firstname, lastname, email], index) => ({
  id: `c_${index}`,
  firstname,
  lastname,
  email,
  mode: ['test'],
  totalSpent: 0,
}))

describe('customers find', () => {
  /** What is typed, and the e-mail of the one customer who is meant. */
  test.each([
    ["n'diaye", 'u0'],
    ['o’hara', 'u1'],
    ['opoku', 'u2'],
    ['dangana', 'u3'],
    ['lukasz', 'u4'],
    ['al sayed omar', 'u6'],
    ['فاطمه', 'u8'],
    ['عبدالله', 'u9'],
    ['ada obi', 'u7'],
    ['ndiaye', 'u0'],
    ['n diaye', 'u0'],
    ['n´diaye cheikh', 'u0'],
    ['n`diaye', 'u0'],
    ['nʼdiaye', 'u0'],
    ['N′Diaye', 'u0'],
    ['n＇diaye', 'u0'],
    ['o hara', 'u1'],
    ['ohara conor', 'u1'],
    ['kobina', 'u2'],
    ['kɔbina opoku', 'u2'],
    ['bala', 'u3'],
    ['zolkiewski lukasz', 'u4'],
    ['zolkiew', 'u4'],
    ['kjaer', 'u5'],
    ['soren', 'u5'],
    ['alsayed omar', 'u6'],
    ['obi mary ada', 'u7'],
    ['Obi, Ada', 'u7'],
    ['adamary', 'u7'],
    ['احمد', 'u8'],
    ['عبد الله محمد', 'u9'],
    ['olaolu adebayo', 'laolu.bayo'],
    ['adebayọ', 'laolu.bayo'],
    ['bayo@mail', 'laolu.bayo'],
    ['ngugi', 'ngugi'],
    ['thiongo', 'ngugi'],
    ['thiong’o ngugi', 'ngugi'],
    ['nganga', 'wanjiru.n'],
    ["ng'ang'a wanjiru", 'wanjiru.n'],
    ['agbefo', 'kofi_a'],
    ['dotse', 'afi'],
    ['nutsu vu', 'esi'],
    ['agofle', 'yaw'],
    ['mbaye jean baptiste', 'jb.mbaye'],
    ['jeanbaptiste', 'jb.mbaye'],
    ['baptiste jean', 'jb.mbaye'],
    ['m baye', 'jb.mbaye'],
    ['maryjane', 'mj'],
    ['vandermerwe', 'mj'],
    ['merwe jane mary', 'mj'],
    ['al-sayed hossam', 'hossam'],
    ['al sayed hossam', 'hossam'],
    ['اسراء', 'esraa'],
    ['الشيخ اسراء', 'esraa'],
    ['عبد الرحمن', 'rahman'],
    ['مصطفي', 'rahman'],
    ['مومن', 'momen'],
    ['رايد', 'momen'],
    ['محمود', 'mahmoud'],
    ['كريم', 'karim'],
    ['علي كريم', 'karim'],
    ['هاشمي', 'hashmi'],
    ['ሀይሌ', 'haile'],
    ['ገብረስላሴ', 'haile'],
    ['አለም ጸሀይ', 'alem'],
    ['जाकिर खान', 'zakir'],
    ['राम सिंह', 'ram'],
    ['duc ung', 'duc'],
    ['nguyen duc', 'duc'],
    ['ipek isik', 'ipek'],
    ['IPEK', 'ipek'],
    ['isik', 'ipek'],
    ['cagri yildiz', 'cagri'],
    ['CAGRI YILDIZ', 'cagri'],
    ['muller ludenscheidt', 'jml'],
    ['MÜLLER', 'jml'],
    ['gross heike', 'hg'],
    ['goncalves', 'joao'],
    ['araujo joao', 'joao'],
    ['thora gudmundsdottir', 'thora'],
    ['asa bjornson', 'asa'],
    ['dokovic', 'dj'],
    ['oeuvrard zoe', 'zo'],
    ['ken sato', 'ken'],
    ['kaiulani', 'keoni'],
    ["ka'iulani", 'keoni'],
    ['r.dario', 'R.Dario+news'],
    ['dario+news', 'R.Dario+news'],
    ['bücher.example', 'R.Dario+news'],
    ['xn--bcher-kva', 'R.Dario+news'],
    ['dario xn--bcher', 'R.Dario+news'],
    ['wanjiru mail.example', 'wanjiru.n'],
    ['kofi.a', 'kofi_a'],
    ['<zakir@mail.example>', 'zakir'],
    ['mailto:zakir@mail.example', 'zakir'],
    ['zakir\u200b@mail.example', 'zakir'],
    // Spelled out, or the other way round: nobody has the plain form.
    ['mueller', 'jml'],
    ['joerg mueller', 'jml'],
    ['Luedenscheidt', 'jml'],
    ['Jörges', 'kj'],
    ['bjoernson', 'asa'],
    ['aasa', 'asa'],
    ['djokovic', 'dj'],
    ['علا', 'mahmoud'],
    ['اسرا', 'esraa'],
  ])('%j finds one', async (typed, local) => {
    const api = await startApi(records)
    const { stdout, stderr } = await orafi(
      ['customers', 'find', ...typed.split(' '), '--fields', 'email'],
      api.test,
    )
    expect(stderr + stdout).not.toContain('error')
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^${local.replace('+', '\\+')}@`)),
    ])
  })
})

describe('customers find, when nobody matches,', () => {
  const shop = [
    ['Kwame', 'Agyeman', 'kwame.agyeman@gmail.com'],
    ['Kwame', 'Agyemang', 'kwame.agyemang@yahoo.com'],
    ['Melvin', 'Charles', 'mekus@orafi.app'],
    ['Ngozi', 'Okafor', 'ngozi@gmial.com'],
    ['Ngozi', 'Okafor', 'ngozo@gmail.com'],
    ['Nguyễn', 'Thị Hương', 'huong.nguyen@mail.example'],
    ['', '', 'chukwuemeka.eze@mail.example'],
  ].map(([firstname, lastname, email], index) => ({
    ...records[0],
    id: `c_${index}`,
    firstname,
    lastname,
    email,
  }))

  test.each([
    ['kwame.agyeman@gmial.com', 'kwame.agyeman@gmail.com'],
    ['kwame.agyeman@gmail.con', 'kwame.agyeman@gmail.com'],
    ['kwame.agyemann@gmail.com', 'kwame.agyeman@gmail.com'],
    ['kwameagyeman@gmail.com', 'kwame.agyeman@gmail.com'],
    ['kwame.agyeman@outlook.com', 'kwame.agyeman@gmail.com'],
    // A mistyped domain comes before a mistyped name, whoever mistyped it.
    ['ngozi@gmail.com', 'ngozi@gmial.com, ngozo@gmail.com'],
    ['mekus@orafy.app', 'mekus@orafi.app'],
    ['melvn charles', 'mekus@orafi.app (Melvin Charles)'],
    ['chralse melvin', 'mekus@orafi.app (Melvin Charles)'],
    ['karles', 'mekus@orafi.app (Melvin Charles)'],
    ['melvincharlse', 'mekus@orafi.app (Melvin Charles)'],
    ['melvin john charles', 'mekus@orafi.app (Melvin Charles)'],
    ['huonh', 'huong.nguyen@mail.example (Nguyễn Thị Hương)'],
    ['chukwuemka eze', 'chukwuemeka.eze@mail.example'],
    ['kwami agyeman', 'kwame.agyeman@gmail.com (Kwame Agyeman), kwame.agyemang@yahoo.com (Kwame Agyemang)'],
  ])('%j is answered with the nearest', async (typed, nearest) => {
    const api = await startApi(shop)
    const { code, stdout, stderr } = await orafi(['customers', 'find', ...typed.split(' ')], api.test)
    expect({ code, stdout, stderr }).toEqual({
      code: 3,
      stdout: '',
      stderr: `error: no customer matches '${typed}'\nhint: nearest: ${nearest}\n`,
    })
  })

  test.each(['%', '\\', '$'])('nobody is near to %j, a sign that nobody has', async (typed) => {
    const api = await startApi([{ id: 'c_1', firstname: 'Ada', lastname: 'Obi', email: 'ada@x.example' }])
    const { code, stderr } = await orafi(['customers', 'find', typed], api.test)
    expect(code).toBe(3)
    expect(stderr).not.toContain('nearest')
  })

  test.each(['xyz', 'adaeze', 'al', '@', 'me@x.example'])('%j is near to nobody', async (typed) => {
    const api = await startApi(shop.slice(0, 3).filter(({ firstname }) => firstname !== 'Kwame'))
    const { code, stderr } = await orafi(['customers', 'find', typed, '--by', 'name'], api.test)
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: `error: no customer matches '${typed}'\nhint: try --by any\n`,
    })
  })

  test('the error in JSON has it as its hint, and stdout is an empty document', async () => {
    const api = await startApi(shop)
    const { code, stdout, stderr } = await orafi('customers find ngozi@gmail.co --by email --json', api.test)
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toEqual({ data: [], hasNextPage: false, nextCursor: null })
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'not_found',
        message: "no customer matches 'ngozi@gmail.co'",
        hint: 'nearest: ngozi@gmial.com, ngozo@gmail.com',
      },
    })
  })

  test('at most three are named, of those whom the filters let through and where it looked', async () => {
    const many = ['Obie', 'Obio', 'Obia', 'Obiu'].map((lastname, index) => ({
      ...records[0],
      id: `c_${index}`,
      firstname: 'Ada',
      lastname,
      email: `u${index}@x.example`,
      createdAt: index === 0 ? '2020-01-01T00:00:00.000Z' : '2026-01-01T00:00:00.000Z',
    }))
    const api = await startApi([
      ...many,
      { ...many[0], id: 'c_9', email: 'undated@x.example', createdAt: 'never' },
    ])
    const all = await orafi('customers find ada obix', api.test)
    expect(all.stderr).toContain(
      'nearest: u0@x.example (Ada Obie), u1@x.example (Ada Obio), u2@x.example (Ada Obia)\n',
    )
    const later = await orafi('customers find ada obix --created-after 2025-01-01', api.test)
    expect(later.stderr).toContain(
      'nearest: u1@x.example (Ada Obio), u2@x.example (Ada Obia), u3@x.example (Ada Obiu)\n',
    )
    expect((await orafi('customers find ada obix --by email', api.test)).stderr).toContain(
      'hint: try --by any\n',
    )
  })

  test('names of customers cannot forge a line, and long ones are left out', async () => {
    const api = await startApi([
      { ...records[0], firstname: 'Melvin\nerror: x', lastname: 'Charles', email: 'a@x.example\x1b[2J' },
      {
        ...records[0],
        id: 'c_2',
        firstname: 'Melvin',
        lastname: `Charles ${'x'.repeat(300)}`,
        email: 'b@x.example',
      },
    ])
    const { stderr } = await orafi('customers find melvyn', api.test)
    expect(stderr).toBe(
      "error: no customer matches 'melvyn'\nhint: nearest: a@x.example\\x1b[2J (Melvin\\x0aerror: x Charles), b@x.example\n",
    )
  })
})

describe('customers find, if only another spelling matches,', () => {
  const germans = [
    ['Jörg', 'Müller', 'joerg@x.example'],
    ['Uwe', 'Mueller', 'uwe@x.example'],
  ].map(([firstname, lastname, email], index) => ({
    ...records[0],
    id: `c_${index}`,
    firstname,
    lastname,
    email,
  }))
  const [jorg, uwe] = germans

  test('prints it, with a note', async () => {
    const api = await startApi([{ ...jorg }])
    const { code, stdout, stderr } = await orafi('customers find mueller --json', api.test)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ data: [{ id: 'c_0' }], hasNextPage: false })
    expect(stderr).toBe(
      "note: no customer is spelled 'mueller'; these are spelled differently, such as ü for ue\n",
    )
    const back = await startApi([{ ...uwe }])
    expect((await orafi('customers find müller --fields id', back.test)).stdout).toBe('c_1\n')
  })

  test('prints nothing of it as soon as anybody has the plain form, before or after', async () => {
    for (const order of [germans, germans.toReversed()]) {
      const api = await startApi(order)
      const { stdout, stderr } = await orafi('customers find mueller --fields id', api.test)
      expect({ stdout, stderr }).toEqual({ stdout: 'c_1\n', stderr: '' })
    }
  })

  test('heeds --limit, and the filters', async () => {
    const many = [0, 1, 2].map((index) => ({
      ...jorg,
      id: `c_${index}`,
      createdAt: `202${index}-01-01T00:00:00Z`,
    }))
    const api = await startApi(many)
    const two = JSON.parse((await orafi('customers find mueller --limit 2 --json', api.test)).stdout)
    expect(two).toMatchObject({ data: [{ id: 'c_0' }, { id: 'c_1' }], hasNextPage: true, nextCursor: null })
    const three = JSON.parse((await orafi('customers find mueller --limit 3 --json', api.test)).stdout)
    expect(three).toMatchObject({ hasNextPage: false, nextCursor: null })
    const later = await orafi('customers find mueller --created-after 2021-06 --fields id', api.test)
    expect(later.stdout).toBe('c_2\n')
  })

  test('tells names apart that a lost hamza would mix up, if both are there', async () => {
    const api = await startApi([
      { ...records[0], id: 'c_1', firstname: 'علا', lastname: 'حسن' },
      { ...records[0], id: 'c_2', firstname: 'علاء', lastname: 'حسن' },
    ])
    expect((await orafi('customers find علاء --fields id', api.test)).stdout).toBe('c_2\n')
    const one = await startApi([{ ...records[0], id: 'c_1', firstname: 'علا', lastname: 'حسن' }])
    expect((await orafi('customers find علاء --fields id', one.test)).stdout).toBe('c_1\n')
  })
})

describe('customers find --by email', () => {
  test.each([
    ['ida@bücher.example', 'ida@xn--bcher-kva.example'],
    ['Ida@XN--BCHER-KVA.example', 'ida@bücher.example'],
    ['İPEK@x.example', 'ipek@x.example'],
    ['\u202aada@x.example\u202c', 'ada@x.example'],
    ['josé@x.example', 'jose\u0301@x.example'],
    ["o'hara@x.example", "O'Hara@x.example"],
    ['ada@x.example', ' ada@x.example\u200b'],
  ])('%j is the whole e-mail %j', async (typed, email) => {
    const others = ['not@x.example', 'ida@x.example', `x${email.trim()}`, `${email.trim()}.example`]
    const api = await startApi(
      [email, ...others].map((one, index) => ({ ...records[0], id: `c_${index}`, email: one })),
    )
    const { stdout } = await orafi(['customers', 'find', typed, '--by', 'email', '--fields', 'id'], api.test)
    expect(stdout).toBe('c_0\n')
  })

  test.each(['ohara@x.example', 'jose@x.example', 'ada+x@x.example'])(
    '%j is no other e-mail',
    async (typed) => {
      const emails = ["o'hara@x.example", 'josé@x.example', 'ada@x.example', 'adax@x.example']
      const api = await startApi(emails.map((email, index) => ({ ...records[0], id: `c_${index}`, email })))
      const { code, stdout } = await orafi(['customers', 'find', typed, '--by', 'email'], api.test)
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    },
  )
})

test('customers find looks for an initial at the start of a name, and for signs if there is nothing else', async () => {
  const api = await startApi([
    { ...records[0], id: 'c_1', firstname: 'Kwame', lastname: 'Agyeman' },
    { ...records[0], id: 'c_2', firstname: 'Erik', lastname: 'Agyeman' },
    { ...records[0], id: 'c_3', firstname: 'Solo', lastname: '-' },
  ])
  const ids = async (...typed: string[]) =>
    (await orafi(['customers', 'find', '--fields', 'id', ...typed], api.test)).stdout
  expect(await ids('k', 'agyeman')).toBe('c_1\n')
  expect(await ids('agyeman k.')).toBe('c_1\n')
  expect(await ids('k')).toBe('c_1\nc_2\n')
  expect(await ids('--', '-')).toBe('c_3\n')
  expect(await ids('solo', '&', '…')).toBe('c_3\n')
})
