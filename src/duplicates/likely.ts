import { type Agreement, compareNames, type Kind } from './name-match.ts'
import { mirrorsNames, type Nearness, nearness } from './near.ts'
import type { Person } from './person.ts'

/** Why two customers are likely one person, and how far from sure: fewer is surer. */
export interface Likelihood {
  readonly why: string
  readonly doubt: number
}

/** How much each kind of agreement leaves to doubt. */
const doubts: Readonly<Record<Kind, number>> = {
  same: 0,
  spelling: 1,
  typing: 2,
  nickname: 2,
  initial: 3,
  middle: 3,
}

/** How much doubt about the names each kind of near address can bear. */
const bearable: Readonly<Record<Nearness['kind'], number>> = {
  'mistyped domain': 3,
  separators: 3,
  'near local part': 2,
  'near domain': 2,
  'other provider': 1,
}

/** The most typing errors in name and address together. */
const mostErrors = 2

/**
 * Whether two customers with different mailboxes are likely one person: the names have to agree *and* the addresses
 * to be near. Neither alone says enough.
 */
export function likelyOne(a: Person, b: Person): Likelihood | undefined {
  // The addresses first: that is quick, and most pairs are not near.
  const near = nearness(a, b)
  if (near === undefined) return undefined
  const names = compareNames(a.name, b.name)
  if (names === undefined || doubts[names.kind] > bearable[near.kind]) return undefined
  if (near.kind === 'near local part' && mirrorsNames(a, b, names)) return undefined
  if (names.errors + near.errors > mostErrors) return undefined
  return { why: `${wordsFor(names)}; ${near.why}`, doubt: doubts[names.kind] + names.errors + near.errors }
}

const words: Readonly<Record<Kind, string>> = {
  same: 'same name',
  spelling: 'same name in another spelling',
  typing: 'the names differ by a letter or two',
  nickname: 'one name is short for the other',
  initial: 'one name is the initial of the other',
  middle: 'one name has a middle name more',
}

/** How two names agree, in words for people. */
export function wordsFor({ kind }: Agreement): string {
  return words[kind]
}
