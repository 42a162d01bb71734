import { CliError } from '../errors.ts'
import { inBlocks } from './in-blocks.ts'

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
 * The text of a file, piece by piece, without a byte order mark. Throws `usage` for what is no UTF-8 text:
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
      lines += newlines(text)
      yield text
    }
  }
  yield decode()
}

/**
 * The lines of a text, without their ends (`\n`, `\r\n`), in blocks (see `inBlocks`). Throws `usage` for a line longer
 * than `longestLine`, once the lines before it were handed on.
 */
export async function* linesOf(texts: AsyncIterable<string>, name: string): AsyncGenerator<readonly Line[]> {
  let number = 0
  let rest = ''

  function take(text: string, lines: Line[]): void {
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      number++
      lines.push({ text: bounded(withoutReturn(rest + text.slice(from, end)), name, number), number })
      rest = ''
      from = end + 1
    }
    rest = bounded(rest + text.slice(from), name, number + 1)
  }

  for await (const text of texts) yield* inBlocks<Line>((lines) => take(text, lines))
  if (rest !== '') yield [{ text: withoutReturn(rest), number: number + 1 }]
}

/** By its byte order mark; without one, its zero bytes give it away. */
function isUtf16(block: Uint8Array): boolean {
  const [first, second] = block
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}

function newlines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++
  return count
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

function bounded(line: string, name: string, number: number): string {
  if (line.length <= longestLine) return line
  throw new CliError('usage', `${name}, line ${number} is longer than ${longestLine} characters`, {
    hint: 'is it the right file?',
  })
}

function notText(message: string): CliError {
  return new CliError('usage', message, {
    hint: 'save it as UTF-8 (in a spreadsheet: "CSV UTF-8") and try again',
  })
}
