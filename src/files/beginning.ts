import { longestLine } from './text.ts'

/** A text of which the beginning was looked at. */
export interface Begun {
  /** What the text begins with, at least to the end of its first line that is not blank, unless that is too long. */
  readonly head: string
  /** The whole text, the beginning included. */
  readonly texts: AsyncGenerator<string>
  /** Closes the input of a text that nobody is going to read. */
  close(): Promise<void>
}

/** Looks at the beginning of a text, to see what it is, without losing any of it. */
export async function beginningOf(texts: AsyncGenerator<string>): Promise<Begun> {
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
    // Who stops within the beginning leaves the rest too.
    await rest.return(undefined)
  }
}
