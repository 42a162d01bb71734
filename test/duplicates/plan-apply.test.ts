import { beforeAll, expect, test } from 'vitest'
import type { Customer } from '../../src/api/customer.ts'
import { fingerprintOf } from '../../src/customers/fingerprint.ts'
import { createFrequencies } from '../../src/duplicates/frequencies.ts'
import {
  applyCheck,
  checkPlace,
  type PlannedDeletion,
  plannedDeletions,
  planText,
} from '../../src/duplicates/plan.ts'
import { planOf } from '../../src/duplicates/plan-make.ts'
import { readPlan } from '../../src/duplicates/plan-read.ts'
import type { Plan } from '../../src/duplicates/plan-schema.ts'
import { groupsOf, person } from './customers.ts'

const place = { identity: 'sandbox test', mode: 'test', key: { masked: 'ora_test_…1', hash: 'aa' } } as const
const keeper = person('Emeka Obi <emeka@gmail.com>', { id: 'a', totalSpent: 5 })
const twin = person('Emeka Obi <e.meka@gmail.com>', { id: 'b' })

let plan: Plan
let planned: PlannedDeletion

beforeAll(async () => {
  const groups = await groupsOf([keeper, twin], 'alias')
  const made = planOf(groups, {
    frequencies: createFrequencies(1),
    ...place,
    when: 0,
    options: { match: 'alias', keep: 'most-spent', certainty: 0.9 },
  })
  plan = readPlan(planText(made), 'plan.json')
  const [first] = plannedDeletions(plan)
  if (first === undefined) throw new Error('nothing planned')
  planned = first
})

test('a plan deletes what it marks, each with its keeper', () => {
  expect(plannedDeletions(plan)).toMatchObject([{ id: 'b', keeper: 'a', keeperDeleted: false }])
})

test('an unchanged record may be deleted', () => {
  expect(applyCheck(twin, keeper, planned)).toBeUndefined()
  expect(applyCheck({ ...twin, unknown: 'new' }, { ...keeper, totalSpent: 9 }, planned)).toBeUndefined()
})

test.each<[string, Customer, Customer | undefined]>([
  [
    'has changed since the plan was made (email)',
    { ...twin, email: 'x@y.example', updatedAt: 'now', userCustomers: [] },
    keeper,
  ],
  ['has changed since the plan was made (mode)', { ...twin, mode: ['test', 'live'] }, keeper],
  ['has spent since the plan was made', { ...twin, totalSpent: 0.5, updatedAt: 'now' }, keeper],
  ['has spent since the plan was made', { ...twin, totalSpent: '?' }, keeper],
  ['its keeper a is gone', twin, undefined],
])('is left out: %s', (reason, now, keeperNow) => {
  expect(applyCheck(now, keeperNow, planned)).toBe(reason)
})

test('is left out: its keeper will be deleted too', () => {
  const copy = JSON.parse(planText(plan))
  copy.groups[0].members[0].decision = 'delete'
  const [first, second] = plannedDeletions(readPlan(JSON.stringify(copy), 'plan.json'))
  expect(first && applyCheck(keeper, keeper, first)).toBe('the plan keeps it')
  expect(second && applyCheck(twin, keeper, second)).toBe('its keeper a will be deleted too')
})

test('an edited fingerprint or copy counts as changed', () => {
  expect(applyCheck(twin, keeper, { ...planned, fingerprint: '0'.repeat(64) })).toMatch('has changed')
  expect(applyCheck(twin, keeper, { ...planned, record: { ...twin, firstname: 'E' } })).toMatch('has changed')
})

test('a record that had spent and was marked by a person may be deleted if it has not spent more', () => {
  const record = { ...twin, totalSpent: 7 }
  const spender = { ...planned, record, fingerprint: fingerprintOf(record) }
  expect(applyCheck(record, keeper, spender)).toBeUndefined()
  expect(applyCheck({ ...record, totalSpent: 8 }, keeper, spender)).toBe('has spent since the plan was made')
})

test.each([
  ['another identity', { ...place, identity: 'https://api.orafi.app test default' }],
  ['another mode', { ...place, mode: 'live' as const }],
])('a plan of %s is refused', (_what, here) => {
  expect(() => checkPlace(plan, here, 'plan.json')).toThrow(expect.objectContaining({ code: 'auth' }))
})

test('another key of the same account only causes a warning', () => {
  expect(checkPlace(plan, place, 'plan.json')).toBeUndefined()
  const rotated = { ...place, key: { masked: 'ora_test_…2', hash: 'bb' } }
  expect(checkPlace(plan, rotated, 'plan.json')).toBe(
    'the plan was made with another key (ora_test_…1, now ora_test_…2)',
  )
})
