import { type Command, InvalidArgumentError, Option, type OptionValues } from '@commander-js/extra-typings'
import { type Mode, type SpentRange, spentRanges } from '../../api/customer.ts'
import type { Context } from '../../context.ts'
import { count } from '../../count.ts'
import { createdWithin } from '../../customers/dates.ts'
import type { ListingOptions } from '../../customers/listing.ts'
import { type Moment, parseMoment } from '../../customers/moments.ts'
import { CliError } from '../../errors.ts'
import { visible } from '../../visible.ts'

/** Adds the filters of the commands that list customers. */
export function addFilters<Args extends unknown[], Given extends OptionValues>(
  command: Command<Args, Given>,
) {
  return command
    .addOption(
      new Option('--mode <mode>', 'only customers seen in this mode').choices(['test', 'live'] as const),
    )
    .addOption(
      new Option('--spent <range>', 'only customers whose spending is in this range')
        .choices(spentRanges)
        .argParser(spentRange),
    )
    .option(
      '--created-after <date>',
      'created at or after this date (UTC): 2026-01-31, 2026-01, 7d or yesterday',
      createdMoment,
    )
    .option('--created-before <date>', 'created before this date (UTC)', createdMoment)
}

/** The filters as parsed. */
export interface Filters {
  readonly mode?: Mode | undefined
  readonly spent?: SpentRange | undefined
  readonly createdAfter?: Moment | undefined
  readonly createdBefore?: Moment | undefined
}

function createdMoment(text: string): Moment {
  const moment = parseMoment(text)
  if (moment !== undefined) return moment
  const unclear = /^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}$/.test(text.trim())
    ? 'Day and month may be confused; write the year first. '
    : /^\d+ ?m$/i.test(text)
      ? 'Months are written 6mo. '
      : ''
  throw new InvalidArgumentError(
    `${unclear}Expected an ISO date such as 2026-01-31 or 2026-01-31T12:00Z, or 2026-01, 7d, "3 weeks ago" or yesterday.`,
  )
}

/** One of the API's spending ranges, in any case or in words. */
function spentRange(text: string): SpentRange {
  const range = parseSpentRange(text)
  if (range === undefined) throw new InvalidArgumentError(`Allowed choices are ${spentRanges.join(', ')}.`)
  return range
}

/**
 * The API's filters, and `accepts` for dates, which the API cannot filter.
 * @param now epoch ms
 * @throws CliError `usage` if `--created-after` is later than `--created-before`
 */
export function filtersOf(filters: Filters, now: number): Pick<ListingOptions, 'query' | 'accepts'> {
  const { mode, spent, createdAfter, createdBefore } = filters
  const { after, before } = boundsOf(filters, now)
  const dated = after !== undefined || before !== undefined
  if (createdAfter && createdBefore && after !== undefined && before !== undefined && after > before) {
    throw new CliError(
      'usage',
      `--created-after ${describe(createdAfter, now)} is later than --created-before ${describe(createdBefore, now)}`,
      { hint: 'swap them: --created-after is the start, --created-before the end' },
    )
  }
  return {
    query: { amountSpent: spent, mode },
    accepts: dated ? createdWithin({ after, before }) : undefined,
  }
}

/** The bounds on the creation date, in epoch ms. @param now epoch ms */
export function boundsOf({ createdAfter, createdBefore }: Filters, now: number) {
  return { after: createdAfter?.at(now), before: createdBefore?.at(now) }
}

function describe(moment: Moment, now: number): string {
  const time = moment.relative ? ` (${new Date(moment.at(now)).toISOString()})` : ''
  return `${visible(moment.text)}${time}`
}

/**
 * A command line with fixed dates instead of `7d` or `yesterday`, for commands that continue this one later.
 * @param now epoch ms
 */
export function withFixedDates(argv: readonly string[], filters: Filters, now: number): string[] {
  const flags = { '--created-after': filters.createdAfter, '--created-before': filters.createdBefore }
  return argv.map((word, index) => {
    for (const [flag, moment] of Object.entries(flags)) {
      if (moment?.relative !== true) continue
      const fixed = new Date(moment.at(now)).toISOString()
      if (word === moment.text && argv[index - 1] === flag) return fixed
      if (word === `${flag}=${moment.text}`) return `${flag}=${fixed}`
    }
    return word
  })
}

/** Notes that repeated ids were dropped (docs/contract.md#listing). */
export async function noteRepeated(context: Context, repeated: number): Promise<void> {
  if (repeated === 0) return
  await context.note(
    `note: ${count(repeated, 'repeated id was', 'repeated ids were')} dropped: the account changed while it was read`,
  )
}

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
function parseSpentRange(typed: string): SpentRange | undefined {
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
