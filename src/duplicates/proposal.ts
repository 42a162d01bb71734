import type { Customer } from '../api/customer.ts'
import { impersonal } from './impersonal.ts'
import { exactAddress, isCutAddress, mailboxKey, mailboxOf } from './mailbox.ts'
import { isCutName, type Name, nameFrom, nameOf, nameTokens } from './names.ts'

// A deletion cannot be taken back whole, so it is proposed only where nothing at all speaks against it. Relatives
// share mailboxes and have near names: what is near is for a person. This rests on words that are the same after
// folding and on nothing else, least of all on how near two names are.

/** What all records of one mailbox say about it. */
interface MailboxFacts {
  /** Whether it is nobody's own. */
  readonly kind: 'role' | 'placeholder' | undefined
  /** The names in it, each form once; no more are looked for than `mostNames` and one. */
  readonly names: readonly Name[]
}

/** The facts about each mailbox, by its key. */
export type Mailboxes = ReadonlyMap<string, MailboxFacts>

/** One person's mailbox has so many forms of names at most; with more of them several people use it. */
const mostNames = 3

/** Gathers the facts about the mailboxes of some records: all the records that are known of each. */
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
 * Why a record may not be proposed for deletion in favour of another one; undefined where it may. What was spent and
 * the mode are looked at elsewhere.
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
  if (facts.kind === 'role') return 'the mailbox is read by several people, like info@'
  if (facts.kind === 'placeholder') return 'the e-mail is a placeholder'
  if (facts.names.length > mostNames) return `more than ${mostNames} names share the mailbox`
  return undefined
}

function keyOf({ email }: Customer): string | undefined {
  const address = exactAddress(email)
  return address === undefined ? undefined : mailboxKey(mailboxOf(address))
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
  // Ada Ngozi Obi and Ada Bola Obi may each be Ada Obi: nobody knows whose record hers is.
  const isTorn = names.some((third) => mayBeOne(third, one) !== mayBeOne(third, other))
  return isTorn ? 'a third name in the mailbox fits only one of the two' : undefined
}

/** What is no text at all, or text with characters that were lost on the way or that nobody knows. */
function isUnreadable(field: unknown): boolean {
  if (typeof field === 'string') return /[\ufffd\p{Cn}\p{Co}\p{Cs}]/u.test(field)
  return field !== undefined && field !== null
}

/** The reason of names that differ, which others may be able to put in more words. */
export const namesDiffer = 'the names differ'

/** A name with, as a word of its own, the sign that joins the names of two people (`Ada & Bola`). */
function fullName(record: Customer): Name {
  const name = nameOf(record)
  const fields = [record.firstname, record.lastname]
  const isOfTwo = fields.some((field) => typeof field === 'string' && /[&+/＆＋／]/.test(field))
  return isOfTwo ? nameFrom(name.first, [...name.last, '&']) : name
}

/** The words of a name, in whatever field they stand. */
function wordsOf({ first, last }: Name): string[] {
  return [...first, ...last]
}

function mayBeOne(a: Name, b: Name): boolean {
  return wordsReason(a, b) === undefined
}

function isSameForm(a: Name, b: Name): boolean {
  const { onlyA, onlyB } = compareWords(wordsOf(a), wordsOf(b))
  return onlyA.length + onlyB.length === 0
}

/** Why two names may be two people's; undefined where all words are the same, or one of them lacks a single one. */
function wordsReason(a: Name, b: Name): string | undefined {
  const { shared, onlyA, onlyB } = compareWords(wordsOf(a), wordsOf(b))
  const [more, ...rest] = [...onlyA, ...onlyB]
  if (more !== undefined) {
    if ([more, ...rest].every(isAddition)) return 'a title (Mr, Mrs), or a Jr, Sr or the like, differs'
    if (onlyA.length > 0 && onlyB.length > 0) return namesDiffer
    if (rest.length > 0) return 'one name has several words more'
    if (!isName(more)) return 'one name has an initial, a number or a sign more'
    // Hassan Ali is the father of Ahmed Hassan Ali, and Ali Ali Hassan the son of Ali Hassan.
    if (shared.includes(more)) return 'one name has a word twice'
    if (onlyA.length > 0 ? isFirst(more, a, b) : isFirst(more, b, a))
      return 'one name begins with another word'
  }
  return new Set(shared.filter(isName)).size < 2 ? 'fewer than two whole names are the same' : undefined
}

/**
 * Whether the word that only the longer name has is the first of it. Which field is first shows in the order of the
 * other words: beside `Hassan|Ali`, `Ali|Ahmed Hassan` begins with Ahmed.
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

/** Which words two names share, in any order, and which only one of them has. `mary jane` and `maryjane` are the same. */
function compareWords(a: readonly string[], b: readonly string[]): Comparison {
  const onlyA = without(a, b)
  const onlyB = without(b, a)
  const shared = without(a, onlyA)
  shared.push(...takeJoined(onlyA, onlyB), ...takeJoined(onlyB, onlyA))
  return { shared, onlyA, onlyB }
}

/** The words of a list without those of another, each as often as it stands there. */
function without(words: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const other of others) counts.set(other, (counts.get(other) ?? 0) + 1)
  return words.filter((word) => {
    const count = counts.get(word) ?? 0
    counts.set(word, count - 1)
    return count <= 0
  })
}

/** Takes out of both lists what is one word here and several there, and returns those words. */
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

/** From where to where parts that follow each other are a word; nothing where they are not. */
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

/** A whole name: letters, two at least, or a sign that is a word; no initial, number or title. */
function isName(word: string): boolean {
  return (
    /^[\p{L}\p{M}]+$/u.test(word) && (/\p{L}.*\p{L}/su.test(word) || signs.test(word)) && !titles.has(word)
  )
}

/** One Chinese, Japanese or Korean sign is a whole name. */
const signs = /[\p{Script=Han}\p{Script=Hangul}]/u

function isAddition(word: string): boolean {
  return titles.has(word) || maybeTitles.has(word)
}

/** Single letters that belong to the word after them, where the apostrophe is lost. */
const elided = new Set(['o', 'd', 'l', 'm', 'n'])

/** What stands beside names: it tells father from son and husband from wife, and is no name itself. */
const titles = new Set(
  words(`
  jr jnr junior sr snr senior ii iii iv 1st 2nd 3rd 4th мл ст младший старший іі ііі الابن الأب الثالث 二世 三世
  ジュニア νεότερος πρεσβύτερος
  mr mrs ms miss mx mister missus dr prof engr rev alhaji alhaja hajia
  mme mlle monsieur madame mademoiselle herr frau fraulein señor señora señorita srta senhor senhora sra sig signor
  signora dhr mevr mevrouw mnr mej господин госпожа пан пані κος κα κύριος κυρία السيدة الآنسة الدكتور الدكتورة
  አቶ ወይዘሮ ወይዘሪት 先生 女士 小姐 さん 様 श्री श्रीमती`),
)

/** Words of that kind that are names as well: they count as a name where both have them. */
const maybeTitles = new Set(
  words(`
  v vi vii filho neto sobrinho júnior fils père aîné cadet hijo padre nieto jun sen ml st ifj
  sir dame lady lord don doña chief oba hon prince princess pastor imam cheikh sheikh shaikh
  السيد الشيخ الأستاذ الحاج الحاجة الثاني`),
)

function words(text: string): string[] {
  return text.trim().split(/\s+/).flatMap(nameTokens)
}
