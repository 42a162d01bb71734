import { beforeAll, expect, test } from 'vitest'
import { planOf, planText } from '../../src/duplicates/plan.ts'
import { readPlan } from '../../src/duplicates/plan-read.ts'
import type { Plan } from '../../src/duplicates/plan-schema.ts'
import { beginReview, type Review, type Step, shownOf, stepReview } from '../../src/duplicates/review.ts'
import { groupsOf, person } from './customers.ts'

let plan: Plan

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
  const key = { masked: 'ora_test_…1', hash: 'aa' }
  const options = { match: 'alias', keep: 'most-spent' } as const
  plan = planOf(groups, { identity: 'sandbox test', mode: 'test', key, when: 0, options })
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

test('it starts with the first group, and the keeper first', () => {
  const shown = shownOf(after())
  expect(shown).toMatchObject({ number: 1, of: 3, left: 3, reviewed: false, note: undefined })
  expect(shown?.cards.map(({ member, keeper, chosen }) => [member.id, keeper, chosen])).toEqual([
    ['a', true, true],
    ['b', false, false],
    ['c', false, false],
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
  expect(decisions(after(2, 'mark'))).toEqual(['a keep', 'b delete', 'c delete'])
  expect(decisions(after(2, 'mark', 'mark'))).toEqual(['a keep', 'b delete', 'c review'])
})

test('choosing another keeper updates the proposals for the others', () => {
  const review = after(2, 'keep')
  expect(decisions(review)).toEqual(['a review', 'b review', 'c keep'])
  expect(review.plan.groups[0]?.keeper).toBe('c')
  expect(review.plan.groups[0]?.members[0]?.reasons).toEqual(['the names differ', 'has spent'])
})

test('choosing another keeper does not make a shared mailbox one person’s', async () => {
  const names = ['Emeka Obi', 'Emeka Obi', 'Emeka Obi', 'Ngozi Obi', 'Ada Obi', 'Tunde Obi']
  const customers = names.map((name, at) => person(`${name} <obi@shop.example>`, { id: `${at}` }))
  const groups = await groupsOf(customers, 'alias')
  const shared = planOf(groups, { ...plan, when: 0 })
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
  expect(decisions(after(1, 'out'))).toEqual(['a keep', 'b out', 'c review'])
  expect(decisions(after(1, 'out', 'out'))).toEqual(['a keep', 'b review', 'c review'])
  expect(decisions(after(1, 'out', 2, 'keep'))).toEqual(['a review', 'b out', 'c keep'])
})

test('the keeper is neither marked nor taken out', () => {
  for (const step of ['mark', 'out'] as const) {
    const review = after(step)
    expect(review.note).toMatch('this customer is to be kept')
    expect(review.plan).toBe(plan)
    expect(stepReview(review, { do: 'next' }).note).toBeUndefined()
  }
  expect(after(1, 'out', 'mark').note).toMatch('out of the group')
})

test('choosing wraps around, and ignores numbers without a member', () => {
  expect(after('previous').chosen).toBe(2)
  expect(after('next', 'next', 'next').chosen).toBe(0)
  expect(after(7)).toMatchObject({ chosen: 0, note: 'there is no 8 in this group' })
})

test('a review that was left resumes at the first group that is not reviewed', () => {
  const left = after('settle', 'skip', 'quit')
  expect(left.over).toBe(true)
  const again = beginReview(readPlan(planText(left.plan), 'plan.json'))
  expect(shownOf(again)).toMatchObject({ number: 2, left: 2 })
  const last = stepReview(again, { do: 'skip' })
  expect(shownOf(last)).toMatchObject({ number: 3, left: 2 })
})

test('back shows the previous group, reviewed or not, and stops at the first', () => {
  expect(shownOf(after('settle', 'back'))).toMatchObject({ number: 1, reviewed: true })
  expect(after('back').note).toBe('this is the first group')
})

test('after the last group it is over', () => {
  const review = after('settle', 'settle', 'settle')
  expect(review.over).toBe(true)
  expect(shownOf(review)).toBeUndefined()
  expect(beginReview(review.plan).over).toBe(true)
  expect(stepReview(review, { do: 'mark' }).plan).toBe(review.plan)
})

test('a plan without groups is over at once', () => {
  expect(beginReview({ ...plan, groups: [] }).over).toBe(true)
})

test('nothing is changed in place', () => {
  const before = JSON.stringify(plan)
  after(2, 'mark', 'keep', 1, 'out', 'settle')
  expect(JSON.stringify(plan)).toBe(before)
})
