import { InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { type SpentRange, spentRanges } from '../api/customer.ts'
import { parseIsoDate } from '../customers/dates.ts'
import { unattendedMost } from '../customers/guards.ts'

/** A whole number of at least 0. */
export function count(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It takes a whole number.')
  return Number(text)
}

/** A whole number of at least 1. */
export function positive(text: string): number {
  const number = count(text)
  if (number < 1) throw new InvalidArgumentError('It takes a whole number of at least 1.')
  return number
}

/** Seconds, with decimals if need be, more than 0. */
export function seconds(text: string): number {
  const number = /^\d{1,9}(\.\d+)?$/.test(text) ? Number(text) : 0
  if (number <= 0) throw new InvalidArgumentError('It takes seconds, more than 0.')
  return number
}

/** Seconds, with decimals if need be, 0 too. */
export function secondsOrNone(text: string): number {
  return Number(text) === 0 && text !== '' ? 0 : seconds(text)
}

/** An ISO date, as epoch ms. */
export function isoDate(text: string): number {
  const time = parseIsoDate(text)
  if (time === undefined) {
    throw new InvalidArgumentError('It takes an ISO date such as 2026-01-31 or 2026-01-31T12:00Z.')
  }
  return time
}

/** One of the API's spending ranges, in any case. */
export function spentRange(text: string): SpentRange {
  const range = spentRanges.find((one) => one === text.toUpperCase())
  if (range === undefined) throw new InvalidArgumentError(`Allowed choices are ${spentRanges.join(', ')}.`)
  return range
}

/** The filters of everything that lists customers. */
export const filterOptions = {
  mode: () => new Option('--mode <mode>', 'customers seen in this mode').choices(['test', 'live'] as const),
  spent: () =>
    new Option('--spent <range>', 'customers by what they spent').choices(spentRanges).argParser(spentRange),
  createdAfter: () =>
    new Option('--created-after <date>', 'created at or after this ISO date (UTC)').argParser(isoDate),
  createdBefore: () =>
    new Option('--created-before <date>', 'created before this ISO date (UTC)').argParser(isoDate),
}

/** The filters as parsed. */
export interface Filters {
  readonly mode?: 'test' | 'live' | undefined
  readonly spent?: SpentRange | undefined
  readonly createdAfter?: number | undefined
  readonly createdBefore?: number | undefined
}

/** The flags of everything that deletes. */
export const deletionOptions = {
  yes: () => new Option('-y, --yes', 'ask nobody'),
  includeSpenders: () => new Option('--include-spenders', 'with --yes: delete records that have spent, too'),
  maxDelete: () =>
    new Option(
      '--max-delete <n>',
      `the most records that may go (with --yes: ${unattendedMost} unless told)`,
    ).argParser(positive),
}
