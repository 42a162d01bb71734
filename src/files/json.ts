import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'
import { badLine, inBatches, joined, linesOf, longestLine } from './text.ts'

/** The source text of a value, and the line on which it starts. */
export interface JsonElement {
  readonly text: string
  readonly line: number
}

/**
 * Yields the values of an NDJSON file or a JSON array, in batches (see `inBatches`), without parsing them. Blank lines
 * are skipped. Throws what `linesOf` and `jsonElements` throw.
 */
export async function* objectsOf(
  texts: AsyncIterable<string>,
  name: string,
  format: 'json' | 'ndjson',
): AsyncGenerator<readonly JsonElement[]> {
  if (format === 'json') return yield* jsonElements(texts, name)
  for await (const lines of linesOf(texts, name)) {
    yield lines.filter(({ text }) => text.trim() !== '').map(({ text, number }) => ({ text, line: number }))
  }
}

/** What may come next, between the elements. */
type Expected =
  | 'a [ or a {'
  | 'a value or a ]'
  | 'a value'
  | 'a comma or a ]'
  | 'nothing'
  | 'an object'
  | 'the rest of a document'

/** What is expected after each punctuation mark. */
const transitions: Readonly<Record<Expected, Readonly<Record<string, Expected>>>> = {
  'a [ or a {': { '[': 'a value or a ]' },
  'a value or a ]': { ']': 'nothing' },
  'a value': {},
  'a comma or a ]': { ',': 'a value', ']': 'nothing' },
  nothing: {},
  'an object': {},
  'the rest of a document': {},
}

/**
 * Yields the elements of a JSON text, in batches (see `inBatches`), without holding it in memory: of an array, of the
 * array `data` in a document (as `orafi customers list --json` prints it), or objects one after another, such as a single
 * customer. Checks only what is between the elements, and does not parse them. Throws `usage` with the line for any other
 * text, an array that is cut off, and an element longer than `longestLine`, after the elements before it were yielded.
 */
export async function* jsonElements(
  texts: AsyncIterable<string>,
  name: string,
): AsyncGenerator<readonly JsonElement[]> {
  let expected: Expected = 'a [ or a {'
  let isDocument = false
  let line = 1
  /** What was read of the current element so far, and the line on which it starts. */
  let element: string | undefined
  let start = 1
  let scan = createValueScanner()

  function checkLength(text: string): void {
    if (text.length > longestLine)
      throw badLine(name, start, `has a value longer than ${longestLine} characters`)
  }

  /** Skips white space, reads one punctuation mark, or starts an element. Returns where to continue. */
  function between(text: string, at: number): number {
    if (text[at] === '\n') line++
    if (isSpace(text[at]) || expected === 'the rest of a document') return at + 1
    const found = String.fromCodePoint(text.codePointAt(at) ?? 0)
    const next = transitions[expected][found]
    if (next !== undefined) {
      expected = next === 'nothing' && isDocument ? 'the rest of a document' : next
      return at + 1
    }
    if (expected === 'a [ or a {' && found === '{') expected = 'an object'
    const fits = expected === 'an object' ? found === '{' : expected.startsWith('a value')
    if (!fits || found === ',' || found === ']') throw unexpected(expected, found, name, line)
    element = ''
    start = line
    scan = createValueScanner()
    return at
  }

  /** Reads the element as far as this text goes. Returns where to continue. */
  function within(text: string, before: string, at: number, elements: JsonElement[]): number {
    const end = scan(text, at)
    const part = text.slice(at, end ?? text.length)
    line += part.split('\n').length - 1
    checkLength(before + part)
    element = end === undefined ? before + part : undefined
    if (end === undefined) return text.length
    elements.push({ text: before + part, line: start })
    if (expected !== 'an object') expected = 'a comma or a ]'
    return end
  }

  const { head, rest } = await untilData(texts)
  const dataAt = startOfList(head)
  if (dataAt !== undefined) {
    isDocument = true
    line += head.slice(0, dataAt).split('\n').length - 1
  }
  for await (const text of joined(head.slice(dataAt ?? 0), rest)) {
    yield* inBatches<JsonElement>((elements) => {
      for (let at = 0; at < text.length; )
        at = element === undefined ? between(text, at) : within(text, element, at, elements)
    })
  }
  if (expected === 'a [ or a {')
    throw new CliError('usage', `${name} is empty`, { hint: 'a JSON array was expected' })
  if (element !== undefined && expected === 'an object')
    throw invalidJson(name, start, 'the object that starts there is truncated')
  if (!['nothing', 'an object', 'the rest of a document'].includes(expected))
    throw invalidJson(name, line, 'the array is truncated')
}

/** Members of a document before `data` are short; characters. */
const longestEnvelope = 16 * 1024

/** Reads as much of a text as `startOfList` needs. */
async function untilData(
  texts: AsyncIterable<string>,
): Promise<{ head: string; rest: AsyncGenerator<string> }> {
  const rest = (async function* () {
    yield* texts
  })()
  let head = ''
  while (head.length < longestEnvelope) {
    const next = await rest.next()
    if (next.done) break
    head += next.value
    if (!/^\s*(?:\{|$)/.test(head)) break
  }
  return { head, rest }
}

/** What APIs call the list in a document. */
const lists = new Set(
  'data results result items records customers contacts users people members subscribers rows value values list'.split(
    ' ',
  ),
)

/**
 * Where the list of a document starts, such as its array `data`. Undefined if the text is not a document: the list must be
 * an array of objects, and a customer's fields may not come before it.
 */
export function startOfList(head: string): number | undefined {
  let at = /^\s*\{/.exec(head)?.[0].length
  while (at !== undefined) {
    const [before, key = ''] = /^[\s,]*"((?:[^"\\]|\\.)*)"\s*:\s*/.exec(head.slice(at)) ?? []
    if (before === undefined || key === 'id' || key === 'email') return undefined
    at += before.length
    if (lists.has(key)) return /^\[\s*[{\]]/.test(head.slice(at)) ? at : undefined
    const end = createValueScanner()(head, at)
    if (end === undefined || end === at) return undefined
    at = end
  }
  return undefined
}

function unexpected(expected: Expected, found: string, name: string, line: number): CliError {
  const shown = `'${visible(found)}'`
  if (expected === 'a [ or a {')
    return new CliError('usage', `${name}, line ${line} is not the start of a JSON array`, {
      hint: 'for one object per line, add --format ndjson; for a CSV, --format csv',
    })
  if (expected === 'an object') return invalidJson(name, line, `expected an object before ${shown}`)
  const reason =
    expected === 'nothing' ? `unexpected ${shown} after the array` : `expected ${expected} before ${shown}`
  return invalidJson(name, line, reason)
}

/**
 * Returns a function that finds the end of one JSON value, which may come in pieces. It takes a piece and the offset
 * where the value starts or continues, and returns where it ends; undefined if it continues in the next piece.
 */
function createValueScanner(): (text: string, at: number) => number | undefined {
  let depth = 0
  let inText = false
  let isEscaped = false

  /** 1 if the value ends with this character; undefined if it does not end here. */
  function endInText(sign: string | undefined): 1 | undefined {
    if (isEscaped) isEscaped = false
    else if (sign === '\\') isEscaped = true
    else if (sign === '"') {
      inText = false
      return depth === 0 ? 1 : undefined
    }
    return undefined
  }

  /** As `endInText`; 0 if the value ended before this character. */
  function endOutside(sign: string | undefined): 0 | 1 | undefined {
    const isClosing = sign === '}' || sign === ']'
    if (sign === '"') inText = true
    else if (sign === '{' || sign === '[') depth++
    // The character after a number or a word is not part of it.
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

/** A member of a JSON object: its key, and its source text, key included. */
export interface Member {
  readonly key: string
  readonly text: string
}

/**
 * Splits a JSON object into its members without parsing their values, so that numbers beyond a double's precision stay
 * intact. `text` must be a valid JSON object.
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

/** The error for a line that is not valid JSON. */
export function invalidJson(name: string, line: number, reason: string): CliError {
  return badLine(name, line, `is not valid JSON: ${reason}`)
}
