import type { Customer } from '../api/customer.ts'
import { isCutName, type Name, nameFrom, nameOf, nameTokens } from '../customers/names.ts'
import { without } from '../customers/typing.ts'
import { strictEmail } from '../email.ts'
import { impersonal } from './impersonal.ts'
import { exactAddress, isCutAddress, mailboxKey, mailboxOf } from './mailbox.ts'

// A deletion cannot be undone completely, so it is proposed only if nothing speaks against it. Relatives share mailboxes
// and have similar names, so similarity is left to a person: only words that are equal after folding count here.

/** What is known about a mailbox from all its records. */
interface MailboxFacts {
  /** Why it does not belong to one person; undefined if it may. */
  readonly kind: 'role' | 'placeholder' | undefined
  /** The different names in it, at most `mostNames` + 1. */
  readonly names: readonly Name[]
}

/** The facts about each mailbox, by its key. */
export type Mailboxes = ReadonlyMap<string, MailboxFacts>

/** A mailbox with more different names than this is used by several people. */
const mostNames = 3

/** Collects the facts about each mailbox. @param records all known records of these mailboxes */
export function mailboxesOf(records: Iterable<Customer>): Mailboxes {
  const mailboxes = new Map<string, { kind: MailboxFacts['kind']; names: Name[] }>()
  for (const record of records) {
    const address = exactAddress(record.email)
    if (address === undefined) continue
    const key = mailboxKey(mailboxOf(address))
    const facts = mailboxes.get(key) ?? { kind: undefined, names: [] }
    mailboxes.set(key, facts)
    facts.kind ??= impersonal(address)
    const name = fullName(record)
    if (wordsOf(name).length === 0 || facts.names.length > mostNames) continue
    if (!facts.names.some((known) => isSameForm(known, name))) facts.names.push(name)
  }
  return mailboxes
}

/**
 * Why a record may not be proposed for deletion in favour of another one; undefined if it may. Does not check spending and
 * mode.
 * @param mailboxes the facts about, at least, the mailbox of the keeper
 */
export function whyNotDelete(record: Customer, keeper: Customer, mailboxes: Mailboxes): string | undefined {
  const key = keyOf(keeper)
  const facts = key === undefined ? undefined : mailboxes.get(key)
  if (facts === undefined || keyOf(record) !== key) return 'another mailbox'
  return mailboxReason(record, keeper, facts) ?? nameReason(record, keeper, facts)
}

function mailboxReason(record: Customer, keeper: Customer, facts: MailboxFacts): string | undefined {
  if ([record, keeper].some(({ email }) => isCutAddress(email))) return 'the e-mail is too long to compare'
  if (strictKeyOf(record) !== strictKeyOf(keeper))
    return 'the e-mails match only if similar letters count as equal'
  if (facts.kind === 'role') return 'the mailbox is shared, such as info@'
  if (facts.kind === 'placeholder') return 'the e-mail is a placeholder'
  if (facts.names.length > mostNames) return `more than ${mostNames} names share the mailbox`
  return undefined
}

function keyOf({ email }: Customer): string | undefined {
  const address = exactAddress(email)
  return address === undefined ? undefined : mailboxKey(mailboxOf(address))
}

/** The mailbox without the generous rules of `sameEmail`. */
function strictKeyOf({ email }: Customer): string | undefined {
  return typeof email === 'string' ? mailboxKey(mailboxOf(strictEmail(email))) : undefined
}

function nameReason(record: Customer, keeper: Customer, { names }: MailboxFacts): string | undefined {
  const fields = [record, keeper].flatMap(({ firstname, lastname }) => [firstname, lastname])
  if (fields.some(isCutName)) return 'a name is too long to compare'
  if (fields.some(isUnreadable)) return 'a name cannot be read'
  const one = fullName(record)
  const other = fullName(keeper)
  if ([one, other].some((name) => wordsOf(name).length === 0)) return 'a name is missing'
  const reason = wordsReason(one, other)
  if (reason !== undefined) return reason
  // Ada Ngozi Obi and Ada Bola Obi may each be Ada Obi, so her record could belong to either.
  const isAmbiguous = names.some((third) => mayBeSame(third, one) !== mayBeSame(third, other))
  return isAmbiguous ? 'a third name in the mailbox fits only one of the two' : undefined
}

/** Whether a field is not a string, or has replacement, unassigned or private-use characters. */
function isUnreadable(field: unknown): boolean {
  if (typeof field === 'string') return /[\ufffd\p{Cn}\p{Co}\p{Cs}]/u.test(field)
  return field !== undefined && field !== null
}

/** The reason for different names; `propose` replaces it by a more specific one if it can. */
export const namesDiffer = 'the names differ'

/** The name of a record. A sign that joins two people (`Ada & Bola`) counts as a word. */
function fullName(record: Customer): Name {
  const name = nameOf(record)
  const fields = [record.firstname, record.lastname]
  const isOfTwo = fields.some((field) => typeof field === 'string' && /[&+/＆＋／]/.test(field))
  return isOfTwo ? nameFrom(name.first, [...name.last, '&']) : name
}

/** The words of both name fields. */
function wordsOf({ first, last }: Name): string[] {
  return [...first, ...last]
}

function mayBeSame(a: Name, b: Name): boolean {
  return wordsReason(a, b) === undefined
}

function isSameForm(a: Name, b: Name): boolean {
  const { onlyA, onlyB } = compareWords(wordsOf(a), wordsOf(b))
  return onlyA.length + onlyB.length === 0
}

/** Why two names may belong to two people; undefined if all words are the same, or one name has one extra word. */
function wordsReason(a: Name, b: Name): string | undefined {
  const { shared, onlyA, onlyB } = compareWords(wordsOf(a), wordsOf(b))
  const [extra, ...rest] = [...onlyA, ...onlyB]
  if (extra !== undefined) {
    if ([extra, ...rest].every(isAddition)) return 'a title or suffix (Mr, Mrs, Jr, Sr) differs'
    if (onlyA.length > 0 && onlyB.length > 0) return namesDiffer
    if (rest.length > 0) return 'one name has several extra words'
    if (!isName(extra)) return 'one name has an extra initial, number or sign'
    // Hassan Ali is the father of Ahmed Hassan Ali, and Ali Ali Hassan the son of Ali Hassan.
    if (shared.includes(extra)) return 'one name repeats a word'
    if (onlyA.length > 0 ? isFirst(extra, a, b) : isFirst(extra, b, a))
      return 'one name starts with an extra word'
  }
  return new Set(shared.filter(isName)).size < 2 ? 'fewer than two full names match' : undefined
}

/**
 * Whether the extra word of the longer name is its first word. The order of the other words shows which field comes first:
 * compared with `Hassan|Ali`, `Ali|Ahmed Hassan` starts with Ahmed.
 */
function isFirst(word: string, longer: Name, shorter: Name): boolean {
  const written = [...longer.first, ...longer.last]
  const swapped = [...longer.last, ...longer.first]
  const isInOrder = (words: string[]) => words.filter((one) => one !== word).join('') === shorter.straight
  return ([written, swapped].find(isInOrder) ?? written).find(isName) === word
}

interface Comparison {
  readonly shared: readonly string[]
  readonly onlyA: readonly string[]
  readonly onlyB: readonly string[]
}

/** The words that two names share, in any order, and those that only one has. `mary jane` equals `maryjane`. */
function compareWords(a: readonly string[], b: readonly string[]): Comparison {
  const onlyA = without(a, b)
  const onlyB = without(b, a)
  const shared = without(a, onlyA)
  shared.push(...takeJoined(onlyA, onlyB), ...takeJoined(onlyB, onlyA))
  return { shared, onlyA, onlyB }
}

/** Removes words that the other list has in several parts from both lists, and returns them. */
function takeJoined(words: string[], parts: string[]): string[] {
  const taken: string[] = []
  for (const word of [...words]) {
    const [start, end] = runOf(word, parts)
    if (start === end) continue
    parts.splice(start, end - start)
    words.splice(words.indexOf(word), 1)
    taken.push(word)
  }
  return taken
}

/** The range of consecutive parts that make up a word; empty if there is none. */
function runOf(word: string, parts: readonly string[]): readonly [start: number, end: number] {
  for (const start of parts.keys()) {
    let length = 0
    let end = start
    for (let part = parts[end]; part !== undefined && word.startsWith(part, length); part = parts[end]) {
      // Juan A Silva is not Juana Silva; O Brien is O'Brien.
      if (!isName(part) && !(end === start && elided.has(part))) break
      length += part.length
      end += 1
      if (length === word.length) return [start, end]
    }
  }
  return [0, 0]
}

/** Whether a word is a whole name: at least two letters or a CJK character, and no initial, number or title. */
function isName(word: string): boolean {
  return (
    /^[\p{L}\p{M}]+$/u.test(word) && (/\p{L}.*\p{L}/su.test(word) || signs.test(word)) && !titles.has(word)
  )
}

/** One Chinese, Japanese or Korean character can be a whole name. */
const signs = /[\p{Script=Han}\p{Script=Hangul}]/u

function isAddition(word: string): boolean {
  return titles.has(word) || maybeTitles.has(word)
}

/** Single letters that belong to the next word if an apostrophe was lost. */
const elided = new Set(['o', 'd', 'l', 'm', 'n'])

/** Titles and suffixes: they tell father from son and husband from wife, and are not names. */
const titles = new Set(
  words(`
  jr jnr junior sr snr senior ii iii iv 1st 2nd 3rd 4th мл ст младший старший іі ііі الابن الأب الثالث 二世 三世
  ジュニア νεότερος πρεσβύτερος
  mr mrs ms miss mx mister missus dr prof engr rev alhaji alhaja hajia
  mme mlle monsieur madame mademoiselle herr frau fraulein señor señora señorita srta senhor senhora sra sig signor
  signora dhr mevr mevrouw mnr mej господин госпожа пан пані κος κα κύριος κυρία السيدة الآنسة الدكتور الدكتورة
  አቶ ወይዘሮ ወይዘሪት 先生 女士 小姐 さん 様 श्री श्रीमती`),
)

/** Titles that are also names: they count as names if both records have them. */
const maybeTitles = new Set(
  words(`
  v vi vii filho neto sobrinho júnior fils père aîné cadet hijo padre nieto jun sen ml st ifj
  sir dame lady lord don doña chief oba hon prince princess pastor imam cheikh sheikh shaikh
  السيد الشيخ الأستاذ الحاج الحاجة الثاني`),
)

function words(text: string): string[] {
  return text.trim().split(/\s+/).flatMap(nameTokens)
}
