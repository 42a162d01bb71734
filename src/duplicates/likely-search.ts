import type { Customer } from '../api/customer.ts'
import { blockingHashes, blockingKeys, type Entry, visitPairs } from './blocks.ts'
import type { Clusters } from './clusters.ts'
import { rememberRepairs } from './domains.ts'
import { createHashes, runsOf } from './hashes.ts'
import { likelyOne } from './likely.ts'
import type { Mailbox } from './mailbox.ts'
import { fromText, type Person, personOf, textOf } from './person.ts'
import { createTextStore } from './text-store.ts'

/** Finds customers who are likely one person although their mailboxes differ. */
export interface LikelySearch {
  /** Takes the next customer, with its mailbox where it has one. */
  add(customer: Customer, mailbox: Mailbox | undefined): void
  /** Puts together, in clusters by mailbox, whoever are likely one person. `pause` is awaited now and then. */
  join(clusters: Clusters, pause: () => Promise<void>): Promise<void>
}

interface Link {
  readonly a: number
  readonly b: number
  readonly doubt: number
}

const comparisonsBetween = 20_000
/** Two clusters are compared all with all up to this many pairs; larger ones are a shared mailbox, and nobody's twin. */
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

  /** The blocks that hold more than one cluster, one after the other. */
  function* blocks(clusters: Clusters): Generator<Entry[], void, undefined> {
    for (const columns of blockingKeys) {
      for (const run of runsOf(hashes, columns)) {
        const root = clusters.rootOf(run[0] ?? 0)
        if (run.every((index) => clusters.rootOf(index) === root)) continue
        yield run.map((index) => ({ index, person: personAt(index) }))
      }
    }
  }

  /** Every link that a comparison within a block finds, each once. */
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
   * Whether every customer of the one cluster is likely every one of the other. So nobody comes into a group by way of
   * a third: A like B and B like C makes no group of A and C, unless these are alike too.
   */
  function allAlike(one: readonly number[], other: readonly number[]): boolean {
    if (one.length * other.length > mostCrossPairs) return false
    const others = other.map(personAt)
    return one.map(personAt).every((a) => others.every((b) => likelyOne(a, b) !== undefined))
  }

  return {
    add,
    async join(clusters, pause) {
      const found = await links(clusters, pause)
      // The surest first, so that who could stand with two stands with the nearer one.
      found.sort((x, y) => x.doubt - y.doubt || x.a - y.a || x.b - y.b)
      for (const { a, b } of found) {
        if (clusters.rootOf(a) === clusters.rootOf(b)) continue
        if (allAlike(clusters.members(a), clusters.members(b))) clusters.join(a, b)
      }
    },
  }
}

function linkOf(one: Entry, other: Entry): Link | undefined {
  if (one.person.mailbox === other.person.mailbox) return undefined
  const likely = likelyOne(one.person, other.person)
  if (likely === undefined) return undefined
  const [a, b] = one.index < other.index ? [one.index, other.index] : [other.index, one.index]
  return { a, b, doubt: likely.doubt }
}
