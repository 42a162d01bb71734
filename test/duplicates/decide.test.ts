import { expect, test } from 'vitest'
import type { Mode } from '../../src/api/customer.ts'
import { chooseKeeper, type KeepRule } from '../../src/duplicates/decide.ts'
import { ExactNumber, parseExact } from '../../src/exact.ts'
import { customer, groupsOf, person } from './customers.ts'

function order(rule: KeepRule, ...records: { [field: string]: unknown; id: string }[]): string {
  const { keep, others } = chooseKeeper(
    records.map((fields) => customer({ createdAt: '2026-01-01T00:00:00Z', ...fields })),
    rule,
  )
  return [keep, ...others].map(({ id }) => id).join(' ')
}

test('the one with most spent is kept', () => {
  expect(order('most-spent', { id: 'a', totalSpent: 5 }, { id: 'b', totalSpent: 10 }, { id: 'c' })).toBe(
    'b a c',
  )
})

test('amounts that a double cannot tell apart are compared exactly', () => {
  const amounts = ['9007199254740992', '9007199254740993', '1e400', '0.30000000000000000001', '0.3', '-1e500']
  const records = amounts.map((amount, index) => ({ id: String(index), totalSpent: parseExact(amount) }))
  expect(order('most-spent', ...records)).toBe('2 1 0 3 4 5')
})

test('a huge exponent is compared without being written out', () => {
  const huge = { id: 'a', totalSpent: new ExactNumber('1e999999999') }
  expect(order('most-spent', { id: 'b', totalSpent: 1 }, huge)).toBe('a b')
})

test('an unreadable amount comes between spent and not spent', () => {
  const records = [{ id: 'none' }, { id: 'odd', totalSpent: '12' }, { id: 'spent', totalSpent: 0.01 }]
  expect(order('most-spent', ...records)).toBe('spent odd none')
})

test('with equal amounts, live comes before older, and older before smaller ids', () => {
  const older = '2025-01-01T00:00:00Z'
  const records = [
    { id: 'd' },
    { id: 'c' },
    { id: 'b', createdAt: older },
    { id: 'z', mode: ['test', 'live'] },
    { id: 'e', createdAt: 'some day' },
  ]
  expect(order('most-spent', ...records)).toBe('z b c d e')
})

test('oldest and newest come before the amount, and an unreadable date is neither', () => {
  const records = [
    { id: 'mid', createdAt: '2026-01-02T00:00:00Z', totalSpent: 9 },
    { id: 'old', createdAt: '2026-01-01T23:00:00+01:00' },
    { id: 'new', createdAt: '2026-01-03T00:00:00Z' },
    { id: 'odd', createdAt: 7, totalSpent: 99 },
  ]
  expect(order('oldest', ...records)).toBe('old mid new odd')
  expect(order('newest', ...records)).toBe('new mid old odd')
})

/** Which customer is kept, and why a person has to decide. */
function choice(rule: KeepRule, ...records: { [field: string]: unknown; id: string }[]) {
  const { keep, doubt } = chooseKeeper(records, rule)
  return [keep.id, doubt]
}

const early = 'cmjr4c7qq0000v8hozkzz4em5'
const late = 'cmjr4c7qz0000v8hozkzz4em5'
const noCuid = 'cannot tell which is the oldest'
const noDate = 'creation dates are unknown or equal'
const on = (day: number) => ({ userCustomers: [{ createdAt: `2026-01-0${day}T00:00:00.000Z` }] })

test('oldest and newest use the dates of the documented answers', () => {
  const records = [
    { id: 'a', ...on(2) },
    { id: 'b', ...on(1) },
    { id: 'c', ...on(3) },
  ] as const
  expect(choice('oldest', ...records)).toEqual(['b', undefined])
  expect(choice('newest', ...records)).toEqual(['c', undefined])
  expect(choice('most-spent', ...records)).toEqual(['b', undefined])
})

test('if dates are unknown or equal, the time in the ids decides', () => {
  expect(choice('most-spent', { id: late }, { id: early })).toEqual([early, undefined])
  expect(choice('most-spent', { id: late, ...on(1) }, { id: early })).toEqual([early, undefined])
  expect(choice('most-spent', { id: late, ...on(1) }, { id: early, ...on(1) })).toEqual([early, undefined])
  // The first two are equally old; the third is not, whatever its id says.
  const third = { id: 'cmjr000000000v8hozkzz4em5', ...on(2) }
  expect(choice('most-spent', { id: late, ...on(1) }, third, { id: early, ...on(1) })).toEqual([
    early,
    undefined,
  ])
})

test('if the ids do not decide either, a person has to', () => {
  expect(choice('most-spent', { id: 'b' }, { id: 'a' })).toEqual(['a', noCuid])
  expect(choice('most-spent', { id: 'b', ...on(1) }, { id: 'a', ...on(1) })).toEqual(['a', noCuid])
  expect(choice('most-spent', { id: 'b' }, { id: early })).toEqual([early, noCuid])
  expect(choice('most-spent', { id: early }, { id: `${early.slice(0, -1)}0` })[1]).toBe(noCuid)
})

test('dates do not matter if the amount or the mode decides', () => {
  expect(choice('most-spent', { id: 'b', totalSpent: 5 }, { id: 'a', totalSpent: 0 })).toEqual([
    'b',
    undefined,
  ])
  expect(choice('most-spent', { id: 'b', mode: ['live'] }, { id: 'a', mode: ['test'] })).toEqual([
    'b',
    undefined,
  ])
  const poor = { id: 'c', totalSpent: 0 }
  expect(choice('most-spent', poor, { id: 'b', totalSpent: 5 }, { id: 'a', totalSpent: 5 })).toEqual([
    'a',
    noCuid,
  ])
})

test.each(['oldest', 'newest'] as const)('--keep %s needs dates, and does not use ids instead', (rule) => {
  expect(choice(rule, { id: late }, { id: early })[1]).toBe(noDate)
  expect(choice(rule, { id: late, ...on(1) }, { id: early })[1]).toBe(noDate)
  expect(choice(rule, { id: late, ...on(1) }, { id: early, ...on(1) })[1]).toBe(noDate)
  expect(choice(rule, { id: late, ...on(1) }, { id: early, ...on(2) }, { id: 'c' })[1]).toBe(noDate)
  for (const equal of [1, 3])
    expect(choice(rule, { id: 'a', ...on(2) }, { id: 'b', ...on(equal) }, { id: 'c', ...on(equal) })[1]).toBe(
      noDate,
    )
})

/** What is proposed for the second of two, with the reasons. */
async function proposal(keeper: string, other: string, fields = {}, keyMode: Mode | undefined = 'test') {
  const customers = [person(keeper, { id: 'a', totalSpent: 100 }), person(other, { id: 'b', ...fields })]
  const [group] = await groupsOf(customers, 'likely', { keyMode })
  const twin = group?.twins[0]
  return twin && [twin.decision, ...twin.reasons]
}

const emeka = 'Emeka Okafor <emeka.okafor@gmail.com>'

test.each([
  ['the same', 'Emeka Okafor <emeka.okafor@gmail.com>'],
  ['an alias', 'OKAFOR Emeka <emekaokafor+x@googlemail.com>'],
  ['a middle name', 'Emeka Chidi Okafor <emeka.okafor@gmail.com>'],
])('deletion is proposed if mailbox and names agree: %s', async (_what, other) => {
  expect(await proposal(emeka, other)).toEqual(['delete'])
})

test.each([
  ['the names differ', 'Ngozi Okafor <emeka.okafor@gmail.com>', {}],
  ['a name is missing', ' <emeka.okafor@gmail.com>', {}],
  ['another mailbox', 'Emeka Okafor <emeka.okafor@gmial.com>', {}],
  ['has spent', emeka, { totalSpent: 0.01 }],
  ['has spent', emeka, { totalSpent: -1 }],
  ['what was spent cannot be read', emeka, { totalSpent: null }],
  ['what was spent cannot be read', emeka, { totalSpent: undefined }],
  ['seen in live mode', emeka, { mode: ['test', 'live'] }],
  ['the names differ by a letter or two', 'Emeka Okafro <emeka.okafor@gmail.com>', {}],
  ['one name is the initial of the other', 'E Okafor <emeka.okafor@gmail.com>', {}],
  ['one name is a short form of the other', 'Chukwuemeka Okafor <emeka.okafor@gmail.com>', {}],
])('a person decides: %s', async (reason, other, fields) => {
  expect(await proposal(emeka, other, fields)).toEqual(['review', reason])
})

test('a live key may delete a record seen in live mode; without a key, a person decides', async () => {
  expect(await proposal(emeka, emeka, { mode: ['live'] }, 'live')).toEqual(['delete'])
  expect(await proposal(emeka, emeka, { mode: ['live'] }, undefined)).toEqual(['review', 'seen in live mode'])
})

test('zeros at the end of an amount make no difference, however many they are', () => {
  const many = '0'.repeat(100_000)
  const amounts = ['1e100000', `1${many}`, `1${many}.00`, `10.${many}e99999`]
  const records = amounts.map((amount, index) => ({ id: String(index), totalSpent: parseExact(amount) }))
  expect(order('most-spent', ...records)).toBe('0 1 2 3')
  expect(order('most-spent', ...records.toReversed())).toBe('0 1 2 3')
})

test('different people at one role address are all left for review', async () => {
  const names = ['Emeka Obi', 'Ngozi Eze', 'Tunde Ajayi']
  const [group] = await groupsOf(
    names.map((name) => person(`${name} <info@shop.example>`)),
    'alias',
  )
  expect(group?.twins.map(({ decision }) => decision)).toEqual(['review', 'review'])
})
