import { CliError } from '../errors.ts'

/**
 * How much is made text of at a time: what it holds is given up before the next comes, and what is given up soon costs
 * the least; bytes.
 */
const pieceBytes = 16 * 1024

/** What is read: a file or stdin. */
export type Bytes = AsyncIterable<Uint8Array | string>

/** A line of a text and its number, from 1. */
export interface Line {
  readonly text: string
  readonly number: number
}

/** The longest line that is taken; characters. */
export const longestLine = 1024 * 1024

/**
 * The text of a file, piece by piece, without a byte order mark. Throws `usage` for what is not UTF-8 text:
 * spreadsheets also write UTF-16. `name` is how the file is called in messages.
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
        throw notText(`${name} is not a text: a zero byte stands at about line ${lines}`)
      lines += text.split('\n').length - 1
      yield text
    }
  }
  yield decode()
}

/** By its byte order mark; without one, its zero bytes give it away. */
function isUtf16(block: Uint8Array): boolean {
  const [first, second] = block
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}

function notText(message: string): CliError {
  return new CliError('usage', message, {
    hint: 'save it as UTF-8 (in a spreadsheet: "CSV UTF-8") and try again',
  })
}

/** A text of which the beginning was read ahead. */
export interface Peeked {
  /** What the text begins with, at least to the end of its first line that is not blank, unless that is too long. */
  readonly head: string
  /** The whole text, the beginning included. */
  readonly texts: AsyncGenerator<string>
  /** Closes the input of a text that is not going to be read. */
  close(): Promise<void>
}

/** Looks at the beginning of a text, to see what it is, without losing any of it. */
export async function peek(texts: AsyncGenerator<string>): Promise<Peeked> {
  let head = ''
  let hasText = false
  while (head.length <= longestLine) {
    const next = await texts.next()
    if (next.done) break
    head += next.value
    // Only what is new is looked at: a pipe may bring a long line letter by letter.
    const start: number = hasText ? 0 : next.value.search(/\S/)
    hasText ||= start >= 0
    if (hasText && next.value.includes('\n', start)) break
  }
  const close = async (): Promise<void> => void (await texts.return(undefined))
  return { head, texts: joined(head, texts), close }
}

/** The first line that is not blank, as much of it as was looked at. */
export function firstLine(head: string): string {
  return head.trimStart().split(/\r\n|\n|\r/, 1)[0] ?? ''
}

/** What was taken from the beginning of something, and the rest of it. */
export async function* joined<Item>(head: Item, rest: AsyncGenerator<Item>): AsyncGenerator<Item> {
  try {
    yield head
    yield* rest
  } finally {
    // A reader that stops within the beginning leaves the rest too.
    await rest.return(undefined)
  }
}

/**
 * The lines of a text, without their ends (`\n`, `\r\n`), in batches (see `inBatches`). Throws `usage` for a line longer
 * than `longestLine`, once the lines before it were handed on.
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

/** How many items a batch holds at most. */
const mostItems = 500

/**
 * Hands on what one piece of a text holds, as batches: an `await` for every item would cost more than reading it does.
 * `take` adds the items to the list that it is handed. Where it throws, the items that it added are handed on first, so
 * that it makes no difference where the pieces end.
 */
export function* inBatches<Item>(take: (items: Item[]) => void): Generator<readonly Item[], void, undefined> {
  const items: Item[] = []
  try {
    take(items)
  } finally {
    for (let at = 0; at < items.length; at += mostItems)
      yield items.length <= mostItems ? items : items.slice(at, at + mostItems)
  }
}
