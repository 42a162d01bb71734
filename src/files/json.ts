import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'
import { inBatches, linesOf, longestLine } from './text.ts'

/** A value of a file as it is written there, and the line on which it begins. */
export interface JsonElement {
  readonly text: string
  readonly line: number
}

/**
 * What stands in an NDJSON file or a JSON array, in batches (see `inBatches`); blank lines are left out. Whether it is
 * JSON is for who parses it. Throws what `linesOf` and `jsonElements` throw.
 */
export async function* objectsOf(
  texts: AsyncIterable<string>,
  name: string,
  format: 'json' | 'ndjson',
): AsyncGenerator<readonly JsonElement[]> {
  if (format === 'json') return yield* jsonElements(texts, name)
  for await (const lines of linesOf(texts, name)) {
    yield lines
      .filter(({ text }) => !/^[ \t\r]*$/.test(text))
      .map(({ text, number }) => ({ text, line: number }))
  }
}

/** What may come next between the elements of an array. */
type Expected = 'a [' | 'a value or a ]' | 'a value' | 'a comma or a ]' | 'nothing'

/** What each sign of the array makes of what was expected; a value needs no sign. */
const signs: Readonly<Record<Expected, Readonly<Record<string, Expected>>>> = {
  'a [': { '[': 'a value or a ]' },
  'a value or a ]': { ']': 'nothing' },
  'a value': {},
  'a comma or a ]': { ',': 'a value', ']': 'nothing' },
  nothing: {},
}

/**
 * The elements of a JSON array, in batches (see `inBatches`): an array of any length is never held whole. Whether an
 * element is JSON is for who parses it; what stands between them is checked here. Throws `usage` naming the line for
 * what is not an array, for one that is cut off, and for an element longer than `longestLine`, once the elements before
 * it were handed on.
 */
export async function* jsonElements(
  texts: AsyncIterable<string>,
  name: string,
): AsyncGenerator<readonly JsonElement[]> {
  let expected: Expected = 'a ['
  let line = 1
  /** Of the element that is being read: what of it came so far, and where it began. */
  let element: string | undefined
  let start = 1
  let scan = createValueScanner()

  function checkLength(text: string): void {
    if (text.length > longestLine)
      throw brokenJson(name, start, `it holds a value longer than ${longestLine} characters`)
  }

  /** Skips white space, takes one sign of the array, or begins an element; where it stopped. */
  function between(text: string, at: number): number {
    if (text[at] === '\n') line++
    if (isSpace(text[at])) return at + 1
    const found = String.fromCodePoint(text.codePointAt(at) ?? 0)
    const next = signs[expected][found]
    if (next !== undefined) {
      expected = next
      return at + 1
    }
    if (!expected.startsWith('a value') || found === ',' || found === ']')
      throw unexpected(expected, found, name, line)
    element = ''
    start = line
    scan = createValueScanner()
    return at
  }

  /** Takes as much of the element as is there; where it stopped. */
  function within(text: string, before: string, at: number, elements: JsonElement[]): number {
    const end = scan(text, at)
    const part = text.slice(at, end ?? text.length)
    line += part.split('\n').length - 1
    checkLength(before + part)
    element = end === undefined ? before + part : undefined
    if (end === undefined) return text.length
    elements.push({ text: before + part, line: start })
    expected = 'a comma or a ]'
    return end
  }

  for await (const text of texts) {
    yield* inBatches<JsonElement>((elements) => {
      for (let at = 0; at < text.length; )
        at = element === undefined ? between(text, at) : within(text, element, at, elements)
    })
  }
  if (expected === 'a [')
    throw new CliError('usage', `${name} is empty`, { hint: 'a JSON array was expected' })
  if (expected !== 'nothing') throw brokenJson(name, line, 'the array is cut off')
}

function unexpected(expected: Expected, found: string, name: string, line: number): CliError {
  if (expected === 'a [')
    return new CliError('usage', `${name}, line ${line} is not the beginning of a JSON array`, {
      hint: 'for one object a line give --format ndjson; to take the array out of a document, `jq .data` for example',
    })
  const there = `'${visible(found)}'`
  const why = expected === 'nothing' ? `${there} follows the array` : `${expected} is missing before ${there}`
  return brokenJson(name, line, why)
}

/**
 * Finds the end of a JSON value that begins where it is first asked, and may come in pieces. Returned as a function
 * that says where in a piece, from `at` on, the value ends; undefined where it goes on behind the piece.
 */
function createValueScanner(): (text: string, at: number) => number | undefined {
  let depth = 0
  let inText = false
  let isEscaped = false

  /** How many characters of this one belong to the value if it ends here; undefined if it does not. */
  function endInText(sign: string | undefined): 1 | undefined {
    if (isEscaped) isEscaped = false
    else if (sign === '\\') isEscaped = true
    else if (sign === '"') {
      inText = false
      return depth === 0 ? 1 : undefined
    }
    return undefined
  }

  function endOutside(sign: string | undefined): 0 | 1 | undefined {
    const isClosing = sign === '}' || sign === ']'
    if (sign === '"') inText = true
    else if (sign === '{' || sign === '[') depth++
    // What ends a number or a word does not belong to it.
    else if (depth === 0) return sign === ',' || isClosing || isSpace(sign) ? 0 : undefined
    else if (isClosing) {
      depth--
      return depth === 0 ? 1 : undefined
    }
    return undefined
  }

  return (text, from) => {
    for (let at = from; at < text.length; at++) {
      const length = inText ? endInText(text[at]) : endOutside(text[at])
      if (length !== undefined) return at + length
    }
    return undefined
  }
}

function isSpace(sign: string | undefined): boolean {
  return sign === ' ' || sign === '\n' || sign === '\r' || sign === '\t'
}

/** A member of a JSON object: its key, and its text as it is written there. */
export interface Member {
  readonly key: string
  readonly text: string
}

/**
 * The members of an object as they are written: numbers that no double can hold stay as they are. `text` must be the
 * JSON of an object.
 */
export function membersOf(text: string): Member[] {
  const members: Member[] = []
  for (let at = text.indexOf('{') + 1; at < text.length; ) {
    const keyStart = at + (/[^\s,}]/.exec(text.slice(at))?.index ?? text.length)
    const keyEnd = createValueScanner()(text, keyStart) ?? text.length
    const valueStart = text.indexOf(':', keyEnd) + 1
    if (keyStart >= text.length || valueStart === 0) break
    const begin = valueStart + (/\S/.exec(text.slice(valueStart))?.index ?? 0)
    at = createValueScanner()(text, begin) ?? text.length
    members.push({ key: String(JSON.parse(text.slice(keyStart, keyEnd))), text: text.slice(keyStart, at) })
  }
  return members
}

/** The error of a line that is not JSON. */
export function brokenJson(name: string, line: number, why: string): CliError {
  return new CliError('usage', `${name}, line ${line} is not as JSON should be: ${why}`, {
    hint: 'nothing was done; mend the line and try again',
  })
}
