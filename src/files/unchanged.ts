import { createHash } from 'node:crypto'
import { CliError } from '../errors.ts'
import type { Row } from './rows.ts'

/** Checks that the rows that are sent are the rows that were validated (docs/contract.md#import). */
export interface UnchangedCheck {
  /** The first pass: yields the rows and records a hash of each batch. Must be read to the end. */
  recorded(rows: AsyncIterable<readonly Row[]>): AsyncGenerator<readonly Row[]>
  /**
   * Later passes: yields the rows a batch at a time, after comparing the batch's hash. Throws `local_error` at the first
   * difference: a changed, missing or added row, or input that is no longer valid.
   */
  compared(rows: AsyncIterable<readonly Row[]>): AsyncGenerator<readonly Row[]>
}

/** A million rows make 2,000 hashes. */
const rowsPerBatch = 500

/** A batch that reaches this length ends early, so that rows of a megabyte do not pile up; characters. */
const longestBatch = 1024 * 1024

/** `name` is the input's name in messages. */
export function createUnchangedCheck(name: string): UnchangedCheck {
  const hashes: string[] = []
  return {
    async *recorded(rows) {
      for await (const batch of batchesOf(rows, true)) {
        hashes.push(hashOf(batch))
        yield batch
      }
    },
    async *compared(rows) {
      let count = 0
      let line = 1
      for await (const batch of batchesOf(readAgain(rows, name), false)) {
        if (hashes[count] !== hashOf(batch)) throw changed(name, batch[0]?.line ?? line)
        count++
        line = batch.at(-1)?.line ?? line
        yield batch
      }
      if (count < hashes.length) throw changed(name, line)
    },
  }
}

/**
 * Groups rows into batches that do not depend on how the rows arrive.
 * @param yieldsRest whether the rows of an incomplete batch are yielded before an error is thrown
 */
async function* batchesOf(
  rows: AsyncIterable<readonly Row[]>,
  yieldsRest: boolean,
): AsyncGenerator<readonly Row[]> {
  let batch: Row[] = []
  let length = 0
  try {
    for await (const some of rows) {
      for (const row of some) {
        batch.push(row)
        length += lengthOf(row)
        if (batch.length < rowsPerBatch && length < longestBatch) continue
        yield batch
        batch = []
        length = 0
      }
    }
  } catch (error) {
    if (yieldsRest) yield batch
    throw error
  }
  if (batch.length > 0) yield batch
}

/** Approximate size of a row; characters. */
function lengthOf({ raw }: Row): number {
  if (typeof raw === 'string') return raw.length
  let length = 0
  for (const cell of raw) length += cell.length
  return length
}

/** Input that was valid CSV or JSON on the first pass and no longer is has changed. */
async function* readAgain(rows: AsyncIterable<readonly Row[]>, name: string): AsyncGenerator<readonly Row[]> {
  let line = 1
  try {
    for await (const some of rows) {
      line = some.at(-1)?.line ?? line
      yield some
    }
  } catch (error) {
    throw error instanceof CliError && error.code === 'usage' ? changed(name, line, error) : error
  }
}

/** Covers each row's line, what would be sent, and its problems. */
function hashOf(batch: readonly Row[]): string {
  const rows = batch.map(({ line, customer: { firstname, lastname, email }, problems }) => [
    line,
    firstname,
    lastname,
    email,
    problems,
  ])
  // JSON delimits the texts, and escapes lone surrogates, which UTF-8 cannot encode.
  return createHash('sha256').update(JSON.stringify(rows)).digest('base64')
}

function changed(name: string, line: number, cause?: unknown): CliError {
  return new CliError('local_error', `${name} changed while it was being imported, from about line ${line}`, {
    hint: 'rows already sent are kept; run the import again once the file no longer changes: it sends the rest',
    cause,
  })
}
