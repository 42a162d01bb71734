import { blockingHashes, blockingKeys, type Row, rowsOf } from './blocks.ts'
import type { Clusters } from './clusters.ts'
import { errorsBetween, mostEmailBits, mostErrors, mostUnexplainedBits } from './compare-emails.ts'
import type { Fields } from './fields.ts'
import type { Frequencies } from './frequencies.ts'
import { createHashes, type Pause, runsOf } from './hashes.ts'
import { nameBits } from './model.ts'
import { createSignatures } from './signatures.ts'
import { createWords } from './words.ts'

/**
 * The pairs of records that are worth comparing: those that share a block and that the cheap bounds do not rule out. At
 * 300,000 customers, 23,000 of the 14 million pairs in blocks are left to compare.
 */
export interface Candidates {
  /** Adds the next record; one without fields is never a candidate. */
  push(fields: Fields | undefined): void
  /**
   * Visits pairs of different clusters, once all records were added and counted.
   * @param needed how many bits names and e-mails have to reach
   */
  visit(
    clusters: Clusters,
    needed: number,
    visit: (a: number, b: number) => void,
    pause: Pause,
  ): Promise<void>
}

/** How long a comparison takes, in cheap checks, about. */
const comparison = 300
const workBetween = 1000 * comparison

/** The pairs that are remembered; a million of them take 40 MB. */
const mostSeen = 2 ** 20

const alive = 1
const notAlive = 2

/** @param fieldsAt the fields of a record that was added */
export function createCandidates(frequencies: Frequencies, fieldsAt: (index: number) => Fields): Candidates {
  const hashes = createHashes(blockingKeys.flat().length)
  const signatures = createSignatures()
  const words = createWords(frequencies)
  /** Of each record, computed when it is first needed. */
  let domains = new Uint8Array()
  let domainBits = new Float32Array()
  let unexplained = new Float32Array()
  const seen = new Set<number>()

  function learn(index: number): void {
    if (domains[index] !== 0) return
    const fields = fieldsAt(index)
    domains[index] = frequencies.isAlive(fields.typedDomain) ? alive : notAlive
    domainBits[index] = frequencies.domainBits(fields.typedDomain)
    unexplained[index] = mostUnexplainedBits(fields, frequencies)
  }

  function isAlive(index: number): boolean {
    learn(index)
    return domains[index] === alive
  }

  /** Whether names and e-mails can say so many bits. */
  function maySay(needed: number, errors: number, a: number, b: number): boolean {
    return words.maySay(needed - mostOfEmails(errors, a, b), a, b)
  }

  function mostOfEmails(errors: number, a: number, b: number): number {
    learn(a)
    learn(b)
    const ofLocal = Math.max(unexplained[a] ?? 0, unexplained[b] ?? 0)
    const ofDomain = Math.max(domainBits[a] ?? 0, domainBits[b] ?? 0)
    return mostEmailBits(errors, ofLocal, ofDomain)
  }

  /** The same by the texts, still with the upper bound for the e-mails: one pair in six is left. */
  function mayBeOne(needed: number, leastErrors: number, a: number, b: number): boolean {
    const [one, other] = [fieldsAt(a), fieldsAt(b)]
    const errors = leastErrors > 0 ? errorsBetween(one, other) : leastErrors
    if (errors > mostErrors) return false
    return nameBits(one, other, frequencies) >= needed - mostOfEmails(errors, a, b)
  }

  /** Whether a pair was not seen before; remembers it. A few are seen again. */
  function isNew(a: number, b: number): boolean {
    const pair = Math.min(a, b) * 2 ** 26 + Math.max(a, b)
    if (seen.has(pair)) return false
    if (seen.size >= mostSeen) seen.clear()
    seen.add(pair)
    return true
  }

  return {
    push(fields) {
      hashes.push(fields === undefined ? [] : blockingHashes(fields, words))
      signatures.push(fields)
      words.push(fields?.names ?? [])
    },
    async visit(clusters, needed, visit, pause) {
      domains = new Uint8Array(hashes.size)
      domainBits = new Float32Array(hashes.size)
      unexplained = new Float32Array(hashes.size)
      let work = 0
      const isCandidate = (a: number, b: number): boolean => {
        const errors = signatures.leastErrors(a, b, isAlive)
        if (errors > mostErrors || clusters.rootOf(a) === clusters.rootOf(b)) return false
        if (!maySay(needed, errors, a, b) || !isNew(a, b)) return false
        work += comparison
        return mayBeOne(needed, errors, a, b)
      }
      for (const columns of blockingKeys) {
        for (const block of await runsOf(hashes, columns, pause)) {
          if (areOneCluster(block, clusters)) continue
          for (const row of await rowsOf(block, signatures, pause)) await visitRow(row)
        }
      }

      async function visitRow({ records, window }: Row): Promise<void> {
        for (let at = 0; at < records.length; at++) {
          const a = records[at] ?? 0
          work += window
          const end = Math.min(records.length, at + 1 + window)
          for (let next = at + 1; next < end; next++) {
            const b = records[next] ?? 0
            if (isCandidate(a, b)) visit(a, b)
          }
          if (work < workBetween) continue
          work = 0
          await pause()
        }
      }
    },
  }
}

function areOneCluster(block: readonly number[], clusters: Clusters): boolean {
  const root = clusters.rootOf(block[0] ?? 0)
  return block.every((index) => clusters.rootOf(index) === root)
}
