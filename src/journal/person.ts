import { sameEmail } from '../email.ts'
import { eachLine, withRunFile } from './file.ts'
import type { Entry } from './records.ts'

/** Whose data is looked for: customers by all the ids that they had, and by e-mail. */
export interface Person {
  readonly ids: ReadonlySet<string>
  /** As `sameEmail` gives them. */
  readonly emails: readonly string[]
}

/** The ids of customers that an entry names. */
export function idsIn(entry: Entry): string[] {
  if (entry.type === 'intent') return [entry.item, entry.record?.id].filter(isText)
  return entry.type === 'outcome' ? [entry.item, entry.id, entry.newId].filter(isText) : []
}

/**
 * Whether one of the e-mails stands anywhere in an entry, as a whole address: `ada@x.example` is not in
 * `nada@x.example`. Every text counts, whatever field it stands in: a server's message may quote an address.
 */
export function mentions(entry: Entry, emails: readonly string[]): boolean {
  return emails.length > 0 && hasText(entry, (text) => emails.some((email) => holdsAddress(text, email)))
}

function hasText(value: unknown, matches: (text: string) => boolean): boolean {
  if (typeof value === 'string') return matches(value)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, inner]) => matches(key) || hasText(inner, matches))
}

const partOfAddress = /[\p{L}\p{N}._%+'-]/u

function holdsAddress(text: string, email: string): boolean {
  const folded = text.normalize('NFKC').toLowerCase()
  for (let at = folded.indexOf(email); at >= 0; at = folded.indexOf(email, at + 1)) {
    const before = folded[at - 1] ?? ''
    const after = folded.slice(at + email.length, at + email.length + 2)
    // A full stop may end a sentence; followed by a letter it goes on with the domain.
    if (!partOfAddress.test(before) && !/^(?:[\p{L}\p{N}-]|\.[\p{L}\p{N}])/u.test(after)) return true
  }
  return sameEmail(text) === email
}

/** What a run knows of somebody who is looked for. */
export interface Traces {
  /** It names one of the ids, or one of the e-mails stands in it. */
  readonly known: boolean
  /** Further ids of theirs: of records that have one of the e-mails. */
  readonly ids: readonly string[]
  /** Who was created again, under which id: the same person. */
  readonly renamings: readonly Renaming[]
}

/** A customer's id and the one that it got when its deletion was undone. */
export type Renaming = readonly [old: string, now: string]

/** @throws CliError `not_found` where there is no such run · `local_error` where it is damaged */
export async function tracesOf(folder: string, run: string, sought: Person): Promise<Traces> {
  const ids: string[] = []
  const renamings: Renaming[] = []
  let known = false
  await withRunFile(folder, run, (file) =>
    eachLine(file, ({ entry }) => {
      known ||= idsIn(entry).some((id) => sought.ids.has(id)) || mentions(entry, sought.emails)
      if (entry.type === 'outcome' && entry.newId !== undefined) renamings.push([entry.item, entry.newId])
      const email = entry.type === 'intent' ? entry.record?.email : undefined
      if (isText(email) && sought.emails.includes(sameEmail(email))) ids.push(...idsIn(entry))
    }),
  )
  return { known, ids, renamings }
}

/**
 * All ids that somebody has had: an undone delete creates the same person again under a new id, and to forget the one
 * is to forget the other.
 */
export function withNewIds(ids: Iterable<string>, renamings: readonly Renaming[]): Set<string> {
  const neighbours = new Map<string, string[]>()
  for (const [old, now] of renamings) {
    neighbours.set(old, [...(neighbours.get(old) ?? []), now])
    neighbours.set(now, [...(neighbours.get(now) ?? []), old])
  }
  // A set that grows while it is walked is walked to its end.
  const all = new Set(ids)
  for (const known of all) for (const other of neighbours.get(known) ?? []) all.add(other)
  return all
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
