import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sameEmail, strictEmail } from '../email.ts'
import { chunksOf } from '../storage/lines.ts'
import { openRegular } from '../storage/regular.ts'
import { eachLine, withRunFile } from './file.ts'
import type { Entry } from './records.ts'

/** Whose data to find: customers by all ids that they have had, and by e-mail. */
export interface Person {
  readonly ids: ReadonlySet<string>
  /** Strictly the same: what is erased cannot be restored. As returned by `formsOf`. */
  readonly emails: readonly string[]
}

/** The forms in which an e-mail is looked for: an international domain in ASCII, and as it was typed. */
export function formsOf(email: string): string[] {
  return [...new Set([strictEmail(email), email.normalize('NFC').trim().toLowerCase()])]
}

/** The customer ids in an entry. */
export function idsIn(entry: Entry): string[] {
  if (entry.type === 'intent') return [entry.item, entry.record?.id].filter(isText)
  return entry.type === 'outcome' ? [entry.item, entry.id, entry.newId].filter(isText) : []
}

/**
 * Whether an entry contains one of the e-mails as a whole address: `ada@x.example` is not in `nada@x.example`. Every
 * field is searched, since a server's message may quote an address.
 */
export function mentions(entry: Entry, emails: readonly string[]): boolean {
  return emails.length > 0 && hasText(entry, (text) => emails.some((email) => holdsWhole(text, email)))
}

function hasText(value: unknown, matches: (text: string) => boolean): boolean {
  if (typeof value === 'string') return matches(value)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, inner]) => matches(key) || hasText(inner, matches))
}

const partOfAddress = /[\p{L}\p{N}._%+'-]/u

/** Whether a text has an e-mail or a name, in lower case, as a whole. */
export function holdsWhole(text: string, email: string): boolean {
  const folded = text.normalize('NFC').toLowerCase()
  for (let at = folded.indexOf(email); at >= 0; at = folded.indexOf(email, at + 1)) {
    const before = folded[at - 1] ?? ''
    const after = folded.slice(at + email.length, at + email.length + 2)
    // A full stop may end a sentence; followed by a letter, it continues the domain.
    if (!partOfAddress.test(before) && !/^(?:[\p{L}\p{N}-]|\.[\p{L}\p{N}])/u.test(after)) return true
  }
  return strictEmail(text) === email
}

/** What a run contains about the customers to find. */
export interface Traces {
  /** Those of the given ids and e-mails that it contains. */
  readonly known: ReadonlySet<string>
  /** More ids of the same customers, from records with one of the e-mails. */
  readonly ids: readonly string[]
  /** Customers whose e-mails look the same, but are not strictly the same, with their ids. */
  readonly similar: ReadonlySet<string>
  /** The new ids of all customers that were created again. */
  readonly renamings: readonly Renaming[]
}

/** A customer's id, and the new one that it got when its deletion was undone. */
export type Renaming = readonly [old: string, new: string]

/** @throws CliError `not_found` if there is no such run · `local_error` if it is damaged */
export async function tracesOf(folder: string, run: string, sought: Person): Promise<Traces> {
  const ids: string[] = []
  const renamings: Renaming[] = []
  const known = new Set<string>()
  const similar = new Set<string>()
  const generous = new Set(sought.emails.map(sameEmail))
  await withRunFile(folder, run, (file) =>
    eachLine(file, ({ entry }) => {
      for (const one of namedIn(entry, sought)) known.add(one)
      if (entry.type === 'outcome' && entry.newId !== undefined) renamings.push([entry.item, entry.newId])
      if (entry.type !== 'intent') return
      const email = entry.record?.email
      if (!isText(email)) return
      if (sought.emails.includes(strictEmail(email))) ids.push(...idsIn(entry))
      else if (generous.has(sameEmail(email))) similar.add(`${email} (${entry.item})`)
    }),
  )
  return { known, ids, renamings, similar }
}

function namedIn(entry: Entry, { ids, emails }: Person): string[] {
  return [...idsIn(entry).filter((id) => ids.has(id)), ...emails.filter((one) => mentions(entry, [one]))]
}

/**
 * All ids that these customers have had: undoing a delete creates the same person again under a new id, and both ids
 * must be forgotten.
 */
export function withNewIds(ids: Iterable<string>, renamings: readonly Renaming[]): Set<string> {
  const neighbours = new Map<string, string[]>()
  for (const [old, now] of renamings) {
    neighbours.set(old, [...(neighbours.get(old) ?? []), now])
    neighbours.set(now, [...(neighbours.get(now) ?? []), old])
  }
  // Iterating a Set includes the entries that are added meanwhile.
  const all = new Set(ids)
  for (const known of all) for (const other of neighbours.get(known) ?? []) all.add(other)
  return all
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/** Longer than any e-mail or name that is looked for, in characters. */
const overlap = 1000

/**
 * The files of a folder and its subfolders that contain one of these texts as a whole, in any case: what somebody who
 * searches the folder would find. Files that cannot be read are left out.
 */
export async function filesWith(folder: string, texts: readonly string[]): Promise<string[]> {
  const found: string[] = []
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && (await contains(path, texts).catch(() => false))) found.push(path)
  }
  return found.sort()
}

async function contains(path: string, texts: readonly string[]): Promise<boolean> {
  const file = await openRegular(path)
  try {
    const decoder = new TextDecoder()
    let before = ''
    for await (const chunk of chunksOf(file)) {
      const text = before + decoder.decode(chunk, { stream: true })
      if (texts.some((one) => holdsWhole(text, one))) return true
      before = text.slice(-overlap)
    }
    return false
  } finally {
    await file.close()
  }
}
