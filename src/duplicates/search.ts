import { createCandidates } from './candidates.ts'
import type { Clusters } from './clusters.ts'
import { bitsOf } from './evidence.ts'
import { type Fields, packed, unpacked } from './fields.ts'
import type { Frequencies } from './frequencies.ts'
import type { Pause } from './hashes.ts'
import { compare, prior } from './model.ts'
import { createTextStore } from './text-store.ts'

/** Finds customers who are likely one person although their mailboxes differ. */
export interface Search {
  /** Adds the next record; one without fields is never found. */
  add(fields: Fields | undefined): void
  /** Joins clusters of mailboxes that are likely one person. `pause` is awaited regularly. */
  join(clusters: Clusters, pause: Pause): Promise<void>
}

const comparisonsBetween = 1000
/** Two clusters with more pairs than this are not compared: they are shared mailboxes. */
const mostCrossPairs = 400
/** How many records stay unpacked, since those of a block are compared at once. */
const mostUnpacked = 4096

/** Two records that are likely one person. */
interface Link {
  readonly a: number
  readonly b: number
  readonly bits: number
}

/**
 * @param certainty the least probability that two customers are one person
 * @param frequencies of all records, known when they are joined
 */
export function createSearch(certainty: number, frequencies: Frequencies): Search {
  const people = createTextStore()
  const least = bitsOf(certainty)
  const unpackedAt: { index: number; fields: Fields }[] = []
  const candidates = createCandidates(frequencies, fieldsAt)

  function fieldsAt(index: number): Fields {
    const known = unpackedAt[index % mostUnpacked]
    if (known?.index === index) return known.fields
    const fields = unpacked(people.at(index))
    unpackedAt[index % mostUnpacked] = { index, fields }
    return fields
  }

  /** The bits of a pair; undefined if the e-mails are not similar. */
  function bitsBetween(a: Fields, b: Fields): number | undefined {
    // Whoever has no name stays alone in a mailbox that is nobody's own.
    if (a.mailbox === b.mailbox && (a.names.length === 0 || b.names.length === 0))
      return Number.NEGATIVE_INFINITY
    return compare(a, b, frequencies)?.bits
  }

  /** The pairs that are likely one person, by their bits without the fraction: sorting them all at once would block. */
  async function linksOf(clusters: Clusters, pause: Pause): Promise<Link[][]> {
    const links: Link[][] = []
    // One link of two clusters is enough: two mailboxes of hundreds of records have tens of thousands.
    const linked = new Set<number>()
    const visit = (a: number, b: number): void => {
      const [one, other] = [clusters.rootOf(a), clusters.rootOf(b)]
      const both = Math.min(one, other) * 2 ** 26 + Math.max(one, other)
      if (linked.has(both)) return
      const bits = bitsBetween(fieldsAt(a), fieldsAt(b)) ?? Number.NEGATIVE_INFINITY
      if (bits < least) return
      linked.add(both)
      const ofBits = links[Math.floor(bits)] ?? []
      links[Math.floor(bits)] = ofBits
      ofBits.push(a < b ? { a, b, bits } : { a: b, b: a, bits })
    }
    await candidates.visit(clusters, least - prior(frequencies), visit, pause)
    return links
  }

  /** The nearest pair is certain enough; none of the others may contradict, nor their mean speak against it. */
  function belongTogether(one: readonly number[], other: readonly number[]): boolean {
    const ofDissimilar = one.length * other.length > fewPairs ? inLarge : inSmall
    let sum = 0
    for (const a of one) {
      for (const b of other) {
        const bits = bitsBetween(fieldsAt(a), fieldsAt(b)) ?? ofDissimilar
        if (bits < -contradiction) return false
        sum += bits
      }
    }
    return sum >= 0
  }

  return {
    add(fields) {
      people.add(fields === undefined ? '' : packed(fields))
      candidates.push(fields)
    },
    async join(clusters, pause) {
      const links = await linksOf(clusters, pause)
      let compared = 0
      // The most certain first, so that a long chain is cut at its weakest links.
      for (const { a, b } of sorted(links)) {
        if (clusters.rootOf(a) === clusters.rootOf(b)) continue
        const pairs = clusters.sizeOf(a) * clusters.sizeOf(b)
        if (pairs > mostCrossPairs) continue
        if (belongTogether(clusters.members(a), clusters.members(b))) clusters.join(a, b)
        compared += pairs
        if (compared < comparisonsBetween) continue
        compared = 0
        await pause()
      }
    },
  }
}

/** The links with the most bits first. */
function* sorted(links: readonly (Link[] | undefined)[]): Generator<Link, void, undefined> {
  for (const ofBits of links.toReversed())
    if (ofBits !== undefined) yield* ofBits.sort((x, y) => y.bits - x.bits || x.a - y.a || x.b - y.b)
}

/** A pair this unlikely keeps its groups apart. */
const contradiction = 2
/** Two e-mails that are both near a third one need not be near each other; in a large group most have to be. */
const inSmall = 0
const inLarge = -4
const fewPairs = 16
