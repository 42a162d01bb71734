import leven from 'leven'
import { type Chance, pick } from './errors.ts'
import { type Culture, type Names, otherForms, type Spelled, spelled } from './people.ts'
import { ascii, domainFor, type Local, localFor } from './places.ts'
import type { Written } from './records.ts'

/** The names to choose from, and which generator makes the errors. */
export interface People {
  readonly names: Names
  readonly cultures: readonly Culture[]
  readonly siblings: readonly (readonly [string, string])[]
}

/** A made-up person. */
export interface Person {
  readonly first: Spelled
  readonly middle: Spelled | undefined
  readonly last: Spelled
  readonly local: Local
  readonly domain: string
}

export function latinOf({ latin: [most = ''] }: Spelled): string {
  return most
}

/** The letters of a name in an address. */
export function lettersOf(name: Spelled): string {
  return ascii(latinOf(name)).replace(/[^a-z]/g, '')
}

/** Any surname of a list, in any of its forms. */
export function surname(entry: string, chance: Chance): Spelled {
  return spelled(pick(entry.split('~'), chance))
}

export function personOf({ names, cultures }: People, chance: Chance): Person {
  const culture = chance() < 0.2 ? pick(cultures, chance) : names
  const first = spelled(pick(culture.first, chance))
  const middle = chance() < 0.2 ? spelled(pick(culture.first, chance)) : undefined
  const last = surname(pick(culture.last, chance), chance)
  const local = localFor(latinOf(first), latinOf(last), chance)
  return { first, middle, last, local, domain: domainFor(latinOf(last), chance) }
}

/** The record of a person who types everything right. */
export function written({ first, middle, last, local, domain }: Person): Written {
  const given = middle === undefined ? first.own : `${first.own} ${middle.own}`
  return { first: given, last: last.own, email: `${local.text}@${domain}` }
}

/** Another way in which people write a name: a short form, another script, without accents. */
export function formOf(name: Spelled, chance: Chance): string {
  const plain = name.own.normalize('NFKD').replace(/\p{M}/gu, '')
  return pick([...name.latin, ...(otherForms.get(name.own) ?? []), plain], chance)
}

/** All the forms of a name, folded. */
function forms(name: string): Set<string> {
  const all = [name, ...(otherForms.get(name) ?? [])]
  return new Set(all.map((one) => ascii(one)))
}

function alike(a: string, b: string): boolean {
  if (a === '' || b === '') return false
  const shorter = Math.min(a.length, b.length)
  if (shorter === 1) return a[0] === b[0]
  return leven(a, b) <= (shorter <= 3 ? 1 : shorter <= 6 ? 2 : 3) || b.startsWith(a) || a.startsWith(b)
}

/**
 * Whether a careful person who knows only the two records would take them for one person. What is not so clear has no place
 * in a labelled set: two locals that differ only in a number may be two people of one name.
 */
export function isDecidable(person: Person, again: Written, givenNames: ReadonlySet<string>): boolean {
  const email = `${person.local.text}@${person.domain}`
  const { known, unknown, given } = recognised(person, again)
  if (known + unknown > 0 && known === 0) return false
  if (again.email === email) return true
  if (unknown > 1) return false
  const errors = leven(email, again.email)
  if (errors > (known >= 2 && unknown === 0 ? 6 : 3)) return false
  const at = again.email.lastIndexOf('@')
  const local = again.email.slice(0, at)
  const own = person.local.text
  if (leven(own, local) > Math.max(1, Math.floor(own.length / 3))) return false
  // With one name the e-mail has to say who it is.
  if (known < 2 && person.local.onlyName && errors > 2) return false
  if (known === 0 && (person.local.onlyName || errors > 2)) return false
  return !isOther(person, local, given, givenNames)
}

/** How many of the names of the record are forms of the person's, and how many are not. */
function recognised(person: Person, { first, last }: Written) {
  const own = [person.first, person.middle, person.last].filter((name) => name !== undefined)
  const all = own.flatMap((name) => [name.own, ...name.latin, ...forms(name.own)])
  const folded = all.map((name) => fold(name))
  const words = `${first} ${last}`.split(/[\s,]+/).filter((word) => word !== '')
  const known = words.filter((word) => folded.some((name) => alike(name, fold(word))))
  return { known: known.length, unknown: words.length - known.length, given: fold(first.split(' ')[0] ?? '') }
}

function fold(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/** Whether a changed local part is what another person would have: another number, an initial, a sister's name. */
function isOther(person: Person, local: string, given: string, givenNames: ReadonlySet<string>): boolean {
  const own = person.local.text
  if (own === local) return false
  const plain = (text: string): string => text.replace(/[._-]/g, '')
  const letters = (text: string): string => plain(text).replace(/\d/g, '')
  const digits = (text: string): string => text.replace(/\D/g, '')
  if (person.local.onlyName && plain(own) === plain(local)) return true
  const [mine, other] = [digits(own), digits(local)]
  if (mine !== other && letters(own) === letters(local) && (mine.length === other.length || mine.length < 4))
    return true
  const [f, l] = [lettersOf(person.first), lettersOf(person.last)]
  if (new RegExp(`^${f}[._]?[a-z][._]?${l}`).test(local) && local.length !== own.length) return true
  const rest = own.startsWith(f) ? own.slice(f.length) : undefined
  const replaced =
    rest !== undefined && local.endsWith(rest) ? local.slice(0, local.length - rest.length) : ''
  return (
    replaced !== f && (givenNames.has(replaced) || (given !== fold(person.first.own) && given === replaced))
  )
}

/** The letters of all given names, since a name that was mistyped into another one is another person's. */
export function givenNamesOf({ names, cultures, siblings }: People): Set<string> {
  const all = [...names.first, ...cultures.flatMap(({ first }) => first), ...siblings.flat()]
  return new Set(all.map((entry) => lettersOf(spelled(entry))))
}
