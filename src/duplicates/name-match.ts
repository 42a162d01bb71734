import { isInitial, type Name } from '../customers/names.ts'
import { singleError, type TypingError, typingErrors } from '../customers/typing.ts'
import { isGivenName, possibleNames, spellingOf } from './name-table.ts'

/** How two names agree, from the most to the least certain. */
export type Kind = 'same' | 'spelling' | 'typing' | 'nickname' | 'initial' | 'middle'

export interface Agreement {
  readonly kind: Kind
  /** Typing errors in total. */
  readonly errors: number
  /** The pairs of tokens that differ, one from each name. */
  readonly differing: readonly (readonly [string, string])[]
}

/** How two tokens are forms of one name. */
interface Likeness {
  readonly kind: Exclude<Kind, 'middle'>
  readonly errors: number
}

interface Token {
  readonly text: string
  /** From the first name, where a different letter is more likely to be a relative. */
  readonly given: boolean
}

/** Words that tell father from son: a name with one and a name without are two people. */
const generations = new Set(['jr', 'jnr', 'junior', 'sr', 'snr', 'senior', 'ii', 'iii', 'iv', '2nd', '3rd'])

const ranks: readonly Kind[] = ['same', 'spelling', 'typing', 'nickname', 'initial', 'middle']

/**
 * How two names agree; undefined if they belong to two people. First and last name may be swapped, and words joined or
 * hyphenated. A missing name agrees with nothing. `proposal.ts` does not use this: similar names are no reason to delete.
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

/** Both lists without the tokens that they share. */
function withoutCommon(a: readonly Token[], b: readonly Token[]): readonly [Token[], Token[]] {
  const restB = [...b]
  const restA = a.filter((token) => {
    const at = restB.findIndex(({ text }) => text === token.text)
    if (at !== -1) restB.splice(at, 1)
    return at === -1
  })
  return [restA, restB]
}

/** The same words in another order, or an extra middle name in one of them. */
function longer(a: Name, b: Name): Agreement | undefined {
  const lengthA = a.first.length + a.last.length
  const lengthB = b.first.length + b.last.length
  if (lengthA === lengthB) return { kind: 'same', errors: 0, differing: [] }
  const shorter = lengthA < lengthB ? a : b
  const common = tokensOf(shorter).filter(({ text }) => !isInitial(text)).length
  return common >= 2 ? { kind: 'middle', errors: 0, differing: [] } : undefined
}

/** The ways to pair the tokens of two names: in order, and crosswise. */
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

/** The agreement of all tokens of one pairing: that of the least certain pair. */
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
  if (possibleNames(a.text).some((name) => possibleNames(b.text).includes(name))) {
    return { kind: 'nickname', errors: 0 }
  }
  const initial = (isInitial(a.text) || isInitial(b.text)) && a.text[0] === b.text[0]
  return initial ? { kind: 'initial', errors: 0 } : undefined
}

/** Scripts in which one letter is a small part of a word, unlike a Chinese character. */
const alphabetic =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Ethiopic}]+$/u
const shortestTyped = 4
const longTyped = 9

/** The number of typing errors between two tokens; undefined if they are different names. */
function smallErrors(a: string, b: string, given: boolean): number | undefined {
  const shorter = Math.min(a.length, b.length)
  if (shorter < shortestTyped || !alphabetic.test(a) || !alphabetic.test(b)) return undefined
  const most = shorter >= longTyped ? 2 : 1
  const errors = typingErrors(a, b, most)
  if (errors > most || (isGivenName(a) && isGivenName(b))) return undefined
  return given && errors === 1 && isOtherEnding(singleError(a, b)) ? undefined : errors
}

const vowels = new Set('aeiouy')

/** Mario and Maria, Amin and Amina, Adeola and Adeolu: another last vowel is another name. */
function isOtherEnding({ kind, last, letters }: TypingError): boolean {
  if (!last || kind === 'doubled' || kind === 'swapped') return false
  return letters.every((letter) => letter === '' || vowels.has(letter))
}
