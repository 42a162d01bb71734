import { expect, test } from 'vitest'
import { tuning } from '../../bench/duplicates/sets.ts'
import type { Customer } from '../../src/api/customer.ts'
import { createCandidates } from '../../src/duplicates/candidates.ts'
import { createClusters } from '../../src/duplicates/clusters.ts'
import { evidenceOf, type Level } from '../../src/duplicates/evidence.ts'
import { type Fields, fieldsOf } from '../../src/duplicates/fields.ts'
import { findDuplicates } from '../../src/duplicates/find.ts'
import { createFrequencies } from '../../src/duplicates/frequencies.ts'
import { groupDocument } from '../../src/duplicates/groups.ts'
import { ExactNumber } from '../../src/exact.ts'
import { hashOf } from '../../src/text-set.ts'
import { customer, groupsOf, idsOf, person, streamed } from './customers.ts'

const family = [
  person('Emeka Obi <emeka.obi@gmail.com>', { id: 'a' }),
  person('Emeka Obi <EMEKA.OBI@gmail.com >', { id: 'b' }),
  person('Emeka Obi <emekaobi+shop@gmail.com>', { id: 'c' }),
  person('Emeka Obi <emeka.obi@gmial.com>', { id: 'd' }),
  person('Ngozi Eze <ngozi@gmail.com>', { id: 'e' }),
]

test('each level includes the previous ones', async () => {
  expect(await idsOf(family, 'exact')).toEqual([['a', 'b']])
  expect(await idsOf(family, 'alias')).toEqual([['a', 'b', 'c']])
  expect(await idsOf(family, 'likely')).toEqual([['a', 'b', 'c', 'd']])
})

test('a group has the level of its least certain member', async () => {
  const levels = []
  for (const match of ['exact', 'alias', 'likely'] as const) {
    for (const group of await groupsOf(family, match)) levels.push(group.level)
  }
  expect(levels).toEqual(['exact', 'alias', 'likely'])
})

test('a repeated id is one customer, and not a duplicate of itself', async () => {
  const one = person('Emeka Obi <emeka@gmail.com>', { id: 'a' })
  const found = await findDuplicates(streamed([one, one, { ...one }]), {
    match: 'likely',
    keep: 'most-spent',
    keyMode: 'test',
  })
  expect(found).toMatchObject({ customers: 1, repeated: 2, size: 0 })
})

test('customers without an address have no duplicates', async () => {
  const nobody = ['', ' ', 'n/a', null, undefined].flatMap((email) => [
    customer({ email }),
    customer({ email }),
  ])
  expect(await groupsOf(nobody, 'likely')).toEqual([])
})

test('A does not join C only because both match B', async () => {
  const chain = [
    person('Amaka Obi <sunnyrider@yahoo.com>', { id: 'a' }),
    person('A Obi <sunnyridr@yahoo.com>', { id: 'b' }),
    person('Adaeze Obi <sunyridr@yahoo.com>', { id: 'c' }),
  ]
  const groups = await idsOf(chain, 'likely')
  expect(groups).toHaveLength(1)
  expect(groups[0]).toHaveLength(2)
})

test('a customer who matches one member of a shared mailbox does not join all of it', async () => {
  const shared = [
    person('Emeka Obi <family.obi@gmail.com>', { id: 'a' }),
    person('Ngozi Obi <family.obi@gmail.com>', { id: 'b' }),
    person('Emeka Obi <family.obi@gmial.com>', { id: 'c' }),
  ]
  expect(await idsOf(shared, 'likely')).toEqual([['a', 'b']])
})

test('two mailboxes with dozens of customers are not joined', async () => {
  const shared = (count: number, email: string) =>
    Array.from({ length: count }, () => person(`Emeka Obi <${email}>`))
  const sizes = async (one: number, other: number) => {
    const customers = [...shared(one, 'family.obi@gmail.com'), ...shared(other, 'family.obi@gmial.com')]
    return (await idsOf(customers, 'likely')).map(({ length }) => length)
  }
  expect(await sizes(20, 20)).toEqual([40])
  expect(await sizes(21, 20)).toEqual([21, 20])
})

test('groups are in the order in which customers were read, and can be iterated again', async () => {
  const customers = [
    person('Emeka Obi <emeka@gmail.com>', { id: 'x' }),
    person('Ngozi Eze <ngozi@gmail.com>', { id: 'b' }),
    person('Ngozi Eze <ngozi@gmail.com>', { id: 'a' }),
    person('Emeka Obi <emeka@gmail.com>', { id: 'y' }),
  ]
  const found = await findDuplicates(streamed(customers), {
    match: 'exact',
    keep: 'most-spent',
    keyMode: 'test',
  })
  const keepers = () => [...found.groups()].map(({ keep }) => keep.id)
  expect(keepers()).toEqual(['x', 'b'])
  expect(keepers()).toEqual(['x', 'b'])
})

test('customers keep all fields, including unknown fields and long numbers', async () => {
  const customers = [
    person('Emeka Obi <emeka@gmail.com>', {
      id: 'a',
      totalSpent: new ExactNumber('0.12345678901234567890'),
      note: { a: [1, null] },
    }),
    person('Emeka Obi <emeka@gmail.com>', { id: 'b', note: '\u2028 \u202e "' }),
  ]
  const [group] = await groupsOf(customers, 'alias')
  expect(group && groupDocument(group)).toEqual({
    level: 'exact',
    why: 'same e-mail',
    keep: { ...customers[0], createdAt: expect.any(String), updatedAt: null },
    delete: [{ ...customers[1], createdAt: expect.any(String), updatedAt: null }],
    review: [],
    members: [
      { id: 'a', decision: 'keep', probability: null, because: [] },
      {
        id: 'b',
        decision: 'delete',
        probability: expect.any(Number),
        because: expect.arrayContaining([{ text: 'same mailbox', bits: expect.any(Number) }]),
      },
    ],
  })
})

test('two mailboxes with the same hash stay separate', async () => {
  const locals = ['p2222382', 'p2039599']
  expect(new Set(locals.map((local) => hashOf('x.example', hashOf(local)))).size).toBe(1)
  const customers = locals.map((local) => customer({ email: `${local}@x.example` }))
  expect(await groupsOf(customers, 'alias')).toEqual([])
})

/** How probable it is that two with one name at two providers are one person, in an account with 100 other pairs. */
async function probabilityAmong(
  pairs: (index: number) => readonly [string, string],
  match: Level = 'alias',
): Promise<number> {
  const [one, other] = [
    person('Marta Reyes <marta.reyes@gmail.com>'),
    person('Marta Reyes <marta.reyes@yahoo.com>'),
  ]
  const others = Array.from({ length: 100 }, (_, index) => pairs(index).map((line) => person(line))).flat()
  const options = { match, countNames: true, keep: 'most-spent', keyMode: 'test' } as const
  const { frequencies } = await findDuplicates(streamed([one, other, ...others]), options)
  return evidenceOf(one, other, { frequencies, certainty: 0.9 }).probability
}

test('two are likelier one person in an account where people are at one mailbox twice', async () => {
  const surname = (index: number): string => `S${index.toString(26).replace(/\d/g, 'x')}`
  const at = (index: number): string => `<olu${index}@shop.example>`
  const strangers = await probabilityAmong((index) => [
    `Olu ${surname(index)} ${at(index)}`,
    `Ana So <a${index}@x.ng>`,
  ])
  const again = await probabilityAmong((index) => [
    `Olu${surname(index)}seun ${surname(index)} ${at(index)}`,
    `Olu${surname(index)}suen ${surname(index)} ${at(index)}`,
  ])
  expect(again).toBeGreaterThan(strangers + 0.1)
  const couples = await probabilityAmong((index) => [
    `Oluwaseun ${surname(index)} ${at(index)}`,
    `Catarina ${surname(index)} ${at(index)}`,
  ])
  expect(couples).toBeCloseTo(strangers, 2)
  const info = (index: number) =>
    [`Ana ${surname(index)} <info@shop.example>`, `Ana ${surname(index)} <info@shop.example>`] as const
  // `compare` reads at alias.
  expect(await probabilityAmong(info, 'likely')).toBe(await probabilityAmong(info))
  // A mailbox counts once, whatever a script did to it.
  const script = await probabilityAmong((index) => [
    `Ana ${surname(index)} <ana@shop.example>`,
    `Ana ${surname(index)} <ana@shop.example>`,
  ])
  expect(script).toBeCloseTo(strangers, 1)
})

test('the probability does not depend on the order of the customers at a mailbox', async () => {
  const names = ['Ada Obi', 'Mark Ruiz', 'Olga Petrova', 'Jin Tanaka', 'Sven Larsen', 'Rosa Costa', 'Ada Obi']
  const customers = Array.from({ length: 100 }, (_, mailbox) =>
    names.map((name, index) =>
      person(`${name} <olu${mailbox}@shop.example>`, { id: `c${mailbox}-${index}` }),
    ),
  ).flat()
  const repeatedIn = async (read: readonly Customer[]): Promise<number | undefined> =>
    (await findDuplicates(streamed(read), { match: 'likely', keep: 'oldest', keyMode: 'test' })).frequencies
      .repeatedMailboxes
  const found = await repeatedIn(customers)
  expect(found).toBe(100)
  expect(await repeatedIn(customers.toReversed())).toBe(found)
  expect(
    await repeatedIn(customers.toSorted((a, b) => (String(a.firstname) < String(b.firstname) ? -1 : 1))),
  ).toBe(found)
})

test('2,000 namesakes at one provider are not all compared with each other', async () => {
  const candidates = createCandidates(createFrequencies(1), () => namesake(0))
  for (let index = 0; index < 2_000; index++) candidates.push(namesake(index))
  let compared = 0
  const visit = (): void => {
    compared += 1
  }
  await candidates.visit(createClusters(2_000), 0, visit, noPause)
  expect(compared).toBeGreaterThan(0)
  expect(compared).toBeLessThan(2_000 * 7 * 24)
})

function namesake(index: number): Fields {
  const email = `johnsmith${index.toString(36).replace(/\d/g, 'x')}@gmail.com`
  const found = fieldsOf(person(`John Smith <${email}>`))
  if (found === undefined) throw new Error('no fields')
  return found
}

async function noPause(): Promise<void> {}

test.each(['info@shop.example', 'none@none.com', 'n.one+x@none.com'])(
  'customers of %s, which is nobody’s own, are likely one person only by their names',
  async (email) => {
    const customers = [
      ...['Emeka Obi', 'Ngozi Eze', '', '', 'OBI Emeka', 'Émeka Obi', 'Musa Bello'].map((name, index) =>
        person(`${name} <${email}>`, { id: `c${index}` }),
      ),
    ]
    expect(await idsOf(customers, 'likely')).toEqual([['c0', 'c4', 'c5']])
    expect((await idsOf(customers, 'alias')).flat()).toHaveLength(customers.length)
  },
)

test('the names in a mailbox that is nobody’s own may be mistyped', async () => {
  const customers = [
    person('Chukwuemeka Obiora <info@obiorasons.example>', { id: 'a' }),
    person('Chukwuemeka Obiiora <info@obiorasons.example>', { id: 'b' }),
    person('Musa Bello <info@obiorasons.example>', { id: 'c' }),
  ]
  expect(await idsOf(customers, 'likely')).toEqual([['a', 'b']])
})

test('a thousand customers of one placeholder are no group', async () => {
  const { first, last } = tuning.people.names
  const customers = Array.from({ length: 1000 }, (_, index) =>
    customer({
      firstname: first[index % 40],
      lastname: last[Math.floor(index / 40)],
      email: 'none@none.com',
    }),
  )
  const sizes = (await idsOf(customers, 'likely')).map(({ length }) => length)
  expect(Math.max(0, ...sizes)).toBeLessThan(5)
})

test('a long chain of similar customers is cut', async () => {
  const letters = 'abcdefghijklmnopqrstuvwxyz'
  let local = 'sunnyridermoonlight'
  const customers = Array.from({ length: 120 }, (_, index) => {
    const at = (index * 3) % local.length
    local = local.slice(0, at) + letters[(index * 7) % 26] + local.slice(at + 1)
    return person(`Emeka Obi <${local}@gmail.com>`, { id: String(index) })
  })
  const groups = await idsOf(customers, 'likely')
  expect(groups.length).toBeGreaterThan(1)
  expect(Math.max(...groups.map(({ length }) => length))).toBeLessThan(60)
})

test('a search that is stopped between two steps ends with the reason', async () => {
  const customers = Array.from({ length: 12_000 }, (_, index) =>
    person(`Emeka Obi <emeka${index % 6000}@gmail.com>`),
  )
  const search = groupsOf(customers, 'likely', { pause: () => Promise.reject(new Error('stopped')) })
  await expect(search).rejects.toThrow('stopped')
})

test.each([
  ['of one mailbox', () => 'emeka@gmail.com'],
  ['of one placeholder', () => 'none@none.com'],
  ['with one beginning', (index: number) => `sunnyrider${index.toString(36)}@gmail.com`],
])('many customers %s do not keep other work waiting', async (_what, emailOf) => {
  const customers = Array.from({ length: 400 }, (_, index) => person(`Emeka Obi <${emailOf(index)}>`))
  let pauses = 0
  const pause = async (): Promise<void> => {
    pauses += 1
  }
  await findDuplicates(streamed(customers), { match: 'likely', keep: 'most-spent', keyMode: 'test', pause })
  expect(pauses).toBeGreaterThan(6)
})

test('the number of customers read is reported', async () => {
  const counts: number[] = []
  await groupsOf(family, 'exact', { onRead: (count) => counts.push(count) })
  expect(counts).toEqual([5])
})
