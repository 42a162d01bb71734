import type { Customer, Mode } from '../api/customer.ts'

/** What makes a deletion of one record need care (contract, "customers"). */
export interface Care {
  /** The record was seen in live mode, whatever the key. */
  readonly live: boolean
  /** `totalSpent` is not exactly 0; a missing or odd value counts as spent. */
  readonly spent: boolean
}

/** How much care a record needs. Anything that cannot be read counts as needing it. */
export function careOf(customer: Customer): Care {
  return { live: seenLive(customer.mode), spent: customer.totalSpent !== 0 }
}

/** `mode` should be an array; a text or anything else that mentions live counts too. */
function seenLive(mode: unknown): boolean {
  if (Array.isArray(mode)) return mode.some((one) => String(one).toLowerCase() === 'live')
  return typeof mode === 'string' && mode.toLowerCase().includes('live')
}

/** What is about to be deleted, counted while it is fetched. */
export interface Tally {
  readonly records: number
  readonly live: number
  readonly spenders: number
}

export interface Unattended {
  readonly keyMode: Mode
  /** Whether the command itself says `--live`. */
  readonly saysLive: boolean
  readonly includeSpenders: boolean
}

/** The most records that are deleted without `--max-delete`, when nobody is asked. */
export const unattendedMost = 100

/**
 * Why a record must stay that was agreed to before, as it is just before its DELETE, or undefined: it has spent since,
 * or, under a test key, it was seen in live mode since (contract, "customers"). `before` is the record as it was shown;
 * one that was not shown needed no care.
 */
export function changedCare(now: Customer, before: Customer | undefined, keyMode: Mode): string | undefined {
  const spentBefore = before === undefined ? 0 : before.totalSpent
  if (String(now.totalSpent) !== String(spentBefore)) return 'has spent since'
  const liveBefore = before !== undefined && careOf(before).live
  return keyMode === 'test' && careOf(now).live && !liveBefore ? 'was seen in live mode since' : undefined
}

/** Why nothing may be deleted at all although nobody is asked, each reason with what to do; empty when it may. */
export function unattendedRefusals(tally: Tally, rules: Unattended): { problem: string; hint: string }[] {
  const refusals: { problem: string; hint: string }[] = []
  if (rules.keyMode === 'live' && !rules.saysLive) {
    refusals.push({ problem: 'the key is a live one', hint: 'say --live too, or run it on a terminal' })
  }
  if (rules.keyMode !== 'live' && tally.live > 0) {
    refusals.push({
      problem: `${tally.live} of the records ${tally.live === 1 ? 'was' : 'were'} seen in live mode`,
      hint: 'these are deleted by a person on a terminal only',
    })
  }
  if (tally.spenders > 0 && !rules.includeSpenders) {
    refusals.push({
      problem: `${tally.spenders} of the records ${tally.spenders === 1 ? 'has' : 'have'} spent`,
      hint: 'say --include-spenders if they are to go',
    })
  }
  return refusals
}
