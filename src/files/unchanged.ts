import { createHash } from 'node:crypto'
import { CliError } from '../errors.ts'
import type { Row } from './rows.ts'

/** Makes sure that the rows that are sent are the ones that were checked (docs/contract.md#import). */
export interface UnchangedCheck {
  /** The first pass: hands the rows on and remembers a hash of every batch of them. To be read to its end. */
  recorded(rows: AsyncIterable<readonly Row[]>): AsyncGenerator<readonly Row[]>
  /**
   * Every later pass: the rows a batch at a time, each compared before any row of it is handed out. Throws `local_error`
   * at the first difference: a row that changed, is missing or was added, or a text that cannot be read any more.
   */
  compared(rows: AsyncIterable<readonly Row[]>): AsyncGenerator<readonly Row[]>
}

/** Small enough to hold, large enough that a million rows leave 2,000 hashes. */
const rowsPerBatch = 500

/** A batch ends with the row that makes it so long, so that rows of a megabyte do not pile up; characters. */
const longestBatch = 1024 * 1024

/** `name` is how the input is called in messages. */
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
 * The same batches of the same rows, however they arrive.
 *
 * @param isRestWanted whether the rows before an error are handed on too
 */
async function* batchesOf(
  rows: AsyncIterable<readonly Row[]>,
  isRestWanted: boolean,
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
    if (isRestWanted) yield batch
    throw error
  }
  if (batch.length > 0) yield batch
}

/** What a row holds in memory, about; characters. */
function lengthOf({ raw }: Row): number {
  if (typeof raw === 'string') return raw.length
  let length = 0
  for (const cell of raw) length += cell.length
  return length
}

/** What could be read once and is not CSV or JSON any more has changed. */
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

/** Where each row stands, what would be sent, and whether it could be. */
function hashOf(batch: readonly Row[]): string {
  const rows = batch.map(({ line, customer: { firstname, lastname, email }, problems }) => [
    line,
    firstname,
    lastname,
    email,
    problems,
  ])
  // JSON says where each text ends, and spells out halves of surrogate pairs, which UTF-8 has not.
  return createHash('sha256').update(JSON.stringify(rows)).digest('base64')
}

function changed(name: string, line: number, cause?: unknown): CliError {
  return new CliError('local_error', `${name} changed while it was being imported, from about line ${line}`, {
    hint: 'what was sent before stays; run the import again with a file that nobody writes to: it sends what is missing',
    cause,
  })
}
