import { CliError } from '../errors.ts'

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

/** A text whose start was read ahead. */
export interface Peeked {
  /** The start of the text. */
  readonly head: string
  /** What follows it. */
  readonly rest: AsyncGenerator<string>
}

/** Reads the start of a text, at least `lines` lines or `longestLine` characters, and leaves the rest to be read. */
export async function peek(texts: AsyncGenerator<string>, lines: number): Promise<Peeked> {
  let head = ''
  let ends = 0
  while (head.length <= longestLine && ends <= lines) {
    const next = await texts.next()
    if (next.done) break
    head += next.value
    ends += next.value.match(/[\r\n]/g)?.length ?? 0
  }
  return { head, rest: texts }
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

/** Closes the input of a generator that is not going to be read. */
export async function discard(items: AsyncGenerator<unknown>): Promise<void> {
  // `return` alone would not run a generator that was not started.
  for await (const _ of items) break
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
