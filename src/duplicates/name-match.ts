import { isGivenName, spellingOf, standsFor } from './name-table.ts'
import { isInitial, type Name } from './names.ts'
import { type TypingError, theError, typingErrors } from './typing.ts'

/** How two names are one person's, from the surest to the least sure. */
export type Kind = 'same' | 'spelling' | 'typing' | 'nickname' | 'initial' | 'middle'

export interface Agreement {
  readonly kind: Kind
  /** Typing errors in all. */
  readonly errors: number
  /** The tokens that differ: of the one name and of the other. */
  readonly differing: readonly (readonly [string, string])[]
}

/** What makes two tokens one name, or undefined. */
interface Likeness {
  readonly kind: Exclude<Kind, 'middle'>
  readonly errors: number
}

interface Token {
  readonly text: string
  /** Of the field for first names, where a typing error is more likely to be somebody else of the family. */
  readonly given: boolean
}

/** Words after a name that tell father from son, so that one with and one without are two people. */
const generations = new Set(['jr', 'jnr', 'junior', 'sr', 'snr', 'senior', 'ii', 'iii', 'iv', '2nd', '3rd'])

const ranks: readonly Kind[] = ['same', 'spelling', 'typing', 'nickname', 'initial', 'middle']

/**
 * How two names agree, or undefined where they are two people's. First and last name may be swapped, and
 * words joined or hyphenated. A name that is missing agrees with nothing. However well names agree, whether a deletion
 * is proposed is decided without this (`proposal.ts`).
 */
export function compareNames(a: Name, b: Name): Agreement | undefined {
  if (isMissing(a) || isMissing(b)) return undefined
  if (isSame(a, b)) return { kind: 'same', errors: 0, differing: [] }
  const [restA, restB] = withoutCommon(tokensOf(a), tokensOf(b))
  if ([...restA, ...restB].some(({ text }) => generations.has(text))) return undefined
  if (restA.length === 0 || restB.length === 0) return longer(a, b)
  if (restA.length !== restB.length || restA.length > 2) return undefined
  return best(pairings(restA, restB))
}

function isMissing({ first, last }: Name): boolean {
  return first.length + last.length === 0
}

function isSame(a: Name, b: Name): boolean {
  return a.straight === b.straight || a.straight === b.swapped
}

function tokensOf({ first, last }: Name): Token[] {
  return [...first.map((text) => ({ text, given: true })), ...last.map((text) => ({ text, given: false }))]
}

/** What is left of both when the tokens that both have are taken away. */
function withoutCommon(a: readonly Token[], b: readonly Token[]): readonly [Token[], Token[]] {
  const restB = [...b]
  const restA = a.filter((token) => {
    const at = restB.findIndex(({ text }) => text === token.text)
    if (at !== -1) restB.splice(at, 1)
    return at === -1
  })
  return [restA, restB]
}

/** The same words but in another order, or the one name has a middle name that the other lacks. */
function longer(a: Name, b: Name): Agreement | undefined {
  const lengthA = a.first.length + a.last.length
  const lengthB = b.first.length + b.last.length
  if (lengthA === lengthB) return { kind: 'same', errors: 0, differing: [] }
  const shorter = lengthA < lengthB ? a : b
  const common = tokensOf(shorter).filter(({ text }) => !isInitial(text)).length
  return common >= 2 ? { kind: 'middle', errors: 0, differing: [] } : undefined
}

/** The ways in which the one's tokens may be the other's: as they stand, and crosswise. */
function pairings(a: readonly Token[], b: readonly Token[]): (readonly (readonly [Token, Token])[])[] {
  const [a0, a1] = a
  const [b0, b1] = b
  if (a0 === undefined || b0 === undefined) return []
  if (a1 === undefined || b1 === undefined) return [[[a0, b0]]]
  return [
    [
      [a0, b0],
      [a1, b1],
    ],
    [
      [a0, b1],
      [a1, b0],
    ],
  ]
}

function best(ways: readonly (readonly (readonly [Token, Token])[])[]): Agreement | undefined {
  let found: Agreement | undefined
  for (const pairs of ways) {
    const agreement = together(pairs)
    if (agreement === undefined) continue
    if (found === undefined || ranks.indexOf(agreement.kind) < ranks.indexOf(found.kind)) found = agreement
  }
  return found
}

/** All tokens of one pairing: as sure as the least sure of them. */
function together(pairs: readonly (readonly [Token, Token])[]): Agreement | undefined {
  let kind: Kind = 'same'
  let errors = 0
  for (const [a, b] of pairs) {
    const likeness = likenessOf(a, b)
    if (likeness === undefined) return undefined
    if (ranks.indexOf(likeness.kind) > ranks.indexOf(kind)) kind = likeness.kind
    errors += likeness.errors
  }
  return { kind, errors, differing: pairs.map(([a, b]) => [a.text, b.text] as const) }
}

function likenessOf(a: Token, b: Token): Likeness | undefined {
  if (spellingOf(a.text) === spellingOf(b.text)) return { kind: 'spelling', errors: 0 }
  const given = a.given || b.given
  const errors = smallErrors(a.text, b.text, given)
  if (errors !== undefined) return { kind: 'typing', errors }
  if (!given) return undefined
  if (standsFor(a.text).some((name) => standsFor(b.text).includes(name))) {
    return { kind: 'nickname', errors: 0 }
  }
  const initial = (isInitial(a.text) || isInitial(b.text)) && a.text[0] === b.text[0]
  return initial ? { kind: 'initial', errors: 0 } : undefined
}

/** Latin, Greek, Cyrillic, Arabic, Hebrew, Ethiopic: a letter is little of a word. One sign of Chinese is a whole one. */
const alphabetic =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Ethiopic}]+$/u
const shortestTyped = 4
const longTyped = 9

/** How many small typing errors make one token the other, or undefined where it is another name. */
function smallErrors(a: string, b: string, given: boolean): number | undefined {
  const shorter = Math.min(a.length, b.length)
  if (shorter < shortestTyped || !alphabetic.test(a) || !alphabetic.test(b)) return undefined
  const most = shorter >= longTyped ? 2 : 1
  const errors = typingErrors(a, b, most)
  if (errors > most || (isGivenName(a) && isGivenName(b))) return undefined
  return given && errors === 1 && isOtherEnding(theError(a, b)) ? undefined : errors
}

const vowels = new Set('aeiouy')

/** Mario and Maria, Amin and Amina, Adeola and Adeolu: the last vowel makes another person of a name. */
function isOtherEnding({ kind, last, letters }: TypingError): boolean {
  if (!last || kind === 'doubled' || kind === 'swapped') return false
  return letters.every((letter) => letter === '' || vowels.has(letter))
}
