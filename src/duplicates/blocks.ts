import { hashOf } from '../text-set.ts'
import { noHash } from './hashes.ts'
import { possibleNames } from './name-table.ts'
import type { Person } from './person.ts'

/**
 * The columns of `blockingHashes`. Two likely duplicates share at least one key. A key has two columns if a record has two
 * values for it (first and last name, which may be swapped).
 */
export const blockingKeys: readonly (readonly number[])[] = [[0], [1], [2, 3], [4, 5], [6]]

/**
 * Hashes that likely duplicates share, so that only records with a common hash are compared. A similar local part requires
 * the same domain and digits, and the names have to agree, so nearly every key contains both: the whole local part, for a
 * mistyped domain; both names, for a mistyped local part; one name and either end of the local part, for a typing error in
 * the other name too; both names and the local part, at any domain.
 */
export function blockingHashes(person: Person): number[] {
  const { domain, letters, digits } = person
  const [first, last] = namesForKeys(person)
  const both = first < last ? hashOf(last, hashOf(first)) : hashOf(first, hashOf(last))
  const atDomain = hashOf(domain)
  const start = hashOf(letters.slice(0, endLength), hashOf(digits, atDomain))
  const end = hashOf(letters.slice(-endLength), hashOf(digits, atDomain))
  return [
    hashOf(letters, atDomain),
    hashOf(digits, hashOf(domain, both)),
    hashOf(first, start),
    first === last ? noHash : hashOf(last, start),
    hashOf(first, end),
    first === last ? noHash : hashOf(last, end),
    letters.length >= shortestAnywhere ? hashOf(letters, both) : noHash,
  ]
}

const endLength = 4
const shortestAnywhere = 5

/** The first of the first names and the last of the last names; nicknames as full names. */
function namesForKeys({ name }: Person): readonly [string, string] {
  const first = name.first[0] ?? name.last[0] ?? ''
  const last = name.last.at(-1) ?? name.first.at(-1) ?? ''
  return [fullName(first), fullName(last)]
}

function fullName(token: string): string {
  const names = possibleNames(token)
  return names[1] ?? names[0] ?? token
}

/** A record of a block, with its index. */
export interface Entry {
  readonly index: number
  readonly person: Person
}

/** In blocks up to this size every pair is compared: at most 2,016 comparisons. */
const largestBlock = 64
/** In a larger block that cannot be divided, each record is compared with this many neighbours in two orders. */
const neighbours = 12

type Visit = (a: Entry, b: Entry) => void
type Divider = (entry: Entry) => string

const dividers: readonly Divider[] = [
  ({ person }) => namesForKeys(person).join(' '),
  ({ person }) => person.letters.slice(0, endLength),
  ({ person }) => person.letters.slice(-endLength),
]

/**
 * Visits the pairs of a block that are worth comparing. A block that is too large (10,000 namesakes at one provider) is
 * divided by both names, then by the start and the end of the local part. If it is still too large, only neighbours are
 * compared, sorted by the local part read forwards and backwards, so that the work stays proportional to the records.
 */
export function visitPairs(block: readonly Entry[], visit: Visit, by = dividers): void {
  const [divider, ...rest] = by
  if (block.length <= largestBlock) visitAll(block, visit)
  else if (divider !== undefined) for (const part of partsOf(block, divider)) visitPairs(part, visit, rest)
  else {
    visitNeighbours(block, visit, ({ person }) => person.letters)
    visitNeighbours(block, visit, ({ person }) => [...person.letters].reverse().join(''))
  }
}

function partsOf(block: readonly Entry[], divider: Divider): Iterable<Entry[]> {
  const parts = new Map<string, Entry[]>()
  for (const entry of block) {
    const key = divider(entry)
    const part = parts.get(key)
    if (part === undefined) parts.set(key, [entry])
    else part.push(entry)
  }
  return parts.values()
}

function visitAll(block: readonly Entry[], visit: Visit): void {
  for (const [at, a] of block.entries()) {
    for (let other = at + 1; other < block.length; other++) {
      const b = block[other]
      if (b !== undefined) visit(a, b)
    }
  }
}

function visitNeighbours(block: readonly Entry[], visit: Visit, order: Divider): void {
  const keyed = block.map((entry) => ({ entry, key: order(entry) }))
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.entry.index - b.entry.index))
  for (const [at, { entry }] of keyed.entries()) {
    for (const { entry: other } of keyed.slice(at + 1, at + 1 + neighbours)) visit(entry, other)
  }
}
