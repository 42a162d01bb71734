import { createHash } from 'node:crypto'
import { CliError } from '../errors.ts'
import type { Row } from './rows.ts'

/** Makes sure that the rows that are sent are the ones that were checked (docs/contract.md#import). */
export interface Blocks {
  /** The first pass: hands the rows through and remembers a hash of every block of them. To be read to its end. */
  recorded(rows: AsyncIterable<readonly Row[]>): AsyncGenerator<readonly Row[]>
  /**
   * Every later pass: the rows a block at a time, each compared before any row of it is handed out. Throws `local_error`
   * at the first difference: a row that changed, is missing or was added, or a text that cannot be read any more.
   */
  compared(rows: AsyncIterable<readonly Row[]>): AsyncGenerator<readonly Row[]>
  /** What the hashes hold in memory, in bytes. */
  readonly bytes: number
}

const hashBytes = 32

/** Rows of one block: small enough to hold, large enough that a million rows leave 64 kB of hashes. */
const rowsPerBlock = 500

/** A block ends with the row that makes it so long, so that rows of a megabyte do not pile up; characters. */
const longestBlock = 1024 * 1024

/** `name` is how the input is called in messages. */
export function createBlocks(name: string): Blocks {
  let hashes = Buffer.alloc(64 * hashBytes)
  let count = 0

  function keep(hash: Buffer): void {
    if ((count + 1) * hashBytes > hashes.length) hashes = Buffer.concat([hashes], hashes.length * 2)
    hash.copy(hashes, count * hashBytes)
    count++
  }

  function isKept(block: number, hash: Buffer): boolean {
    return block < count && hashes.subarray(block * hashBytes, (block + 1) * hashBytes).equals(hash)
  }

  async function* compared(rows: AsyncIterable<readonly Row[]>): AsyncGenerator<readonly Row[]> {
    let block = 0
    let line = 1
    for await (const next of blocksOf(readAgain(rows, name))) {
      if (!isKept(block, hashOf(next))) throw changed(name, next[0]?.line ?? line)
      block++
      line = next.at(-1)?.line ?? line
      yield next
    }
    if (block < count) throw changed(name, line)
  }

  return {
    async *recorded(rows) {
      const gathering = createGathering()
      for await (const some of rows) {
        for (const block of gathering.add(some)) keep(hashOf(block))
        yield some
      }
      for (const block of gathering.end()) keep(hashOf(block))
    },
    compared,
    get bytes() {
      return hashes.length
    },
  }
}

async function* blocksOf(rows: AsyncIterable<readonly Row[]>): AsyncGenerator<readonly Row[]> {
  const gathering = createGathering()
  for await (const some of rows) yield* gathering.add(some)
  yield* gathering.end()
}

/** Makes the same blocks of the same rows, however they arrive. */
interface Gathering {
  /** The blocks that these rows complete. */
  add(rows: readonly Row[]): Generator<readonly Row[]>
  /** What is left. */
  end(): Generator<readonly Row[]>
}

function createGathering(): Gathering {
  let block: Row[] = []
  let length = 0
  return {
    *add(rows) {
      for (const row of rows) {
        block.push(row)
        length += lengthOf(row)
        if (block.length < rowsPerBlock && length < longestBlock) continue
        yield block
        block = []
        length = 0
      }
    },
    *end() {
      if (block.length > 0) yield block
    },
  }
}

/** What a row holds in memory, about; characters. */
function lengthOf({ raw }: Row): number {
  if (typeof raw === 'string') return raw.length
  let length = 0
  for (const cell of raw) length += cell.length
  return length
}

/** What could be read once and is now no CSV or JSON any more has changed. */
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

/** Where each row stands, what would be sent, and whether it could be; unambiguous, since it tells all lengths too. */
function hashOf(block: readonly Row[]): Buffer {
  const texts: string[] = []
  const numbers = new Uint32Array(block.length * 5)
  let at = 0
  for (const { line, customer, problems } of block) {
    const { firstname, lastname, email } = customer
    const told = problems.length === 0 ? '' : JSON.stringify(problems)
    texts.push(firstname, lastname, email, told)
    numbers[at++] = line
    numbers[at++] = firstname.length
    numbers[at++] = lastname.length
    numbers[at++] = email.length
    numbers[at++] = told.length
  }
  // As UTF-16: UTF-8 has no halves of surrogate pairs.
  return createHash('sha256').update(numbers).update(texts.join(''), 'utf16le').digest()
}

function changed(name: string, line: number, cause?: unknown): CliError {
  return new CliError('local_error', `${name} changed while it was being imported, from about line ${line}`, {
    hint: 'what was sent before stays; run the import again with a file that nobody writes to: it sends what is missing',
    cause,
  })
}
