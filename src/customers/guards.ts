import type { Customer, Mode } from '../api/customer.ts'
import { digits } from '../count.ts'
import { ExactNumber } from '../exact.ts'

/**
 * Why deleting a record needs care (docs/contract.md#what-needs-care). `mode` and `totalSpent` are documented
 * (docs/orafi-api.md#customer) but not validated by the API client, so an unreadable value counts as the dangerous one.
 */
export interface Care {
  /** The record was seen in live mode, whatever the key's mode, or its `mode` cannot be read. */
  readonly live: boolean
  /** `totalSpent` is anything but the number 0. */
  readonly spent: boolean
  /** The fields that cannot be read. Such a record can only be deleted at a prompt. */
  readonly unreadable: readonly ('mode' | 'totalSpent')[]
}

/** Why deleting a record needs care, if it does. */
export function careOf({ mode, totalSpent }: Customer): Care {
  const modes: readonly unknown[] = Array.isArray(mode) ? mode : []
  const readable = modes.length > 0 && modes.every((one) => one === 'test' || one === 'live')
  const spent = totalSpent !== 0
  return {
    live: !readable || modes.includes('live'),
    spent,
    unreadable: [
      ...(readable ? [] : (['mode'] as const)),
      ...(spent && !isAmount(totalSpent) ? (['totalSpent'] as const) : []),
    ],
  }
}

/** Whether a value is a number above 0, of any precision. */
function isAmount(value: unknown): boolean {
  if (value instanceof ExactNumber) return !value.digits.startsWith('-')
  return typeof value === 'number' && value > 0
}

/** Whether the record must be shown before it is deleted. */
export function needsCare({ live, spent }: Care): boolean {
  return live || spent
}

/** The limits of a deletion with `--yes`. */
export interface Unattended {
  readonly keyMode: Mode
  /** Whether `--live` is on the command line. */
  readonly liveFlag: boolean
  readonly includeSpenders: boolean
}

/** The default of `--max-delete` with `--yes`. */
export const defaultMaxDelete = 100

/** Counts records by the care they need; a field that cannot be read counts only as unreadable. */
export function careCounts(records: readonly Care[]) {
  const count = (test: (care: Care) => boolean): number => records.filter(test).length
  return {
    live: count(({ live, unreadable }) => live && !unreadable.includes('mode')),
    spent: count(({ spent, unreadable }) => spent && !unreadable.includes('totalSpent')),
    unreadable: count(({ unreadable }) => unreadable.length > 0),
    unreadableMode: count(({ unreadable }) => unreadable.includes('mode')),
    unreadableSpent: count(({ unreadable }) => unreadable.includes('totalSpent')),
  }
}

/** Why the records may not be deleted with `--yes`, with a hint for each reason; empty if they may. */
export function unattendedProblems(
  records: readonly Care[],
  rules: Unattended,
): { problem: string; hint: string }[] {
  const problems: { problem: string; hint: string }[] = []
  const add = (number: number, one: string, several: string, hint: string): void => {
    if (number > 0)
      problems.push({ problem: `${digits(number)} of the records ${number === 1 ? one : several}`, hint })
  }
  const interactiveOnly = 'delete these on a terminal, without --yes'
  const { live, spent, unreadableMode, unreadableSpent } = careCounts(records)
  if (rules.keyMode === 'live' && !rules.liveFlag) {
    problems.push({ problem: 'the key is live', hint: 'add --live, or run it on a terminal without --yes' })
  }
  if (rules.keyMode !== 'live') add(live, 'was seen in live mode', 'were seen in live mode', interactiveOnly)
  add(unreadableMode, 'has a mode that cannot be read', 'have a mode that cannot be read', interactiveOnly)
  if (!rules.includeSpenders)
    add(spent, 'has spent', 'have spent', 'to delete them too, add --include-spenders')
  const odd = 'a totalSpent that cannot be read'
  add(unreadableSpent, `has ${odd}`, `have ${odd}`, interactiveOnly)
  return problems
}
