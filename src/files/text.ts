import { CliError } from '../errors.ts'

/** How much is decoded at a time; bytes. Garbage collection of short-lived objects is cheap, so pieces are small. */
const pieceBytes = 16 * 1024

/** The contents of a file or stdin. */
export type Bytes = AsyncIterable<Uint8Array | string>

/** A line of a text and its number, from 1. */
export interface Line {
  readonly text: string
  readonly number: number
}

/** The longest line that is accepted; characters. */
export const longestLine = 1024 * 1024

/** The error for a line that cannot be used; `problem` follows "line 3". */
export function badLine(name: string, line: number, problem: string): CliError {
  return new CliError('usage', `${name}, line ${line} ${problem}`, {
    hint: 'nothing was done; fix the line and try again',
  })
}

/**
 * Decodes a file piece by piece, without its byte order mark. Throws `usage` if it is not UTF-8 text: spreadsheets may
 * write UTF-16. `name` is the file's name in messages.
 */
export async function* textOf(bytes: Bytes, name: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let lines = 1
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })
    } catch {
      throw notText(`${name} is not UTF-8 text, from about line ${lines}`)
    }
  }
  let start = true
  for await (const chunk of bytes) {
    const block = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    if (start && isUtf16(block)) throw notText(`${name} is UTF-16, not UTF-8`)
    start = start && block.length === 0
    for (let at = 0; at < block.length; at += pieceBytes) {
      const text = decode(block.subarray(at, at + pieceBytes))
      if (text.includes('\0'))
        throw notText(`${name} is not a text file: there is a zero byte at about line ${lines}`)
      lines += text.split('\n').length - 1
      yield text
    }
  }
  yield decode()
}

/** By its byte order mark. UTF-16 without one is caught by its zero bytes. */
function isUtf16(block: Uint8Array): boolean {
  const [first, second] = block
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}

function notText(message: string): CliError {
  return new CliError('usage', message, {
    hint: 'save it as UTF-8 (in a spreadsheet: "CSV UTF-8") and try again',
  })
}

/** A text whose start was read ahead. */
export interface Peeked {
  /** The start of the text, up to at least the end of its first non-blank line, unless that is too long. */
  readonly head: string
  /** The whole text, including `head`. */
  readonly texts: AsyncGenerator<string>
  /** Closes the input if the text is not going to be read. */
  close(): Promise<void>
}

/** Reads the start of a text, to detect its format, without consuming it. */
export async function peek(texts: AsyncGenerator<string>): Promise<Peeked> {
  let head = ''
  let hasText = false
  while (head.length <= longestLine) {
    const next = await texts.next()
    if (next.done) break
    head += next.value
    // Searches only the new piece: a pipe may deliver a long line byte by byte.
    const start: number = hasText ? 0 : next.value.search(/\S/)
    hasText ||= start >= 0
    if (hasText && next.value.includes('\n', start)) break
  }
  const close = async (): Promise<void> => void (await texts.return(undefined))
  return { head, texts: joined(head, texts), close }
}

/** The first non-blank line, as far as it was read ahead. */
export function firstLine(head: string): string {
  return head.trimStart().split(/\r\n|\n|\r/, 1)[0] ?? ''
}

/** Yields an item that was read ahead, then the rest. */
export async function* joined<Item>(head: Item, rest: AsyncGenerator<Item>): AsyncGenerator<Item> {
  try {
    yield head
    yield* rest
  } finally {
    // Also if the reader stops at the first item.
    await rest.return(undefined)
  }
}

/**
 * Yields the lines of a text, without their ends (`\n`, `\r\n`), in batches (see `inBatches`). Throws `usage` for a line
 * longer than `longestLine`, after the lines before it were yielded.
 */
export async function* linesOf(texts: AsyncIterable<string>, name: string): AsyncGenerator<readonly Line[]> {
  let number = 1
  let rest = ''
  const bounded = (line: string): string => {
    if (line.length <= longestLine) return line
    throw new CliError('usage', `${name}, line ${number} is longer than ${longestLine} characters`, {
      hint: 'is it the right file?',
    })
  }
  for await (const text of texts) {
    yield* inBatches<Line>((lines) => {
      let from = 0
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
        lines.push({ text: bounded(withoutReturn(rest + text.slice(from, end))), number })
        number++
        rest = ''
        from = end + 1
      }
      rest = bounded(rest + text.slice(from))
    })
  }
  if (rest !== '') yield [{ text: withoutReturn(rest), number }]
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

/** The most items in a batch. */
const maxItems = 500

/**
 * Yields the items of one piece of a text in batches: an `await` per item would cost more than reading it. `take` adds
 * the items to its list. If it throws, the items added so far are yielded first, so that it does not matter where the
 * pieces end.
 */
export function* inBatches<Item>(take: (items: Item[]) => void): Generator<readonly Item[], void, undefined> {
  const items: Item[] = []
  try {
    take(items)
  } finally {
    for (let at = 0; at < items.length; at += maxItems)
      yield items.length <= maxItems ? items : items.slice(at, at + maxItems)
  }
}
