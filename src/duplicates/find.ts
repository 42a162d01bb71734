import type { Customer } from '../api/customer.ts'
import { parseExact, stringifyExact } from '../exact.ts'
import { createTextSet, hashOf, type TextSet } from '../text-set.ts'
import { type Clusters, createClusters } from './clusters.ts'
import { type Level, usualCertainty } from './evidence.ts'
import { type Fields, fieldsOf, namesOf } from './fields.ts'
import {
  type CountingFrequencies,
  createFrequencies,
  type Frequencies,
  typicalFrequencies,
} from './frequencies.ts'
import { type Group, type GroupRules, groupOf } from './groups.ts'
import { createHashes, type Hashes, noHash, type Pause, runsOf } from './hashes.ts'
import { impersonal } from './impersonal.ts'
import { exactAddress, mailboxKey, mailboxOf } from './mailbox.ts'
import { haveOneName } from './model.ts'
import { createSearch } from './search.ts'
import { createTextStore, type TextStore } from './text-store.ts'

export interface FindOptions extends Omit<GroupRules, 'frequencies' | 'certainty'> {
  readonly match: Level
  /** With `likely`, the least probability that two customers are one person; 0.9 by default. */
  readonly certainty?: number | undefined
  /** Whether to count names and domains at the other levels too, where the groups do not depend on it. */
  readonly countNames?: boolean | undefined
  /** Called for each customer. */
  readonly onCustomer?: ((customer: Customer) => void) | undefined
  /** Called regularly with the number of customers read so far. */
  readonly onRead?: ((count: number) => void) | undefined
  /** Called when all have been read, with their number. */
  readonly onCompare?: ((count: number) => void) | undefined
  /** Awaited regularly while grouping, to let other work run; may throw to stop the search. */
  readonly pause?: Pause | undefined
}

/** The result. Groups are built during iteration, which can be repeated, so that they need no memory. */
export interface Duplicates {
  readonly customers: number
  /** How many records were dropped because their id had been read before. */
  readonly repeated: number
  /** How often names and domains occur among them; typical ones if they were not counted. */
  readonly frequencies: Frequencies
  /** How many groups there are. */
  readonly size: number
  /** The customers of an id's group, itself included; none if no customer has the id. */
  groupWith(id: string): Customer[]
  /** The groups, in the order in which their first members were read. */
  groups(): Iterable<Group>
}

const readsBetween = 1000

/**
 * Reads all customers and groups those that are one person. The records stay in memory as bytes outside the heap, about
 * half a kilobyte per customer. A repeated id counts once. Throws what `customers` throws.
 */
export async function findDuplicates(
  customers: AsyncIterable<Customer>,
  options: FindOptions,
): Promise<Duplicates> {
  const { match, certainty = usualCertainty, onCustomer, onRead, onCompare, pause = async () => {} } = options
  const ids = createTextSet()
  const records = createTextStore()
  const mailboxes = createHashes(1)
  // At alias, counting would take a quarter of the time.
  const counting = match === 'likely' || options.countNames === true ? createFrequencies() : undefined
  const frequencies = counting ?? typicalFrequencies()
  const search = match === 'likely' ? createSearch(certainty, frequencies) : undefined
  /** Counts a customer, and adds it to the search; returns the hash of the mailbox. */
  const count = (customer: Customer): number => {
    const fields = fieldsOf(customer)
    search?.add(fields)
    if (fields === undefined) return noHash
    counting?.add(fields)
    return hashOf(fields.mailbox)
  }
  let repeated = 0
  for await (const customer of customers) {
    if (!ids.add(customer.id)) {
      repeated += 1
      continue
    }
    records.add(stringifyExact(customer))
    onCustomer?.(customer)
    mailboxes.push([counting !== undefined ? count(customer) : mailboxHash(customer, match)])
    if (records.size % readsBetween === 0) {
      onRead?.(records.size)
      await pause()
    }
  }
  onRead?.(records.size)
  onCompare?.(records.size)
  const clusters = createClusters(records.size)
  await joinMailboxes({ clusters, records, mailboxes, match, pause, frequencies: counting })
  await search?.join(clusters, pause)
  return { ...result(ids, records, clusters, { ...options, frequencies, certainty }), repeated }
}

/** A hash that customers with the same `keyOf` share. */
function mailboxHash({ email }: Customer, match: Level): number {
  const address = exactAddress(email)
  if (address === undefined) return noHash
  return hashOf(match === 'exact' ? address : mailboxKey(mailboxOf(address)))
}

/**
 * Customers with the same key are put together first; undefined if there is none. At `likely` a mailbox that is nobody's
 * own (`info@`, `none@none.com`) proves nothing: there, the names have to be the same, too.
 */
function keyOf(customer: Customer, match: Level): string | undefined {
  const address = exactAddress(customer.email)
  if (address === undefined || match === 'exact') return address
  const key = mailboxKey(mailboxOf(address))
  if (match === 'alias' || impersonal(key) === undefined) return key
  const names = namesOf(customer)
  return names.length === 0 ? undefined : `${key} ${names.sort().join(' ')}`
}

interface Joining {
  readonly clusters: Clusters
  readonly records: TextStore
  readonly mailboxes: Hashes
  readonly match: Level
  readonly pause: Pause
  /** Counts the mailboxes with two records of one person. */
  readonly frequencies: CountingFrequencies | undefined
}

/** Joins customers with the same address or mailbox. Equal hashes are verified by comparing the addresses. */
async function joinMailboxes(joining: Joining): Promise<void> {
  const { clusters, records, mailboxes, match, pause, frequencies } = joining
  let seen = 0
  for (const run of await runsOf(mailboxes, [0], pause)) {
    const found = new Map<string, { first: number; people: Fields[] }>()
    for (const index of run) {
      seen += 1
      if (seen % readsBetween === 0) await pause()
      const customer = customerAt(records, index)
      const key = keyOf(customer, match)
      if (key === undefined) continue
      const { first, people } = found.get(key) ?? { first: index, people: [] }
      if (first !== index) clusters.join(first, index)
      found.set(key, { first, people: frequencies === undefined ? people : sampled(people, customer) })
    }
    if (frequencies === undefined) continue
    for (const { people } of found.values()) frequencies.addMailbox(hasOneTwice(people, frequencies))
  }
}

/** How many customers at a mailbox are compared with each other to see whether one is there twice. */
const mostCompared = 5

/** The first customers at a mailbox by their names, so that the order in which they are read makes no difference. */
function sampled(people: readonly Fields[], customer: Customer): Fields[] {
  const fields = fieldsOf(customer)
  const all = fields === undefined ? [...people] : [...people, fields]
  return all.sort((a, b) => (a.names.join(' ') < b.names.join(' ') ? -1 : 1)).slice(0, mostCompared)
}

/**
 * Whether two of the customers at a mailbox are one person by their names; not for `info@`, which is many mailboxes at
 * `likely`.
 */
function hasOneTwice(people: readonly Fields[], frequencies: Frequencies): boolean {
  if (people.length < 2 || people.some(({ mailbox }) => impersonal(mailbox) !== undefined)) return false
  return people.some((one, index) =>
    people.slice(index + 1).some((other) => haveOneName(one, other, frequencies)),
  )
}

function result(
  ids: TextSet,
  records: TextStore,
  clusters: Clusters,
  rules: GroupRules,
): Omit<Duplicates, 'repeated'> {
  const firsts: number[] = []
  const seen = new Uint8Array(records.size)
  for (let index = 0; index < records.size; index++) {
    if (clusters.sizeOf(index) < 2) continue
    const root = clusters.rootOf(index)
    if (seen[root] === 1) continue
    seen[root] = 1
    firsts.push(index)
  }
  const membersOf = (index: number): Customer[] =>
    clusters.members(index).map((member) => customerAt(records, member))
  function* groups(): Generator<Group, void, undefined> {
    for (const first of firsts) yield groupOf(membersOf(first), rules)
  }
  return {
    customers: records.size,
    frequencies: rules.frequencies,
    size: firsts.length,
    groups,
    groupWith(id) {
      // Ids and records are numbered alike.
      const index = ids.indexOf(id)
      return index === -1 ? [] : membersOf(index)
    },
  }
}

function customerAt(records: TextStore, index: number): Customer {
  return parseExact(records.at(index)) as Customer
}
