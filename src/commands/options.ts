import { InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { defaultMaxDelete } from '../customers/guards.ts'

/** A whole number of at least 0. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.')
  return Number(text)
}

/** A whole number of at least 1. */
export function positive(text: string): number {
  const number = wholeNumber(text)
  if (number < 1) throw new InvalidArgumentError('Expected a whole number of at least 1.')
  return number
}

/** Seconds, more than 0; decimals are allowed. */
export function seconds(text: string): number {
  const number = /^\d{1,9}(\.\d+)?$/.test(text) ? Number(text) : 0
  if (number <= 0) throw new InvalidArgumentError('Expected a number of seconds greater than 0.')
  return number
}

/** Seconds, 0 or more; decimals are allowed. */
export function secondsOrNone(text: string): number {
  return Number(text) === 0 && text !== '' ? 0 : seconds(text)
}

/** One sign that can separate the cells of CSV. Letters, digits and spaces would be in nearly every cell. */
function delimiter(text: string): string {
  if (text === 'tab' || text === '\\t' || text === '\t') return '\t'
  if (text.length !== 1 || !/[\p{P}\p{S}]/u.test(text) || /["']/.test(text)) {
    throw new InvalidArgumentError("Expected one sign such as ';' or '|', or tab.")
  }
  return text
}

/** The delimiter of CSV output, for the commands that print customers. */
export function delimiterOption() {
  return new Option(
    '--delimiter <character>',
    "with --csv: use this delimiter, such as ';' or tab",
  ).argParser(delimiter)
}

/** The flags shared by the commands that delete. */
export const deletionOptions = {
  yes: () => new Option('-y, --yes', 'skip confirmation'),
  includeSpenders: () =>
    new Option('--include-spenders', 'with --yes: also delete customers who have spent money'),
  maxDelete: () =>
    new Option(
      '--max-delete <n>',
      `refuse to delete more than this many (with --yes: ${defaultMaxDelete} by default)`,
    ).argParser(positive),
}

const repeatableKey = Symbol('repeatable')

/**
 * An option whose values add up if it is repeated. All others keep one value.
 * @param parse gets a value as typed, and the values so far
 * @param choices for the help and for completion
 */
export function repeatable<Usage extends string, Values>(
  usage: Usage,
  description: string,
  parse: (typed: string, before: Values) => Values,
  choices?: readonly string[],
) {
  const option = new Option(usage, description)
  const known = choices === undefined ? option : option.choices(choices)
  return Object.assign(known.argParser(parse), { [repeatableKey]: true })
}

/** Whether the values of an option add up. */
export function isRepeatable(option: object): boolean {
  return repeatableKey in option
}

/** The parser of a repeatable option that keeps every value as typed. */
export function collected(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}
