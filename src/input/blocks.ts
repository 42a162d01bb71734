import { createHash } from 'node:crypto'
import { CliError } from '../errors.ts'
import type { Row } from './rows.ts'

/** Makes sure that the rows that are sent are the ones that were checked (issue "Bulk", 1). */
export interface Blocks {
  /** The first pass: hands the rows through and remembers a hash of every block of them. To be read to its end. */
  recorded(rows: AsyncIterable<Row>): AsyncGenerator<Row>
  /**
   * Every later pass: the rows a block at a time, each compared before any row of it is handed out. Throws `api_error`
   * at the first difference: a row that changed, is missing or was added, or a text that cannot be read any more.
   */
  compared(rows: AsyncIterable<Row>): AsyncGenerator<readonly Row[]>
  /** What the hashes hold in memory, in bytes. */
  readonly bytes: number
}

const hashBytes = 32

/** Rows of one block: small enough to hold, large enough that a million rows leave 64 kB of hashes. */
const rowsPerBlock = 500

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

  async function* compared(rows: AsyncIterable<Row>): AsyncGenerator<readonly Row[]> {
    let block = 0
    let line = 1
    for await (const next of blocksOf(readAgain(rows, name))) {
      if (!isKept(block, hashOf(next.map(textOf)))) throw changed(name, next[0]?.line ?? line)
      block++
      line = next.at(-1)?.line ?? line
      yield next
    }
    if (block < count) throw changed(name, line)
  }

  return {
    async *recorded(rows) {
      let texts: string[] = []
      for await (const row of rows) {
        texts.push(textOf(row))
        if (texts.length === rowsPerBlock) {
          keep(hashOf(texts))
          texts = []
        }
        yield row
      }
      if (texts.length > 0) keep(hashOf(texts))
    },
    compared,
    get bytes() {
      return hashes.length
    },
  }
}

async function* blocksOf(rows: AsyncIterable<Row>): AsyncGenerator<readonly Row[]> {
  let block: Row[] = []
  for await (const row of rows) {
    block.push(row)
    if (block.length < rowsPerBlock) continue
    yield block
    block = []
  }
  if (block.length > 0) yield block
}

/** What could be read once and is now no CSV or JSON any more has changed. */
async function* readAgain(rows: AsyncIterable<Row>, name: string): AsyncGenerator<Row> {
  let line = 1
  try {
    for await (const row of rows) {
      line = row.line
      yield row
    }
  } catch (error) {
    throw error instanceof CliError && error.code === 'usage' ? changed(name, line, error) : error
  }
}

/** Where it stands, what would be sent, and whether it could be: unambiguous, since it is JSON. */
function textOf({ line, customer, problems }: Row): string {
  const { firstname, lastname, email } = customer
  return JSON.stringify([line, firstname, lastname, email, ...problems])
}

function hashOf(texts: readonly string[]): Buffer {
  return createHash('sha256').update(texts.join('\n')).digest()
}

function changed(name: string, line: number, cause?: unknown): CliError {
  return new CliError('api_error', `${name} changed while it was being imported, from about line ${line}`, {
    hint: 'what was sent before stays; run the import again with a file that nobody writes to: it sends what is missing',
    cause,
  })
}
