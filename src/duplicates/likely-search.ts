import type { Customer } from '../api/customer.ts'
import { rememberRepairs } from '../customers/domains.ts'
import { blockingHashes, blockingKeys, type Entry, visitPairs } from './blocks.ts'
import type { Clusters } from './clusters.ts'
import { createHashes, runsOf } from './hashes.ts'
import { likelySamePerson } from './likely.ts'
import type { Mailbox } from './mailbox.ts'
import { fromText, type Person, personOf, textOf } from './person.ts'
import { createTextStore } from './text-store.ts'

/** Finds customers who are likely one person although their mailboxes differ. */
export interface LikelySearch {
  /** Adds the next customer, with its mailbox if it has one. */
  add(customer: Customer, mailbox: Mailbox | undefined): void
  /** Joins clusters of mailboxes that are likely one person. `pause` is awaited regularly. */
  join(clusters: Clusters, pause: () => Promise<void>): Promise<void>
}

interface Link {
  readonly a: number
  readonly b: number
  readonly doubt: number
}

const comparisonsBetween = 20_000
/** Two clusters with more pairs than this are not compared: they are shared mailboxes. */
const mostCrossPairs = 400

export function createLikelySearch(): LikelySearch {
  const people = createTextStore()
  const repair = rememberRepairs()
  const hashes = createHashes(blockingKeys.flat().length)

  function personAt(index: number): Person {
    return fromText(people.at(index))
  }

  function add(customer: Customer, mailbox: Mailbox | undefined): void {
    const person = mailbox && personOf(customer, mailbox, repair)
    people.add(person === undefined ? '' : textOf(person))
    hashes.push(person === undefined ? [] : blockingHashes(person))
  }

  /** The blocks that contain more than one cluster. */
  function* blocks(clusters: Clusters): Generator<Entry[], void, undefined> {
    for (const columns of blockingKeys) {
      for (const run of runsOf(hashes, columns)) {
        const root = clusters.rootOf(run[0] ?? 0)
        if (run.every((index) => clusters.rootOf(index) === root)) continue
        yield run.map((index) => ({ index, person: personAt(index) }))
      }
    }
  }

  /** Every link found by comparisons within blocks, once each. */
  async function links(clusters: Clusters, pause: () => Promise<void>): Promise<Link[]> {
    const found = new Map<number, Link>()
    let compared = 0
    for (const block of blocks(clusters)) {
      visitPairs(block, (one, other) => {
        compared += 1
        const link = linkOf(one, other)
        if (link !== undefined) found.set(link.a * 2 ** 26 + link.b, link)
      })
      if (compared < comparisonsBetween) continue
      compared = 0
      await pause()
    }
    return [...found.values()]
  }

  /**
   * Whether every customer of one cluster is likely the same person as every customer of the other. So A and C do not
   * join only because both match B.
   */
  function allMatch(one: readonly number[], other: readonly number[]): boolean {
    if (one.length * other.length > mostCrossPairs) return false
    const others = other.map(personAt)
    return one.map(personAt).every((a) => others.every((b) => likelySamePerson(a, b) !== undefined))
  }

  return {
    add,
    async join(clusters, pause) {
      const found = await links(clusters, pause)
      // The most certain first, so that a record that matches two joins the nearer one.
      found.sort((x, y) => x.doubt - y.doubt || x.a - y.a || x.b - y.b)
      for (const { a, b } of found) {
        if (clusters.rootOf(a) === clusters.rootOf(b)) continue
        if (allMatch(clusters.members(a), clusters.members(b))) clusters.join(a, b)
      }
    },
  }
}

function linkOf(one: Entry, other: Entry): Link | undefined {
  if (one.person.mailbox === other.person.mailbox) return undefined
  const likely = likelySamePerson(one.person, other.person)
  if (likely === undefined) return undefined
  const [a, b] = one.index < other.index ? [one.index, other.index] : [other.index, one.index]
  return { a, b, doubt: likely.doubt }
}
