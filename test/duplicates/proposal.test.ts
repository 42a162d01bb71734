import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Chance, pick } from '../../bench/duplicates/errors.ts'
import { reportNames, tuningNames } from '../../bench/duplicates/people.ts'
import type { Customer } from '../../src/api/customer.ts'
import { nameTokens } from '../../src/customers/names.ts'
import { mailboxesOf, whyNotDelete } from '../../src/duplicates/proposal.ts'
import { mulberry32 } from '../../src/sandbox/random.ts'
import { customer, groupsOf } from './customers.ts'
import { onePerson, twoPeople, type Written } from './labelled.ts'

/** Why the second of some records may not be deleted in favour of the first; undefined if it may. */
function reason(...records: Customer[]): string | undefined {
  const [keeper, record] = records
  if (keeper === undefined || record === undefined) throw new RangeError('a pair has two')
  return whyNotDelete(record, keeper, mailboxesOf(records))
}

/** A record of the one mailbox, by a name such as `Ada|Obi`. */
function called(name: string, fields: { [field: string]: unknown } = {}): Customer {
  const [firstname = '', lastname = ''] = name.split('|')
  return customer({ firstname, lastname, email: 'the.house@x.example', ...fields })
}

const written = ({ firstname, lastname }: Written): Customer => called(`${firstname}|${lastname}`)

describe('names', () => {
  test.each(twoPeople)('$what: $one and $other are left for review', ({ one, other }) => {
    expect(reason(written(one), written(other))).toEqual(expect.any(String))
    expect(reason(written(other), written(one))).toEqual(expect.any(String))
  })

  test.each(onePerson)('$what: $one and $other are proposed', ({ one, other }) => {
    expect(reason(written(one), written(other))).toBeUndefined()
    expect(reason(written(other), written(one))).toBeUndefined()
  })

  test.each([
    ['Tobiloba|Ojo', 'Tomiloba|Ojo', 'the names differ'],
    ['Ada|Obi', '|', 'a name is missing'],
    ['Ada|', 'Ada|', 'fewer than two full names match'],
    ['John|Smith', 'John|Smith Jr', 'a title or suffix (Mr, Mrs, Jr, Sr) differs'],
    ['Ada|Obi', 'Ada N|Obi', 'one name has an extra initial, number or sign'],
    ['Ada|Obi', 'Ada Ngozi Bola|Obi', 'one name has several extra words'],
    ['Hassan|Ali', 'Ahmed|Hassan Ali', 'one name starts with an extra word'],
    ['Ali|Hassan', 'Ali|Ali Hassan', 'one name repeats a word'],
    ['Ada|Obi \ufffd', 'Ada|Obi \ufffd', 'a name cannot be read'],
  ])('the reason is given: %s and %s', (one, other, why) => {
    expect(reason(called(one), called(other))).toBe(why)
    expect(reason(called(other), called(one))).toBe(why)
  })

  test.each([{ firstname: 7 }, { firstname: ['Ada'] }, { lastname: { a: 1 } }, { firstname: true }])(
    'a name that is no text is left to a person: %j',
    (odd) => {
      const full = { firstname: 'Ada Obi', lastname: 'Ada Obi', ...odd }
      expect(reason(called('', full), called('', full))).toBe('a name cannot be read')
    },
  )

  test('a missing field makes no difference', () => {
    for (const lastname of [undefined, null, '']) {
      expect(reason(called('', { firstname: 'Ada Obi', lastname }), called('Ada|Obi'))).toBeUndefined()
    }
  })
})

describe('the other names of a mailbox', () => {
  test('make no difference if there are at most two', () => {
    expect(
      reason(called('Ada|Obi'), called('ADA|OBI'), called('Bola|Obi'), called('Chidi|Obi')),
    ).toBeUndefined()
    const four = ['Ada|Obi', 'Ada|Obi', 'Bola|Obi', 'Chidi|Obi', 'Dayo|Obi'].map((name) => called(name))
    expect(reason(...four)).toBe('more than 3 names share the mailbox')
  })

  test('are counted without case, marks, spaces, order and fields', () => {
    const forms = [
      'Mary Jane|Obi',
      'MARYJANE|Obi',
      'Obi|Mary-Jane',
      'Máry|Jane Obi',
      ' |Obi Maryjane',
      '|',
      '|!',
    ]
    expect(reason(...forms.map((name) => called(name)))).toBeUndefined()
  })

  test('are counted in all its addresses', () => {
    const at = (name: string, email: string) => called(name, { email })
    const [one, other] = [at('Ada|Obi', 'the.house+a@gmail.com'), at('Ada|Obi', 'thehouse@googlemail.com')]
    const family = ['Bola', 'Chidi', 'Dayo'].map((first) => at(`${first}|Obi`, `thehouse+${first}@gmail.com`))
    expect(reason(one, other)).toBeUndefined()
    expect(reason(one, other, ...family)).toBe('more than 3 names share the mailbox')
    expect(
      reason(one, other, ...family.map((record) => ({ ...record, email: 'ours@gmail.com' }))),
    ).toBeUndefined()
  })

  test.each([
    ['Ada|Obi', 'Ada Ngozi|Obi', 'Ada Bola|Obi'],
    ['Ada Ngozi|Obi', 'Ada|Obi', 'Ada Bola|Obi'],
    ['Ada|Obi', 'Ada|Obi Eze', 'Ada|Obi Ojo'],
  ])('leave %s and %s for review if the third name is %s', (one, other, third) => {
    expect(reason(called(one), called(other))).toBeUndefined()
    expect(reason(called(one), called(other), called(third))).toBe(
      'a third name in the mailbox fits only one of the two',
    )
  })
})

test('a group is decided by all customers in its mailboxes', async () => {
  const names = ['Ada|Obi', 'Ada|Obi', 'Bola|Obi', 'Chidi|Obi']
  const decisions = async (...all: string[]) => {
    const [group] = await groupsOf(
      all.map((name) => called(name)),
      'alias',
    )
    return group?.twins.map(({ decision }) => decision)
  }
  expect(await decisions(...names)).toEqual(['delete', 'review', 'review'])
  expect(await decisions(...names, 'Dayo|Obi')).toEqual(['review', 'review', 'review', 'review'])
})

describe('the mailbox', () => {
  const proposed = (email: string) => reason(called('Ada|Obi', { email }), called('Ada|Obi', { email }))

  test.each(
    `info@x.example INFO@x.example info+ada@x.example sales@x.example admin@x.example support@x.example
    office@x.example office2@x.example sales.lagos@x.example lagos-sales@x.example customer.service@x.example
    i.n.f.o@gmail.com contact@x.example ventas@x.example vendas@x.example kontakt@x.example
    comptabilité@x.example büro@x.example mauzo@x.example навигатор.офис@x.example مبيعات@x.example 客服@x.example
    πωλήσεις@x.example ሽያጭ@x.example`.split(/\s+/),
  )('is shared: %s', (email) => {
    expect(proposed(email)).toMatch(/the mailbox is shared, such as/)
  })

  test.each(
    `none@none.com na@na.com n/a@n/a.com test@test.com test123@x.example noemail@x.example no-email@x.example no-reply@x.example
    noemail7@gmail.com no.email.given@x.example ada@noemail.com x@x.example x@x.com xx@x.example aaa@gmail.com
    000@x.example a@b.com abc@x.example 123@x.example asdf@x.example 1@1.com unknown@x.example keine@x.example
    sin.correo@x.example нет@x.example ada@shop.invalid -@x.example`.split(/\s+/),
  )('is a placeholder: %s', (email) => {
    expect(proposed(email)).toBe('the e-mail is a placeholder')
  })

  test.each(
    `ada@x.example ada.obi@gmail.com ada+info@gmail.com adaobi1985@yahoo.com 08012345678@gmail.com 24680@qq.com
    nana.k@x.example li.na@x.example informatik.ada@x.example ada@info.example a@x.example john.testa@x.example
    nonese@x.example obi@salesforce.example me@adaobi.example`.split(/\s+/),
  )('belongs to one person: %s', (email) => {
    expect(proposed(email)).toBeUndefined()
  })

  test('does not belong to one person if one of its addresses does not', () => {
    const one = called('Ada|Obi', { email: 'saleslagos@gmail.com' })
    const third = called('Bola|Obi', { email: 'sales.lagos@gmail.com' })
    expect(reason(one, one)).toBeUndefined()
    for (const records of [
      [one, one, third],
      [third, one, one],
    ]) {
      expect(whyNotDelete(one, one, mailboxesOf(records))).toMatch(/the mailbox is shared, such as/)
    }
  })

  test('has to be the same', () => {
    const [one, other] = [called('Ada|Obi'), called('Ada|Obi', { email: 'ours@x.example' })]
    expect(reason(one, other)).toBe('another mailbox')
    expect(whyNotDelete(one, one, new Map())).toBe('another mailbox')
    for (const email of ['', 'n/a', null, undefined, 7]) {
      expect(reason(called('Ada|Obi', { email }), called('Ada|Obi', { email }))).toBe('another mailbox')
    }
  })
})

describe('on thousands of made-up names', () => {
  /** Two or three words, in many scripts. */
  const scripts: readonly (readonly string[])[] = [
    [...reportNames.first, ...reportNames.last, ...tuningNames.first, ...tuningNames.last],
    'أحمد محمد حسن علي فاطمة مريم يوسف منصور المصري الشناوي كريم ياسمين'.split(' '),
    'Иван Анна Пётр Мария Сергей Ольга Коваль Смирнов Королёв Андрей Юлия'.split(' '),
    'Γιάννης Μαρία Ελένη Νίκος Παππάς Αλέξης Σοφία Δημήτρης Κώστας Παπαδόπουλος'.split(' '),
    'Jānis Līga Bērziņš Ozoliņa Kārlis Ilze Mārtiņš Kalniņš Anna Liepa Zane'.split(' '),
    'አበበ ሰላም ትዕግስት ዳዊት ሄለን በቀለ ተስፋዬ ወልደማርያም ታደሰ ከበደ'.split(' '),
    '小明 建国 秀英 王 李 张 刘 志强 美丽 陈'.split(' '),
    '지훈 서연 민준 김 이 박 최 하은 도윤'.split(' '),
    'राम सीता अमित प्रिया शर्मा वर्मा गुप्ता सुनील अंजली'.split(' '),
  ]

  function distinct(count: number, chance: Chance): string[] {
    const pool = pick(scripts, chance)
    const words = new Set<string>()
    while (words.size < count) words.add(pick(pool, chance))
    return [...words]
  }

  /** Puts words into the two fields in some order, case, marks and spaces. */
  function write(words: readonly string[], chance: Chance): Customer {
    const order = chance() < 0.3 ? words.toReversed() : words
    const split = Math.floor(chance() * (order.length + 1))
    const joint = pick([' ', ' ', '  ', '-', ' . '], chance)
    const style = pick<(text: string) => string>(
      [
        (text) => text,
        (text) => text.toUpperCase(),
        (text) => text.toLowerCase(),
        (text) => text.normalize('NFD'),
        (text) => text.normalize('NFD').replace(/[\u0300-\u036f\u064b-\u0652]/g, ''),
        (text) => ` ${text}. `,
      ],
      chance,
    )
    const fields = [order.slice(0, split), order.slice(split)].map((part) => style(part.join(joint)))
    return called(fields.join('|'))
  }

  test('nine in ten of those that differ in case, marks, order, spaces, fields or a middle name are proposed', () => {
    const chance = mulberry32(14)
    let proposed = 0
    for (let made = 0; made < 4000; made++) {
      const words = distinct(2 + Math.floor(chance() * 2), chance)
      const [first = '', middle = '', last] = words
      const change = chance()
      const shorter = change < 0.3 && last !== undefined ? [first, last] : words
      const again = change > 0.8 && last !== undefined ? [`${first}${middle}`, last] : shorter
      if (reason(write(words, chance), write(again, chance)) === undefined) proposed += 1
    }
    expect(proposed / 4000).toBeGreaterThanOrEqual(0.9)
  })

  test('none of those with a different word is proposed', () => {
    const chance = mulberry32(15)
    for (let made = 0; made < 4000; made++) {
      const words = distinct(2 + Math.floor(chance() * 2), chance)
      const at = Math.floor(chance() * words.length)
      const word = words[at] ?? ''
      const others = [
        pick(
          distinct(4, chance).filter((other) => !words.includes(other)),
          chance,
        ),
        otherEnding(word, chance),
        otherLetter(word, chance),
        Array.from(word)[0] ?? '',
        `${word} ${pick(['Jr', 'Sr', 'II', 'мл', 'الابن', 'Filho', '2nd', 'B', '7'], chance)}`,
        `${pick(['Mr', 'Mrs', 'Dr', 'Mme', 'Herr', 'السيدة', 'አቶ'], chance)} ${word}`,
      ].filter((other) => `${nameTokens(other)}` !== `${nameTokens(word)}`)
      const relative = words.with(at, pick(others, chance)).flatMap((text) => text.split(' '))
      const pair = [write(words, chance), write(relative, chance)] as const
      expect([words, relative, reason(...pair)]).toEqual([words, relative, expect.any(String)])
    }
  })

  function otherEnding(word: string, chance: Chance): string {
    const ending = pick(
      ['a', 'o', 'e', 'ina', 'а', 'ова', 'ь', 'ου', 'α', 'ة', 'ي', 'ት', '丽', '이', 'ा', 'ienė', 'š'],
      chance,
    )
    return chance() < 0.5 ? word + ending : Array.from(word).slice(0, -1).join('') + ending
  }

  function otherLetter(word: string, chance: Chance): string {
    const letters = Array.from(word)
    const at = Math.floor(chance() * letters.length)
    const other = pick(['b', 't', 'k', 'б', 'κ', 'ب', 'ብ', '国', '서', 'क'], chance)
    return chance() < 0.5 ? letters.with(at, other).join('') : letters.toSpliced(at, 0, other).join('')
  }
})

describe('for any names', () => {
  const words = 'ada obi ad aobi adaobi a o j r jr mr 1 ngozi mary jane maryjane 小 明 小明 & \u0301 .'.split(
    ' ',
  )
  const field = fc.array(fc.constantFrom(...words), { maxLength: 4 }).map((some) => some.join(' '))
  const names = fc.record({ firstname: field, lastname: field })
  const lettersOf = ({ firstname, lastname }: Written) =>
    Array.from(`${firstname}${lastname}`.replace(/[^\p{L}\p{N}]/gu, '')).sort()

  test('it makes no difference which of two records is the keeper', () => {
    fc.assert(
      fc.property(names, names, (one, other) => {
        expect(reason(written(one), written(other)) === undefined).toBe(
          reason(written(other), written(one)) === undefined,
        )
      }),
      { numRuns: 3000 },
    )
  })

  test('what is proposed has at least four letters, and all of the shorter name’s', () => {
    fc.assert(
      fc.property(names, names, (one, other) => {
        if (reason(written(one), written(other)) !== undefined) return
        const [shorter = [], longer = []] = [one, other].map(lettersOf).sort((a, b) => a.length - b.length)
        const left = [...longer]
        for (const letter of shorter) {
          expect(left).toContain(letter)
          left.splice(left.indexOf(letter), 1)
        }
      }),
      { numRuns: 3000 },
    )
  })

  test('nothing is thrown, and nothing is proposed across mailboxes', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.anything())
    const record = fc.record({ firstname: text, lastname: text, email: text })
    fc.assert(
      fc.property(record, record, (one, other) => {
        const records = [customer(one), customer({ ...other, email: 'somebody.else@x.example' })]
        expect(reason(...records)).toBe('another mailbox')
        expect(() => reason(customer(one), customer(one))).not.toThrow()
      }),
    )
  })
})

describe('what is too long to compare', () => {
  const long = 'a'.repeat(254)

  test('is left for review, although the compared part is the same', () => {
    expect(reason(called(`Ada ${long}|Obi`), called(`Ada ${long}|Obi`))).toBe('a name is too long to compare')
    expect(reason(called(`Ada ${long}b|Obi`), called(`Ada ${long}c|Obi`))).toBe(
      'a name is too long to compare',
    )
    expect(reason(called(`A ${long}|Obi`), called(`A ${long}|Obi`))).toBeUndefined()
  })

  test('counts after folding as well as before', () => {
    const sign = '\ufdfa'
    const name = `Ada Obi ${sign.repeat(14)}`
    expect(name.normalize('NFKD').length).toBeGreaterThan(256)
    expect(reason(called(`${name}|`), called(`${name}|`))).toBe('a name is too long to compare')
    expect(reason(called(`Ada Obi ${sign}|`), called(`Ada Obi ${sign}|`))).toBeUndefined()
  })

  test('is left for review in an e-mail too', async () => {
    const pair = ['b', 'c'].map((end) => called('Ada|Obi', { email: `ada@${long}${end}.example` }))
    expect(reason(...pair)).toBe('the e-mail is too long to compare')
    const [group] = await groupsOf(pair, 'exact')
    expect(group?.twins).toMatchObject([
      { decision: 'review', evidence: { why: 'two long e-mails with the same beginning' } },
    ])
    const folded = called('Ada|Obi', { email: `ada@${'\ufdfa'.repeat(20)}.example` })
    expect(reason(folded, folded)).toBe('the e-mail is too long to compare')
  })
})
