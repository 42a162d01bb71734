import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTally } from '../../src/journal/read.ts'
import { isDone, type OutcomeName, outcomeNames } from '../../src/journal/records.ts'

test('counts each item once and by its last outcome, however many there are', () => {
  const tally = createTally()
  const items = Array.from({ length: 5000 }, (_, index) => `c_${index}`)
  const counts = (): number[] => Object.values(tally.counts())
  expect(items.map((item) => tally.add(item))).toEqual(items.map((_, index) => index))
  expect(counts()).toEqual([5000, 0])
  for (const outcome of ['deleted', 'notFound', 'failed'] as const) {
    for (const item of items) tally.conclude({ item, at: 1, outcome })
    expect(counts()).toEqual([5000, outcome === 'failed' ? 0 : 5000])
  }
  for (const item of items) tally.conclude({ item, at: 1, outcome: 'created' })
  for (const item of items.slice(10)) tally.add(item)
  expect(counts()).toEqual([5000, 10])
})

test('counts whatever is intended and concluded, in any order, as going through it would', () => {
  const item = fc.integer({ min: 0, max: 2500 }).map((number) => `c_${number}`)
  const step = fc.tuple(item, fc.option(fc.constantFrom<OutcomeName>(...outcomeNames)))
  fc.assert(
    fc.property(fc.array(step, { size: 'max', maxLength: 5000 }), (steps) => {
      const tally = createTally()
      const model = new Map<string, boolean>()
      for (const [item, outcome] of steps) {
        if (outcome === null) tally.add(item)
        else tally.conclude({ item, at: 1, outcome })
        model.set(item, outcome !== null && isDone({ item, at: 1, outcome }))
      }
      expect(tally.counts()).toEqual({
        items: model.size,
        done: [...model.values()].filter(Boolean).length,
      })
    }),
    { numRuns: 20 },
  )
})
