import type { Customer } from '../api/customer.ts'
import { parseExact, stringifyExact } from '../exact.ts'
import { createTextSet, hashOf } from '../text-set.ts'
import { type Clusters, createClusters } from './clusters.ts'
import type { Level } from './evidence.ts'
import { type Group, type GroupRules, groupOf } from './groups.ts'
import { createHashes, type Hashes, noHash, runsOf } from './hashes.ts'
import { createLikelySearch, type LikelySearch } from './likely-search.ts'
import { exactAddress, mailboxKey, mailboxOf } from './mailbox.ts'
import { createTextStore, type TextStore } from './text-store.ts'

export interface FindOptions extends GroupRules {
  readonly match: Level
  /** Called regularly with the number of customers read so far. */
  readonly onRead?: ((count: number) => void) | undefined
  /** Called when all have been read, with their number. */
  readonly onCompare?: ((count: number) => void) | undefined
  /** Awaited regularly while grouping, to let other work run; may throw to stop the search. */
  readonly pause?: (() => Promise<void>) | undefined
}

/** The result. Groups are built during iteration, which can be repeated, so that they need no memory. */
export interface Duplicates {
  readonly customers: number
  /** How many records were dropped because their id had been read before. */
  readonly repeated: number
  /** How many groups there are. */
  readonly size: number
  /** The groups, in the order in which their first members were read. */
  groups(): Iterable<Group>
}

const readsBetween = 5000

/**
 * Reads all customers and finds those that are one person. The records stay in memory as bytes outside the heap, about
 * half a kilobyte per customer. A repeated id counts once. Throws what `customers` throws.
 */
export async function findDuplicates(
  customers: AsyncIterable<Customer>,
  options: FindOptions,
): Promise<Duplicates> {
  const { match, onRead, onCompare, pause = async () => {} } = options
  const ids = createTextSet()
  const records = createTextStore()
  const mailboxes = createHashes(1)
  const search = match === 'likely' ? createLikelySearch() : undefined
  let repeated = 0
  for await (const customer of customers) {
    if (!ids.add(customer.id)) {
      repeated += 1
      continue
    }
    records.add(stringifyExact(customer))
    mailboxes.push([keep(customer, match, search)])
    if (records.size % readsBetween === 0) onRead?.(records.size)
  }
  onRead?.(records.size)
  onCompare?.(records.size)
  const clusters = createClusters(records.size)
  await joinMailboxes({ clusters, records, mailboxes, match, pause })
  await search?.join(clusters, pause)
  return result(records, clusters, options, repeated)
}

/** The hash of the customer's address or mailbox; also adds the customer to the search for likely duplicates. */
function keep(customer: Customer, match: Level, search: LikelySearch | undefined): number {
  const address = exactAddress(customer.email)
  if (address !== undefined && match === 'exact') return hashOf(address)
  const mailbox = address === undefined ? undefined : mailboxOf(address)
  search?.add(customer, mailbox)
  return mailbox === undefined ? noHash : hashOf(mailbox.domain, hashOf(mailbox.local))
}

function keyOf(address: string, match: Level): string {
  return match === 'exact' ? address : mailboxKey(mailboxOf(address))
}

interface Joining {
  readonly clusters: Clusters
  readonly records: TextStore
  readonly mailboxes: Hashes
  readonly match: Level
  readonly pause: () => Promise<void>
}

/** Joins customers with the same address or mailbox. Equal hashes are verified by comparing the addresses. */
async function joinMailboxes({ clusters, records, mailboxes, match, pause }: Joining): Promise<void> {
  let seen = 0
  for (const run of runsOf(mailboxes, [0])) {
    const firsts = new Map<string, number>()
    for (const index of run) {
      const address = exactAddress(customerAt(records, index).email)
      if (address === undefined) continue
      const key = keyOf(address, match)
      const first = firsts.get(key)
      if (first === undefined) firsts.set(key, index)
      else clusters.join(first, index)
    }
    seen += run.length
    if (seen >= readsBetween) {
      seen = 0
      await pause()
    }
  }
}

function result(records: TextStore, clusters: Clusters, rules: GroupRules, repeated: number): Duplicates {
  const firsts: number[] = []
  const seen = new Uint8Array(records.size)
  for (let index = 0; index < records.size; index++) {
    if (clusters.sizeOf(index) < 2) continue
    const root = clusters.rootOf(index)
    if (seen[root] === 1) continue
    seen[root] = 1
    firsts.push(index)
  }
  function* groups(): Generator<Group, void, undefined> {
    for (const first of firsts) {
      const members = clusters.members(first).map((index) => customerAt(records, index))
      yield groupOf(members, rules)
    }
  }
  return { customers: records.size, repeated, size: firsts.length, groups }
}

function customerAt(records: TextStore, index: number): Customer {
  return parseExact(records.at(index)) as Customer
}
