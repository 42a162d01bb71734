import { expect, test } from 'vitest'
import { type Quality, qualityOf, type Score } from '../../bench/duplicates/quality.ts'
import { report, sets } from '../../bench/duplicates/sets.ts'

/** Of several sets together, since one has few duplicates at different mailboxes. */
function total(of: (quality: Quality) => Score, qualities: readonly Quality[]) {
  const sum = (count: (score: Score) => number): number =>
    qualities.reduce((all, quality) => all + count(of(quality)), 0)
  const right = sum((score) => score.right)
  return { precision: right / sum(({ found }) => found), recall: right / sum(({ wanted }) => wanted) }
}

test('on labelled sets not used for tuning, all certain results are right, and most duplicates are found', async () => {
  const qualities: Quality[] = []
  for (const seed of [3001, 3002, 3003])
    qualities.push(await qualityOf(sets.mixed({ ...report, seed, size: 3000 })))
  for (const level of ['exact', 'alias'] as const) {
    const { precision, recall } = total((quality) => quality[level], qualities)
    expect(precision).toBe(1)
    expect(recall).toBeGreaterThanOrEqual(0.99)
  }
  const deletions = total((quality) => quality.deletions, qualities)
  expect(deletions.precision).toBe(1)
  expect(deletions.recall).toBeGreaterThanOrEqual(0.9)
  const likely = total((quality) => quality.likely, qualities)
  expect(likely.precision).toBeGreaterThanOrEqual(0.98)
  expect(likely.recall).toBeGreaterThanOrEqual(0.85)
})
