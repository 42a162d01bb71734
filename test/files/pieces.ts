import fc from 'fast-check'
import { problemOf } from '../../src/customers/validation.ts'
import { textOf } from '../../src/files/decode.ts'
import type { TwiceReadable } from '../../src/files/input.ts'
import { openRows, type Row, type RowOptions, type RowSource } from '../../src/files/rows.ts'

/** The bytes in pieces whose sizes repeat, as a file or a pipe hands them over: cut anywhere, inside a letter too. */
export async function* pieces(
  contents: string | Uint8Array,
  sizes: readonly number[] = [65536],
): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(contents)
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    yield bytes.subarray(at, at + size)
    at += size
  }
}

/** Sizes of pieces for property tests. */
export const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 })

/** Without an end, as long as somebody reads (at most `most` pieces of 64 KiB); `taken` says how many were. */
export function endless(
  before: string,
  filler: string,
  most = 2000,
): { bytes: AsyncGenerator<Uint8Array>; taken(): number } {
  let taken = 0
  const piece = Buffer.from(filler.repeat(Math.ceil(65536 / filler.length)))
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(before)
    for (; taken < most; taken++) yield piece
  }
  return { bytes: bytes(), taken: () => taken }
}

/** An input with these contents, which can be read as often as needed. */
export function inputOf(
  contents: string | Uint8Array,
  name = 'people.csv',
  sizes?: readonly number[],
): TwiceReadable {
  return {
    name,
    read: () => pieces(contents, sizes),
    isFile: async () => false,
    close: async () => undefined,
  }
}

/** An input that reads these bytes, which may have no end. */
export const streamOf = (read: () => AsyncGenerator<Uint8Array>, name = 'people.csv'): TwiceReadable => ({
  ...inputOf('', name),
  read,
})

/** The text of contents that are read in pieces. */
export async function* texts(
  contents: string | Uint8Array,
  sizes?: readonly number[],
): AsyncGenerator<string> {
  yield* textOf(inputOf(contents, 'people.csv', sizes), { label: 'utf-8', isGzip: false })
}

/** UTF-8 as text. */
export async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true })
}

export function open(
  contents: string | Uint8Array,
  name = 'people.csv',
  options: Partial<RowOptions> & { sizes?: readonly number[] } = {},
): Promise<RowSource> {
  const { sizes, ...rest } = options
  return openRows(inputOf(contents, name, sizes), { problemOf, ...rest })
}

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}

/** The items of all blocks, and that no block is longer than blocks are. */
export async function flat<Item>(blocks: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const lists = await all(blocks)
  const longest = Math.max(0, ...lists.map((list) => list.length))
  if (longest > 500) throw new Error(`a block holds ${longest} items`)
  return lists.flat()
}

export async function rowsOf(...args: Parameters<typeof open>): Promise<Row[]> {
  return flat((await open(...args)).rows())
}

/** What a user would be told: `usage: people.csv, line 3 …`. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    return `no error: ${JSON.stringify(await work)}`
  } catch (error) {
    return error instanceof Error && 'code' in error
      ? `${String(error.code)}: ${error.message}`
      : String(error)
  }
}
