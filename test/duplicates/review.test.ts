import { beforeAll, expect, test } from 'vitest'
import { findDuplicates } from '../../src/duplicates/find.ts'
import { createFrequencies } from '../../src/duplicates/frequencies.ts'
import { groupOf } from '../../src/duplicates/groups.ts'
import { planText } from '../../src/duplicates/plan.ts'
import { planOf } from '../../src/duplicates/plan-make.ts'
import { readPlan } from '../../src/duplicates/plan-read.ts'
import type { Plan } from '../../src/duplicates/plan-schema.ts'
import { beginReview, type Review, type Step, shownOf, stepReview } from '../../src/duplicates/review.ts'
import { groupsOf, person, streamed } from './customers.ts'

let plan: Plan
const place = { identity: 'sandbox test', mode: 'test', key: { masked: 'ora_test_…1', hash: 'aa' } } as const

beforeAll(async () => {
  const customers = [
    person('Emeka Obi <emeka@gmail.com>', { id: 'a', totalSpent: 5 }),
    person('Emeka Obi <e.meka@gmail.com>', { id: 'b' }),
    person('Ngozi Obi <emeka@gmail.com>', { id: 'c' }),
    person('Ada Eze <ada@shop.example>', { id: 'd' }),
    person('Ada Eze <ada@shop.example>', { id: 'e' }),
    person('Tunde Ajayi <tunde@shop.example>', { id: 'f' }),
    person('Tunde Ajayi <tunde@shop.example>', { id: 'g' }),
  ]
  const groups = await groupsOf(customers, 'alias')
  const options = { match: 'alias', keep: 'most-spent', certainty: 0.9 } as const
  plan = planOf(groups, {
    ...place,
    when: 0,
    options,
    frequencies: createFrequencies(1),
  })
})

function after(...steps: (Step['do'] | number)[]): Review {
  return steps.reduce<Review>((review, step) => {
    const taken: Step =
      typeof step === 'number'
        ? { do: 'choose', place: step }
        : step === 'choose'
          ? { do: 'choose', place: 0 }
          : { do: step }
    return stepReview(review, taken)
  }, beginReview(plan))
}

/** The decisions of a group, as `id decision`. */
function decisions(review: Review, group = 0): string[] {
  return (review.plan.groups[group]?.members ?? []).map(({ id, decision }) => `${id} ${decision}`)
}

test('it starts with the first group, and the cursor on the first record that is not kept', () => {
  const shown = shownOf(after())
  expect(shown).toMatchObject({ number: 1, tally: { groups: 3, decided: 0 }, note: undefined })
  expect(shown?.cards.map(({ member, keeper, chosen }) => [member.id, keeper, chosen])).toEqual([
    ['a', true, false],
    ['b', false, true],
    ['c', false, false],
  ])
  // The keeper of this group is its second record.
  expect(shownOf(after(1, 'keep', 'nextGroup', 'previousGroup'))?.cards.map(({ chosen }) => chosen)).toEqual([
    true,
    false,
    false,
  ])
})

test('the fields that differ from the keeper are marked', () => {
  expect(shownOf(after())?.cards.map(({ differs }) => differs)).toEqual([
    [],
    ['email', 'totalSpent', 'createdAt'],
    ['firstname', 'totalSpent', 'createdAt'],
  ])
})

test('a person’s mark turns review into delete, and back', () => {
  expect(decisions(after(2, 'delete'))).toEqual(['a keep', 'b delete', 'c delete'])
  expect(decisions(after(2, 'delete', 'delete'))).toEqual(['a keep', 'b delete', 'c review'])
})

test('choosing another keeper updates the proposals for the others', () => {
  const review = after(2, 'keep')
  expect(decisions(review)).toEqual(['a review', 'b review', 'c keep'])
  expect(review.plan.groups[0]?.keeper).toBe('c')
  expect(review.plan.groups[0]?.members[0]?.reasons).toEqual(['the names differ', 'has spent'])
})

test('another keeper gets the evidence that the command would have found in the account', async () => {
  const customers = [
    person('Emeka Okafor <sunnyrider@yahoo.com>', { id: 'a', totalSpent: 9 }),
    person('Emeka Okafor <sunnyridr@yahoo.com>', { id: 'b' }),
    person('Emeka Okafor <sunnyridr@gmail.com>', { id: 'c' }),
    ...Array.from({ length: 400 }, (_, index) => person(`Ada Constructor <ada${index * 37}@x.example>`)),
  ]
  const found = await findDuplicates(streamed(customers), {
    match: 'likely',
    keep: 'most-spent',
    keyMode: 'test',
  })
  const { frequencies } = found
  const head = {
    ...place,
    when: 0,
    options: { match: 'likely', keep: 'most-spent', certainty: 0.9 },
  } as const
  const made = readPlan(planText(planOf(found.groups(), { ...head, frequencies })), 'plan.json')
  const at = made.groups[0]?.members.findIndex(({ id }) => id === 'b') ?? -1
  const review = [{ do: 'choose', place: at } as const, { do: 'keep' } as const].reduce(
    stepReview,
    beginReview(made),
  )
  const rules = { keep: 'most-spent', keyMode: 'test', certainty: 0.9, frequencies } as const
  const again = groupOf(
    customers.slice(0, 3).map((one) => (one.id === 'b' ? { ...one, totalSpent: 99 } : one)),
    rules,
  )
  const members = review.plan.groups[0]?.members ?? []
  for (const { customer, evidence } of again.twins) {
    const { level: _, ...expected } = evidence
    expect(members.find(({ id }) => id === customer.id)).toMatchObject(expected)
  }
  expect(members.find(({ id }) => id === 'b')).toMatchObject({
    probability: null,
    because: [],
    decision: 'keep',
  })
  expect(review.plan.groups[0]).toMatchObject({ level: again.level, keeper: 'b' })
})

test('who decided is orafi until a person decides; accepting a group does not change it', () => {
  const deciders = (review: Review): string[] =>
    review.plan.groups[0]?.members.map(({ id, decidedBy }) => `${id} ${decidedBy}`) ?? []
  expect(deciders(after())).toEqual(['a orafi', 'b orafi', 'c orafi'])
  expect(deciders(after(2, 'delete', 'accept'))).toEqual(['a orafi', 'b orafi', 'c person'])
  expect(deciders(after(1, 'separate'))).toEqual(['a orafi', 'b person', 'c orafi'])
  expect(deciders(after(1, 'delete', 'delete'))).toEqual(['a orafi', 'b person', 'c orafi'])
  // The proposals for the others are new ones.
  expect(deciders(after(2, 'delete', 1, 'keep'))).toEqual(['a orafi', 'b person', 'c orafi'])
})

test('choosing another keeper does not make a shared mailbox one person’s', async () => {
  const names = ['Emeka Obi', 'Emeka Obi', 'Emeka Obi', 'Ngozi Obi', 'Ada Obi', 'Tunde Obi']
  const customers = names.map((name, at) => person(`${name} <obi@shop.example>`, { id: `${at}` }))
  const groups = await groupsOf(customers, 'alias')
  const shared = planOf(groups, { ...plan, when: 0, frequencies: createFrequencies(1) })
  const review = [{ do: 'choose', place: 1 } as const, { do: 'keep' } as const].reduce(
    stepReview,
    beginReview(shared),
  )
  expect(decisions(review)[1]).toBe('1 keep')
  expect(review.plan.groups[0]?.members[2]).toMatchObject({
    id: '2',
    decision: 'review',
    reasons: ['more than 3 names share the mailbox'],
  })
})

test('a member is taken out of the group, and put back', () => {
  expect(decisions(after(1, 'separate'))).toEqual(['a keep', 'b out', 'c review'])
  expect(decisions(after(1, 'separate', 'separate'))).toEqual(['a keep', 'b review', 'c review'])
  expect(decisions(after(1, 'separate', 2, 'keep'))).toEqual(['a review', 'b out', 'c keep'])
})

test('the keeper is neither marked nor taken out', () => {
  for (const step of ['delete', 'separate'] as const) {
    const review = after(0, step)
    expect(review.note).toMatch('this record is kept')
    expect(review.plan).toBe(plan)
    expect(stepReview(review, { do: 'next' }).note).toBeUndefined()
  }
})

test('choosing wraps around, and ignores numbers without a record', () => {
  expect(after('previous').chosen).toBe(0)
  expect(after('next', 'next').chosen).toBe(0)
  expect(after(7)).toMatchObject({ chosen: 1, note: 'this group has no record 8' })
})

test('a group with an undecided record stays undecided, and is offered again', () => {
  const left = after('accept', 'quit')
  expect(left.plan).toBe(plan)
  expect(after('accept')).toMatchObject({ at: 1, note: 'group 1 stays undecided' })
  expect(shownOf(beginReview(left.plan))).toMatchObject({ number: 1, tally: { decided: 0 } })
  expect(shownOf(after(2, 'separate', 'accept'))).toMatchObject({ number: 2, tally: { decided: 1 } })
})

test('a group that was accepted and changed has to be accepted again', () => {
  const decided = after(2, 'delete', 'accept')
  expect(decided.plan.groups[0]?.reviewed).toBe(true)
  const changed = [{ do: 'previousGroup' }, { do: 'delete' }].reduce<Review>(
    (review, step) => stepReview(review, step as Step),
    decided,
  )
  expect(changed.plan.groups[0]?.reviewed).toBe(false)
})

test('a review that was left continues at the first group that is not decided', () => {
  const left = after(2, 'delete', 'accept', 'nextGroup', 'quit')
  expect(left.over).toBe(true)
  const again = beginReview(readPlan(planText(left.plan), 'plan.json'))
  expect(shownOf(again)).toMatchObject({ number: 2, tally: { decided: 1 } })
})

test('all groups can be looked at back and forth, decided or not', () => {
  expect(shownOf(after(2, 'delete', 'accept', 'previousGroup'))).toMatchObject({ number: 1 })
  expect(after('previousGroup')).toMatchObject({ at: 0, note: 'this is the first group' })
  expect(after('nextGroup', 'nextGroup')).toMatchObject({ at: 2, note: undefined })
  expect(after('nextGroup', 'nextGroup', 'nextGroup')).toMatchObject({
    at: 2,
    note: 'this is the last group',
  })
})

test('undo takes decisions back one by one, in the groups where they were made', () => {
  const steps = [2, 'delete', 'accept', 'delete', 'nextGroup'] as const
  const one = after(...steps, 'undo')
  expect(one).toMatchObject({ at: 1, note: 'the last decision was undone' })
  expect(decisions(one, 1)).toEqual(['d keep', 'e delete'])
  const two = stepReview(one, { do: 'undo' })
  expect(two).toMatchObject({ at: 0, chosen: 2 })
  expect(two.plan.groups[0]?.reviewed).toBe(false)
  const three = stepReview(two, { do: 'undo' })
  expect(three.plan).toBe(plan)
  expect(stepReview(three, { do: 'undo' })).toMatchObject({ plan, note: 'there is no decision to undo' })
})

test('it is over after the last group that is not decided; what is decided can be looked at again', () => {
  const review = after(2, 'delete', 'accept', 'accept', 'accept')
  expect(review.over).toBe(true)
  expect(shownOf(review)).toBeUndefined()
  expect(stepReview(review, { do: 'delete' }).plan).toBe(review.plan)
  expect(shownOf(beginReview(review.plan))).toMatchObject({ number: 1, tally: { groups: 3, decided: 3 } })
})

test('a plan without groups is over at once', () => {
  expect(beginReview({ ...plan, groups: [] }).over).toBe(true)
})

test('nothing is changed in place', () => {
  const before = JSON.stringify(plan)
  after(2, 'delete', 'keep', 1, 'separate', 'accept', 'undo')
  expect(JSON.stringify(plan)).toBe(before)
})
