import { blockingHashes, blockingKeys, firstNameKey, largestBlock, type Row, rowsOf } from './blocks.ts'
import type { Clusters } from './clusters.ts'
import { mostEmailBits, mostErrors, mostUnexplainedBits } from './compare-emails.ts'
import type { Fields } from './fields.ts'
import type { Frequencies } from './frequencies.ts'
import { createHashes, noHash, type Pause, runsOf } from './hashes.ts'
import { createSignatures } from './signatures.ts'
import { createWords } from './words.ts'

/**
 * The pairs of records that are worth comparing: those that share a block and that their numbers do not rule out. At
 * 300,000 customers, 150,000 of the 30 million pairs in blocks are left to compare.
 */
export interface Candidates {
  /** Adds the next record; one without fields is no candidate. */
  push(fields: Fields | undefined): void
  /**
   * Visits pairs of different clusters, once all records were added and counted.
   * @param needed how many bits names and e-mails have to say
   */
  visit(
    clusters: Clusters,
    needed: number,
    visit: (a: number, b: number) => void,
    pause: Pause,
  ): Promise<void>
}

/** How many pairs can be ruled out while one is compared, about. */
const comparison = 300
const workBetween = 1000 * comparison

const alive = 1
const notAlive = 2

/** @param fieldsAt the fields of a record that was added */
export function createCandidates(frequencies: Frequencies, fieldsAt: (index: number) => Fields): Candidates {
  const hashes = createHashes(blockingKeys.flat().length)
  const signatures = createSignatures()
  const words = createWords(frequencies)
  /** What is found out about a record when it is first compared. */
  let domains = new Uint8Array()
  let domainBits = new Float32Array()
  let unexplained = new Float32Array()
  /** A bit for each key by which a record is in a large block, not all pairs of which are visited. */
  let large = new Uint8Array()

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
  function maySay(needed: number, a: number, b: number): boolean {
    const errors = signatures.leastErrors(a, b, isAlive)
    if (errors > mostErrors) return false
    learn(a)
    learn(b)
    const ofLocal = Math.max(unexplained[a] ?? 0, unexplained[b] ?? 0)
    const ofDomain = Math.max(domainBits[a] ?? 0, domainBits[b] ?? 0)
    return words.maySay(needed - mostEmailBits(errors, ofLocal, ofDomain), a, b)
  }

  function share(a: number, b: number, columns: readonly number[]): boolean {
    for (const column of columns) {
      const hash = hashes.at(a, column)
      if (hash === noHash) continue
      for (const other of columns) if (hashes.at(b, other) === hash) return true
    }
    return false
  }

  /** Whether a pair was or will be visited by another key: without this, four times as many are compared. */
  function isOfOtherKey(key: number, a: number, b: number): boolean {
    // Those of one mailbox are in different clusters only if it is nobody's own; then only names count.
    const first = signatures.haveOneMailbox(a, b) ? firstNameKey : 0
    if (key < first) return true
    const ofLarge = (large[a] ?? 0) | (large[b] ?? 0)
    for (let before = first; before < key; before++)
      if ((ofLarge & (1 << before)) === 0 && share(a, b, blockingKeys[before] ?? [])) return true
    return false
  }

  function markLarge(key: number, block: readonly number[]): void {
    for (const index of block) large[index] = (large[index] ?? 0) | (1 << key)
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
      large = new Uint8Array(hashes.size)
      const isCandidate = (key: number, a: number, b: number): boolean =>
        maySay(needed, a, b) && clusters.rootOf(a) !== clusters.rootOf(b) && !isOfOtherKey(key, a, b)
      let work = 0
      for (const [key, columns] of blockingKeys.entries()) {
        for (const block of await runsOf(hashes, columns, pause)) {
          if (areOneCluster(block, clusters)) continue
          if (block.length > largestBlock) markLarge(key, block)
          for (const row of await rowsOf(block, signatures, pause)) await visitRow(key, row)
        }
      }

      async function visitRow(key: number, { records, window }: Row): Promise<void> {
        for (let at = 0; at < records.length; at++) {
          const a = records[at] ?? 0
          work += window
          for (const b of records.slice(at + 1, at + 1 + window)) {
            if (!isCandidate(key, a, b)) continue
            work += comparison
            visit(a, b)
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
