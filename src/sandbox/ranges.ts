/**
 * The six spending ranges (docs/orafi-api.md#list-filters). Where their bounds lie is documented nowhere; this is the
 * one place that decides it, by the words of their names, so that every amount falls into exactly one:
 *
 *   BELOW10USDT        less than 10 (0 and anything odd included)
 *   FROM10TO30USDT     10 or more, less than 30
 *   FROM30TO100USDT    30 or more, less than 100
 *   FROM100TO200USDT   100 or more, less than 200
 *   FROM200TO500USDT   200 or more, up to and including 500
 *   ABOVE500USDT       more than 500
 */
export const spendingRanges = [
  'BELOW10USDT',
  'FROM10TO30USDT',
  'FROM30TO100USDT',
  'FROM100TO200USDT',
  'FROM200TO500USDT',
  'ABOVE500USDT',
] as const

export type SpendingRange = (typeof spendingRanges)[number]

/** The index in `spendingRanges` of the range that an amount (USDT) falls into. */
export function rangeOf(amount: number): number {
  if (amount > 500) return 5
  if (amount >= 200) return 4
  if (amount >= 100) return 3
  if (amount >= 30) return 2
  return amount >= 10 ? 1 : 0
}

/** Is this text the name of a range? Names are taken in the API's own spelling only. */
export function isSpendingRange(text: string): text is SpendingRange {
  return (spendingRanges as readonly string[]).includes(text)
}
