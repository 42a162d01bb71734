import { isInitial } from '../customers/names.ts'
import { changed, typingErrors } from '../customers/typing.ts'
import type { Frequencies } from './frequencies.ts'
import { consonants, inLatin, patternsOf, surnameSpellings } from './latin.ts'
import { leastErrorsBetween, lettersOf } from './letters.ts'
import { isGivenName, possibleNames, spellingOf } from './name-table.ts'

/**
 * What one comparison says, in bits: log2 of how much more often it is seen between two records of one person, or of
 * two relatives, than between two strangers.
 */
export interface Evidence {
  readonly text: string
  readonly person: number
  readonly relatives: number
}

/** How often each is seen between two records of one person. */
export const nameShares = {
  same: 0.65,
  spelling: 0.04,
  nickname: 0.04,
  prefix: 0.02,
  initial: 0.03,
  errors: [0, 0.2, 0.1, 0.05],
  scrambled: 0.03,
}
/** Two given names that differ by a letter (Mario, Maria), or one of which starts the other, are hardly ever one name. */
const givenNames = 0.015

/** Relatives mostly share a surname, and seldom a given name. */
const sharedSurname = Math.log2(0.65)
const sharedGivenName = Math.log2(0.03)

const anotherGeneration: Evidence = { text: 'one is Jr. or Sr.', person: -12, relatives: 0 }
const anotherTitle: Evidence = { text: 'one is Mr. and one is Mrs.', person: -12, relatives: 0 }
const extraName: Evidence = { text: 'one has an extra name', person: -0.3, relatives: -0.3 }

/** Names are not independent: however rare they are, some strangers share them. */
const mostBits = 12.5
/** For a name that matches nothing: beside names that match, without any, and beside a given name that is known too. */
export const oneDiffers = -4.5
export const allDiffer = -8
const givenDiffer = -11

/** How much names of so many words can say. */
export function mostNameBits(words: number): number {
  return mostBits + 2 * Math.max(0, words - 2)
}

/** Words that tell father from son: a name with one and a name without are two people. */
const generations = new Set(['jr', 'jnr', 'junior', 'sr', 'snr', 'senior', 'ii', 'iii', 'iv', '2nd', '3rd'])

/** Titles are not names, but tell husband from wife. */
const titles = new Map([
  ...['mr', 'mister', 'herr'].map((title) => [title, 'm'] as const),
  ...['mrs', 'ms', 'miss', 'mme', 'mlle', 'frau'].map((title) => [title, 'f'] as const),
])

/** How two words are forms of one name, as a reason to review them; empty if they are the same. */
const kinds = {
  same: '',
  spelling: 'one name is another spelling of the other',
  nickname: 'one name is a short form of the other',
  prefix: 'one name is the start of the other',
  initial: 'one name is the initial of the other',
  errors: 'the names differ by a letter or two',
  manyErrors: 'the names differ by three letters',
  scrambled: 'the names have the same letters in another order',
}

/** A pair of names, one of each record, that are forms of one name. */
interface Match {
  readonly a: number
  readonly b: number
  readonly kind: keyof typeof kinds
  readonly text: string
  readonly person: number
  /** Of names that are nearly the same: how much a name says that is as near as this. */
  readonly near?: number
}

/** A bound for names that are made to take long. */
const mostJoined = 4

/** Compares the names of two customers as bags: the best pairing in any order. A missing name says nothing. */
export function compareNames(
  a: readonly string[],
  b: readonly string[],
  frequencies: Frequencies,
): Evidence[] {
  if (a.some(isAdded) || b.some(isAdded)) {
    const [rest, otherRest] = [a, b].map((names) => names.filter((name) => !isAdded(name)))
    return [...compareNames(rest ?? [], otherRest ?? [], frequencies), ...compareAdded(a, b)]
  }
  if (a.length === 0 || b.length === 0) return []
  const [fewer, more] = a.length < b.length ? [a, b] : [b, a]
  // The same letters, divided into words in another way.
  if (fewer.length < more.length && fewer.join('') === more.join(''))
    return [
      ...compareBags(fewer, fewer, frequencies),
      { text: 'names are split differently', person: -1, relatives: -1 },
    ]
  // `Mary Jane Obi` and `Maryjame Obi`: two neighbours may be one name of the other record.
  const joined = fewer.length === more.length ? [] : withNeighboursJoined(more, fewer)
  const divisions = [more, ...joined.slice(0, mostJoined)]
  const [best = []] = divisions
    .map((names) => compareBags(fewer, names, frequencies))
    .sort((x, y) => personOf(y) - personOf(x))
  return best
}

function personOf(evidence: readonly { readonly person: number }[]): number {
  return evidence.reduce((sum, { person }) => sum + person, 0)
}

/** The names with two neighbours as one, wherever that is nearly a name of the other record. */
function withNeighboursJoined(names: readonly string[], others: readonly string[]): string[][] {
  return names.slice(1).flatMap((name, at) => {
    const joined = `${names[at]}${name}`
    const isName = ![name, names[at] ?? ''].some(isInitial) && others.some((other) => isNearly(joined, other))
    return isName ? [[...names.slice(0, at), joined, ...names.slice(at + 2)]] : []
  })
}

/** Whether joined words are nearly a name, in any script: `abdelaziz` and `عبدالعزيز`. */
function isNearly(joined: string, name: string): boolean {
  if (isLatin(joined) === isLatin(name)) return typingErrors(joined, name, 2) <= 2
  return isLatin(joined) ? isWrittenAs(name, joined) : isWrittenAs(joined, name)
}

function compareBags(a: readonly string[], b: readonly string[], frequencies: Frequencies): Evidence[] {
  const matches = pairing(a, b, frequencies)
  const restA = a.filter((_, index) => !matches.some((match) => match.a === index))
  const restB = b.filter((_, index) => !matches.some((match) => match.b === index))
  const differing = Math.min(restA.length, restB.length)
  const evidence = withRelatives(matches, differing === 0)
  // Particles such as al and de say nothing more.
  const whole = matches.filter((match) => (a[match.a] ?? '').length > 2)
  const most = Math.min(mostNameBits(whole.length), frequencies.fullNameBits(a), frequencies.fullNameBits(b))
  const excess = Math.max(0, personOf(matches) - most)
  if (excess > 0)
    evidence.push({ text: 'others may have the same full name', person: -excess, relatives: -excess })
  for (let extra = Math.abs(restA.length - restB.length); extra > 0; extra--) evidence.push(extraName)
  for (let pair = 0; pair < differing; pair++) {
    const [one = '', other = ''] = [restA[pair], restB[pair]]
    // A name alone may be a surname.
    const areGiven = matches.length > 0 && one === a[0] && other === b[0]
    const areNames = areGiven ? areTwoNames(one, other, frequencies) : 0
    evidence.push(differ(one, other, matches.length > 0, pair, areNames))
  }
  return evidence
}

/** Whether a word is a suffix or a title rather than a name, such as Jr. or Mrs. */
export function isAdded(name: string): boolean {
  return generations.has(name) || titles.has(name)
}

/** How the words of two names differ if each is a form of one of the other name; undefined if one is not. */
export function howSimilar(
  a: readonly string[],
  b: readonly string[],
  frequencies: Frequencies,
): string[] | undefined {
  if (a.length !== b.length || [...a, ...b].some(isAdded)) return undefined
  const matches = pairing(a, b, frequencies)
  if (matches.length < a.length) return undefined
  return [...new Set(matches.map(({ kind }) => kinds[kind]))].filter((reason) => reason !== '')
}

/**
 * Two names that are nothing alike; of two relatives the first is the given name, and the next one would be the surname.
 * @param areNames how likely both stand first and are names that others have, from 0 to 1
 */
function differ(a: string, b: string, haveCommon: boolean, pair: number, areNames: number): Evidence {
  // No typing error makes another given name of one.
  const areGiven = isGivenName(a) && isGivenName(b) ? 1 : areNames
  const other = haveCommon ? oneDiffers : allDiffer
  const person = Math.log2(areGiven * 2 ** givenDiffer + (1 - areGiven) * 2 ** other)
  return { text: `${a} and ${b} differ`, person, relatives: haveCommon && pair === 0 ? -0.1 : -1.5 }
}

/** A word such as Jr. makes two people of one name if only one has it; titles do if they differ. */
function compareAdded(a: readonly string[], b: readonly string[]): Evidence[] {
  const [own, others] = [a, b].map((names) => names.filter((name) => generations.has(name)).join(' '))
  const [title, otherTitle] = [a, b].map((names) => titles.get(names.find((name) => titles.has(name)) ?? ''))
  return [
    ...(own === others ? [] : [anotherGeneration]),
    ...(title === undefined || otherTitle === undefined || title === otherTitle ? [] : [anotherTitle]),
  ]
}

/**
 * Relatives share their surnames, mistyped as often as one's own, and differ in a given name: one that matches nothing, else
 * the weakest match. A given name that is nearly the same is another one.
 */
function withRelatives(matches: readonly Match[], isComplete: boolean): Evidence[] {
  const given = isComplete ? matches.at(-1) : undefined
  return matches.map((match) => ({
    text: match.text,
    person: match.person,
    relatives: Math.max(0, match === given ? ofAnotherGiven(match) : match.person + sharedSurname),
  }))
}

function ofAnotherGiven({ person, near }: Match): number {
  return near === undefined ? person + sharedGivenName - Math.log2(nameShares.same) : near + sharedGivenName
}

/** The pairs of names that are forms of one name, the strongest first, each name once. */
function pairing(a: readonly string[], b: readonly string[], frequencies: Frequencies): Match[] {
  const all: Match[] = []
  for (const [at, one] of a.entries()) {
    for (const [bt, other] of b.entries()) {
      const found = compareTwo(one, other, frequencies)
      if (found !== undefined) all.push({ a: at, b: bt, ...found })
    }
  }
  all.sort((x, y) => y.person - x.person)
  const chosen: Match[] = []
  for (const match of all)
    if (!chosen.some((one) => one.a === match.a || one.b === match.b)) chosen.push(match)
  return chosen
}

/** Whether two words are forms of one name, or one of them mistyped. */
export function areForms(a: string, b: string, frequencies: Frequencies): boolean {
  return compareTwo(a, b, frequencies) !== undefined
}

type Level = Omit<Match, 'a' | 'b'>

function level(kind: Match['kind'], share: number, bits: number, text: string): Level {
  return { kind, text, person: Math.log2(share) + bits }
}

function near(kind: Match['kind'], share: number, bits: number, text: string): Level {
  return { ...level(kind, share, bits, text), near: bits }
}

function compareTwo(a: string, b: string, frequencies: Frequencies): Level | undefined {
  if (a === b) {
    if (isInitial(a)) return level('initial', nameShares.initial, 4, `same initial ${a}`)
    const common = frequencies.nameBits(a)
    return level('same', nameShares.same, common, `${common > 10 ? 'same rare name' : 'same name'} ${a}`)
  }
  if (isInitial(a) || isInitial(b))
    return a[0] === b[0] ? level('initial', nameShares.initial, 4, `${a} and ${b}: an initial`) : undefined
  if (spellingOf(a) === spellingOf(b))
    return level(
      'spelling',
      nameShares.spelling,
      commonBits(a, b, frequencies) - 1,
      `${a} and ${b} are spellings of one name`,
    )
  if (possibleNames(a).some((name) => possibleNames(b).includes(name)))
    return level(
      'nickname',
      nameShares.nickname,
      commonBits(a, b, frequencies) - 1,
      `${a} and ${b} are forms of one name`,
    )
  // Most names are ruled out here.
  if (isLatin(a) && isLatin(b) && !mayBeForms(a, b)) return undefined
  return compareUnknown(a, b, frequencies)
}

/** A cache for each account, since the same pairs of words recur. */
const remembered = new WeakMap<Frequencies, { customers: number; pairs: Map<string, Level | undefined> }>()
const mostRemembered = 2 ** 16

/** Compares two words of which no table knows that they are forms of one name. */
function compareUnknown(a: string, b: string, frequencies: Frequencies): Level | undefined {
  let known = remembered.get(frequencies)
  // Another customer was counted, and what names say has changed.
  if (
    known === undefined ||
    known.customers !== frequencies.customers ||
    known.pairs.size >= mostRemembered
  ) {
    known = { customers: frequencies.customers, pairs: new Map() }
    remembered.set(frequencies, known)
  }
  const key = `${a} ${b}`
  const before = known.pairs.get(key)
  if (before !== undefined || known.pairs.has(key)) return before
  const common = commonBits(a, b, frequencies)
  const [one, other] = isSyllabic.test(a) ? [inLatin(a), inLatin(b)] : [a, b]
  const found =
    isLatin(a) === isLatin(b)
      ? compareLetters(one, other, common, frequencies)
      : acrossAlphabets(a, b, common)
  known.pairs.set(key, found)
  return found
}

function commonBits(a: string, b: string, frequencies: Frequencies): number {
  return Math.min(frequencies.nameBits(a), frequencies.nameBits(b))
}

/** A cheap test that rules out most of what `compareLetters` would not find. */
function mayBeForms(a: string, b: string): boolean {
  if (a.startsWith(b) || b.startsWith(a)) return true
  return leastErrorsBetween(lettersOf(a), lettersOf(b)) <= mostNameErrors(Math.min(a.length, b.length))
}

/** The most typing errors between two names, by the length of the shorter one. */
function mostNameErrors(length: number): number {
  return length < 4 ? 1 : length < 7 ? 2 : 3
}

/** One of two characters is half a name. */
export const isSyllabic =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Ethiopic}\p{Script=Hiragana}\p{Script=Katakana}]/u

function isLatin(name: string): boolean {
  return /^[a-z]/.test(name)
}

/** Compares a name in Latin letters with one in another script. */
function acrossAlphabets(a: string, b: string, common: number): Level | undefined {
  const [one, other] = [inLatin(a), inLatin(b)]
  const text = `${a} and ${b} are one name in two scripts`
  if (one === other || typingErrors(one, other, 1) <= 1)
    return level('spelling', nameShares.spelling, common, text)
  const sounds = consonants(one)
  const isSame = sounds.length > 2 && sounds === consonants(other)
  const isWritten = isLatin(a) ? isWrittenAs(b, a) : isWrittenAs(a, b)
  if (!isSame && !isWritten) return undefined
  return level('spelling', nameShares.spelling, Math.min(common, 2.5 * Math.max(2, sounds.length)), text)
}

function isWrittenAs(name: string, latin: string): boolean {
  return surnameSpellings(name).includes(latin) || patternsOf(name).only.test(latin)
}

function compareLetters(a: string, b: string, common: number, frequencies: Frequencies): Level | undefined {
  const [shorter, longer] = a.length < b.length ? [a, b] : [b, a]
  const isEnding = (isGivenName(a) && isGivenName(b)) || isOtherEnding(shorter, longer)
  const areNames = isEnding ? areTwoNames(a, b, frequencies) : 0
  const given = 1 - areNames * (1 - givenNames)
  const found = [comparePrefix(shorter, longer, common), compareErrors(shorter, longer, common)]
  const levels = found.flatMap((one) =>
    one === undefined ? [] : [{ ...one, person: one.person + Math.log2(given) }],
  )
  const [best] = levels.sort((x, y) => y.person - x.person)
  return best !== undefined && best.person > -6.7 ? best : undefined
}

function comparePrefix(shorter: string, longer: string, common: number): Level | undefined {
  if (shorter.length < 3 || !longer.startsWith(shorter)) return undefined
  return near(
    'prefix',
    nameShares.prefix,
    Math.min(common, 2 + 1.6 * shorter.length),
    `${shorter} is the start of ${longer}`,
  )
}

function compareErrors(shorter: string, longer: string, common: number): Level | undefined {
  const most = mostNameErrors(shorter.length)
  const errors = typingErrors(shorter, longer, most)
  if (errors > most || errors * 2 > longer.length) return compareScrambled(shorter, longer, common)
  // A stranger's name is as near as this by chance; the more so, the shorter the name.
  const bits = Math.min(common, Math.max(1, 1 + 1.6 * shorter.length - 4 * (errors - 1)))
  const text = `${shorter} and ${longer} differ by ${errors === 1 ? 'a letter' : `${errors} letters`}`
  // The more errors there are, the more names of relatives are as near.
  return {
    ...level(errors > 2 ? 'manyErrors' : 'errors', nameShares.errors[errors] ?? 0, bits, text),
    near: bits + Math.log2(errors),
  }
}

/** Longer words are not names. */
const mostScrambled = 40

/** The same letters in another order, as in garbled data; at most one letter is lost. */
function compareScrambled(shorter: string, longer: string, common: number): Level | undefined {
  const lost = longer.length - shorter.length
  if (
    longer.length < 4 ||
    longer.length > mostScrambled ||
    lost > 1 ||
    changed(longer, shorter).length > 1 + lost
  )
    return undefined
  return near(
    'scrambled',
    nameShares.scrambled,
    Math.min(common, 1.6 * shorter.length - 2),
    `${shorter} and ${longer} have the same letters`,
  )
}

/**
 * How likely two similar words are two names, from 0 to 1, rather than one that was mistyped: both are known, or seen
 * elsewhere. A vowel is seldom mistyped for another one at the end, as in Alejandro and Alejandra.
 */
export function areTwoNames(a: string, b: string, frequencies: Frequencies): number {
  const areKnown = frequencies.isName(a) * frequencies.isName(b)
  return a.length === b.length && isOtherEnding(a, b) ? Math.max(areKnown, 0.95) : areKnown
}

/** Mario and Maria, Amin and Amina, Adeola and Adeolu: another last vowel is another name. */
function isOtherEnding(shorter: string, longer: string): boolean {
  const same = shorter.length === longer.length ? shorter.slice(0, -1) : shorter
  if (longer.slice(0, -1) !== same) return false
  // Arabic: Nabil and Nabila.
  if (longer === `${shorter}ه`) return true
  const isDoubled = shorter.length < longer.length && longer.at(-1) === longer.at(-2)
  return !isDoubled && /[aeiouy]$/.test(longer) && (same === shorter || /[aeiouy]$/.test(shorter))
}
