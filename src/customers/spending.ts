import { type SpentRange, spentRanges } from '../api/customer.ts'

/** An amount with a thousands separator at most, such as 500, 1,000 or 30.00. */
const amount = /\d+(?:,\d{3})*(?:\.\d+)?/g
const currency = /usdt|usdc|usd|us\$|[$₮]/g
const above =
  /^(?:above|over|morethan|greaterthan|atleast|from|min|minimum|gte?|>=?|≥)#$|^#(?:\+|andabove|andmore|andup|ormore|orabove|plus|-|\.\.)$/
const below =
  /^(?:below|under|lessthan|fewerthan|upto|atmost|max|maximum|lte?|<=?|≤)#$|^#(?:andbelow|andless|orless|orbelow)$|^(?:-|\.\.)#$/
const between = /^(?:from|between)?#(?:to|and|until|upto|-|–|—|\.\.\.?|:)#$/

/**
 * One of the API's spending ranges: its name in any case, or in words, such as `above 500`, `>500`, `10-30` or
 * `from 10 to 30 USDT`. Undefined for anything else, and for bounds that no range of the API has.
 */
export function parseSpentRange(typed: string): SpentRange | undefined {
  const text = typed.toLowerCase().replace(currency, '').replace(/[\s_]/g, '')
  const amounts = (text.match(amount) ?? []).map((one) => Number(one.replaceAll(',', '')))
  const form = text.replace(amount, '#')
  const [first, second] = amounts
  const zero = second !== undefined && first === 0
  if (between.test(form)) return named(zero ? `BELOW${second}USDT` : `FROM${first}TO${second}USDT`)
  if (above.test(form)) return named(`ABOVE${first}USDT`)
  return below.test(form) ? named(`BELOW${first}USDT`) : undefined
}

function named(name: string): SpentRange | undefined {
  return spentRanges.find((range) => range === name)
}
