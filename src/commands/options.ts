import { InvalidArgumentError, Option } from '@commander-js/extra-typings'
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

/** The flags of everything that deletes. */
export const deletionOptions = {
  yes: () => new Option('-y, --yes', 'skip confirmation'),
  includeSpenders: () => new Option('--include-spenders', 'with --yes: also delete customers who have spent'),
  maxDelete: () =>
    new Option(
      '--max-delete <n>',
      `refuse to delete more than this many (with --yes: ${unattendedMost} by default)`,
    ).argParser(positive),
}
