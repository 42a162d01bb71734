import { expect, test } from 'vitest'
import { humanErrors } from '../../bench/duplicates-errors.ts'
import { reportNames } from '../../bench/duplicates-people.ts'
import { qualityOf, type Score } from '../../bench/duplicates-quality.ts'
import { labelledSet } from '../../bench/duplicates-set.ts'

const precision = ({ right, found }: Score): number => right / found
const recall = ({ right, wanted }: Score): number => right / wanted

test('on a labelled set not used for tuning, all certain results are right, and most duplicates are found', async () => {
  const set = labelledSet({ seed: 2024, people: 2500, names: reportNames, errors: humanErrors })
  const { exact, alias, likely, deletions } = await qualityOf(set)
  for (const score of [exact, alias]) {
    expect(precision(score)).toBe(1)
    expect(recall(score)).toBeGreaterThanOrEqual(0.99)
  }
  expect(precision(deletions)).toBe(1)
  expect(recall(deletions)).toBeGreaterThanOrEqual(0.9)
  expect(precision(likely)).toBeGreaterThanOrEqual(0.98)
  expect(recall(likely)).toBeGreaterThanOrEqual(0.85)
})
