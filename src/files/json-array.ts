import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'
import { inBlocks } from './in-blocks.ts'
import { longestLine } from './text.ts'

/** A value in a JSON array as it is written there, and the line on which it begins. */
export interface JsonElement {
  readonly text: string
  readonly line: number
}

/**
 * The elements of a JSON array, in blocks (see `inBlocks`): an array of any length is never held whole. Whether an
 * element is JSON is for who parses it; what stands between them is checked here. Throws `usage` naming the line for
 * what is no array, for one that is cut off, and for an element longer than `longestLine`, once the elements before it
 * were handed on.
 */
export async function* jsonElements(
  texts: AsyncIterable<string>,
  name: string,
): AsyncGenerator<readonly JsonElement[]> {
  const reader = createReader(name)
  for await (const text of texts) yield* inBlocks<JsonElement>((elements) => reader.push(text, elements))
  reader.end()
}

/** What may come next, as a reader is told who finds something else. */
type Expected = 'a [' | 'a value or a ]' | 'a value' | 'a comma or a ]' | 'nothing'

/** What each sign of the array makes of what was expected; a value needs no sign. */
const signs: Readonly<Record<Expected, Readonly<Record<string, Expected>>>> = {
  'a [': { '[': 'a value or a ]' },
  'a value or a ]': { ']': 'nothing' },
  'a value': {},
  'a comma or a ]': { ',': 'a value', ']': 'nothing' },
  nothing: {},
}

const [newline, quote, comma, backslash] = [0x0a, 0x22, 0x2c, 0x5c]

interface Reader {
  /** Adds the elements that this piece of the text completes. */
  push(text: string, elements: JsonElement[]): void
  /** Throws where the text must not end. */
  end(): void
}

function createReader(name: string): Reader {
  let elements: JsonElement[] = []
  let expected: Expected = 'a ['
  let line = 1
  /** Of the element that is being read: what of it came so far, where it began, and where in it the text stands. */
  let element: string | undefined
  let start = 1
  let depth = 0
  let inText = false
  let escaped = false

  function checkLength(text: string): void {
    if (text.length > longestLine)
      throw brokenJson(name, start, `it holds a value longer than ${longestLine} characters`)
  }

  function endElement(text: string): void {
    checkLength(text)
    elements.push({ text, line: start })
    element = undefined
    expected = 'a comma or a ]'
  }

  /** Skips white space, takes one sign of the array, or begins an element. */
  function between(text: string, at: number): number {
    const code = text.charCodeAt(at)
    if (code === newline) line++
    if (isSpace(code)) return at + 1
    const found = String.fromCodePoint(text.codePointAt(at) ?? 0)
    const next = signs[expected][found]
    if (next !== undefined) {
      expected = next
      return at + 1
    }
    if (!expected.startsWith('a value') || found === ',' || found === ']') throw unexpected(found)
    element = ''
    start = line
    return at
  }

  /** Takes as much of the element as is there. */
  function within(text: string, before: string, at: number): number {
    for (let end = at; end < text.length; end++) {
      const code = text.charCodeAt(end)
      if (code === newline) line++
      const length = inText ? textEnds(code) : structureEnds(code)
      if (length === undefined) continue
      // What ends a number or a word does not belong to it, and is looked at again.
      if (length === 0 && code === newline) line--
      endElement(before + text.slice(at, end + length))
      return end + length
    }
    element = before + text.slice(at)
    return text.length
  }

  /** How many characters of this one belong to the element if it ends here; undefined if it does not. */
  function textEnds(code: number): 1 | undefined {
    if (escaped) escaped = false
    else if (code === backslash) escaped = true
    else if (code === quote) {
      inText = false
      return depth === 0 ? 1 : undefined
    }
    return undefined
  }

  function structureEnds(code: number): 0 | 1 | undefined {
    if (code === quote) inText = true
    else if (isOpening(code)) depth++
    else if (depth === 0) return code === comma || isSpace(code) || isClosing(code) ? 0 : undefined
    else if (isClosing(code)) {
      depth--
      return depth === 0 ? 1 : undefined
    }
    return undefined
  }

  function unexpected(found: string): CliError {
    if (expected === 'a [')
      return new CliError('usage', `${name}, line ${line} is not the beginning of a JSON array`, {
        hint: 'for one object a line give --format ndjson; to take the array out of a document, `jq .data` for example',
      })
    const there = `'${visible(found)}'`
    const why =
      expected === 'nothing' ? `${there} follows the array` : `${expected} is missing before ${there}`
    return brokenJson(name, line, why)
  }

  return {
    push(text, into) {
      elements = into
      for (let at = 0; at < text.length; )
        at = element === undefined ? between(text, at) : within(text, element, at)
      checkLength(element ?? '')
    },
    end() {
      if (expected === 'a [')
        throw new CliError('usage', `${name} is empty`, { hint: 'a JSON array was expected' })
      if (expected !== 'nothing') throw brokenJson(name, line, 'the array is cut off')
    },
  }
}

/** The error of a line that is no JSON. */
export function brokenJson(name: string, line: number, why: string): CliError {
  return new CliError('usage', `${name}, line ${line} is not as JSON should be: ${why}`, {
    hint: 'nothing was done; mend the line and try again',
  })
}

const isSpace = (code: number): boolean => code === 0x20 || code === newline || code === 0x0d || code === 0x09
const isOpening = (code: number): boolean => code === 0x7b || code === 0x5b
const isClosing = (code: number): boolean => code === 0x7d || code === 0x5d
