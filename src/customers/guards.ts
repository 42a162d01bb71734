import type { Customer, Mode } from '../api/customer.ts'
import { ExactNumber } from '../exact.ts'

/**
 * What makes the deletion of a record need care (docs/contract.md#what-needs-care). What cannot be read counts as the
 * dangerous thing: the form of `mode` and `totalSpent` is documented (docs/orafi-api.md#customer), but nobody checks
 * it.
 */
export interface Care {
  /** The record was seen in live mode, whatever the key, or its `mode` cannot be read. */
  readonly live: boolean
  /** `totalSpent` is anything but the number 0. */
  readonly spent: boolean
  /** The fields that cannot be read: only a person may delete such a record. */
  readonly unreadable: readonly ('mode' | 'totalSpent')[]
}

/** How much care a record needs. */
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

/** A number above 0, however many digits it has. */
function isAmount(value: unknown): boolean {
  if (value instanceof ExactNumber) return !value.digits.startsWith('-')
  return typeof value === 'number' && value > 0
}

/** Whether a person has to see the record before it goes. */
export function needsCare({ live, spent }: Care): boolean {
  return live || spent
}

/** Who may delete what although nobody is asked. */
export interface Unattended {
  readonly keyMode: Mode
  /** Whether the command itself says `--live`. */
  readonly saysLive: boolean
  readonly includeSpenders: boolean
}

/** The most records that are deleted without `--max-delete`, when nobody is asked. */
export const unattendedMost = 100

/** How many records need which care; one whose field cannot be read counts as that alone. */
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

/** Why nothing may be deleted at all although nobody is asked, each reason with what to do; empty when it may. */
export function unattendedRefusals(
  records: readonly Care[],
  rules: Unattended,
): { problem: string; hint: string }[] {
  const refusals: { problem: string; hint: string }[] = []
  const refuse = (count: number, one: string, several: string, hint: string): void => {
    if (count > 0) refusals.push({ problem: `${count} of the records ${count === 1 ? one : several}`, hint })
  }
  const byPerson = 'only a person on a terminal can delete these'
  const { live, spent, unreadableMode, unreadableSpent } = careCounts(records)
  if (rules.keyMode === 'live' && !rules.saysLive) {
    refusals.push({ problem: 'the key is a live one', hint: 'say --live too, or run it on a terminal' })
  }
  if (rules.keyMode !== 'live') refuse(live, 'was seen in live mode', 'were seen in live mode', byPerson)
  refuse(unreadableMode, 'has a mode that cannot be read', 'have a mode that cannot be read', byPerson)
  if (!rules.includeSpenders)
    refuse(spent, 'has spent', 'have spent', 'say --include-spenders if they are to go')
  const odd = 'a totalSpent that cannot be read'
  refuse(unreadableSpent, `has ${odd}`, `have ${odd}`, byPerson)
  return refusals
}
