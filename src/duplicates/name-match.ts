import { isGivenName, spellingOf, standsFor } from './name-table.ts'
import { isInitial, type Name } from './names.ts'
import { areNeighbours, type TypingError, theError, typingErrors } from './typing.ts'

/** How two names are one person's, from the surest to the least sure. */
export type Kind = 'same' | 'spelling' | 'typing' | 'nickname' | 'initial' | 'middle'

export interface Agreement {
  readonly kind: Kind
  /** Whether the names agree well enough to propose a deletion at one mailbox (issue: normalised, a small typing error). */
  readonly sure: boolean
  /** Typing errors in all. */
  readonly errors: number
  /** The tokens that differ: of the one name and of the other. */
  readonly differing: readonly (readonly [string, string])[]
}

/** What makes two tokens one name, or undefined. */
interface Likeness {
  readonly kind: Exclude<Kind, 'middle'>
  readonly sure: boolean
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
 * words joined or hyphenated. A name that is missing agrees with nothing.
 */
export function compareNames(a: Name, b: Name): Agreement | undefined {
  if (isMissing(a) || isMissing(b)) return undefined
  if (isSame(a, b)) return { kind: 'same', sure: !onlyInitials(a), errors: 0, differing: [] }
  const [restA, restB] = withoutCommon(tokensOf(a), tokensOf(b))
  if ([...restA, ...restB].some(({ text }) => generations.has(text))) return undefined
  if (restA.length === 0 || restB.length === 0) return longer(a, b)
  if (restA.length !== restB.length || restA.length > 2) return undefined
  return best(pairings(restA, restB), onlyInitials(a) || onlyInitials(b))
}

function isMissing({ first, last }: Name): boolean {
  return first.length + last.length === 0
}

function isSame(a: Name, b: Name): boolean {
  return a.straight === b.straight || a.straight === b.swapped
}

/** `J Smith` is John or Jane: the same at one mailbox, and yet maybe two people. */
function onlyInitials(name: Name): boolean {
  const tokens = name.first.length === 0 ? name.last : name.first
  return tokens.every(isInitial) || (name.last.length > 0 && name.last.every(isInitial))
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
  if (lengthA === lengthB) return { kind: 'same', sure: !onlyInitials(a), errors: 0, differing: [] }
  const shorter = lengthA < lengthB ? a : b
  const common = tokensOf(shorter).filter(({ text }) => !isInitial(text)).length
  return common >= 2 ? { kind: 'middle', sure: false, errors: 0, differing: [] } : undefined
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

function best(
  ways: readonly (readonly (readonly [Token, Token])[])[],
  initials: boolean,
): Agreement | undefined {
  let found: Agreement | undefined
  for (const pairs of ways) {
    const agreement = together(pairs, initials)
    if (agreement === undefined) continue
    if (found === undefined || ranks.indexOf(agreement.kind) < ranks.indexOf(found.kind)) found = agreement
  }
  return found
}

/** All tokens of one pairing: as sure as the least sure of them. Two pairs of differing tokens are never sure. */
function together(pairs: readonly (readonly [Token, Token])[], initials: boolean): Agreement | undefined {
  let kind: Kind = 'same'
  let errors = 0
  let sure = !initials
  for (const [a, b] of pairs) {
    const likeness = likenessOf(a, b)
    if (likeness === undefined) return undefined
    if (ranks.indexOf(likeness.kind) > ranks.indexOf(kind)) kind = likeness.kind
    errors += likeness.errors
    sure &&= likeness.sure && (pairs.length === 1 || likeness.kind === 'spelling')
  }
  return { kind, sure, errors, differing: pairs.map(([a, b]) => [a.text, b.text] as const) }
}

function likenessOf(a: Token, b: Token): Likeness | undefined {
  if (spellingOf(a.text) === spellingOf(b.text)) {
    // Youssef and Yusuf are one name, and yet a record goes only for what may be a slip (Mohamed, Mohammed).
    return { kind: 'spelling', sure: typingErrors(a.text, b.text, 1) === 1, errors: 0 }
  }
  const given = a.given || b.given
  const errors = smallErrors(a.text, b.text, given)
  if (errors !== undefined) return { kind: 'typing', sure: isSure(a.text, b.text, errors, given), errors }
  if (!given) return undefined
  if (standsFor(a.text).some((name) => standsFor(b.text).includes(name))) {
    return { kind: 'nickname', sure: false, errors: 0 }
  }
  const initial = (isInitial(a.text) || isInitial(b.text)) && a.text[0] === b.text[0]
  return initial ? { kind: 'initial', sure: false, errors: 0 } : undefined
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

/**
 * Whether a typing error is so plainly one that a record may go for it. In a family name nearly any single one is: the
 * first names and the mailbox are the same. A first name with another letter may be a brother's (Tobi, Toni), so there
 * it has to be one that fingers make, and inside the word.
 */
function isSure(a: string, b: string, errors: number, given: boolean): boolean {
  if (errors !== 1) return false
  const error = theError(a, b)
  const length = Math.max(a.length, b.length)
  if (given && error.first) return false
  if (error.kind === 'swapped' || error.kind === 'doubled') return true
  if (!given) return length >= 5 && !isOtherEnding(error)
  if (error.last) return false
  return error.kind === 'missing' ? length >= 5 : length >= 6 && areNeighbours(...error.letters)
}
