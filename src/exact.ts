import { isSafeNumber, parse, stringify } from 'lossless-json'

/**
 * A number that a double cannot hold by value, kept as the digits that came;
 * so is every whole number beyond 2^53, where doubles have gaps.
 * `toJSON` gives a string, so that a plain JSON.stringify loses no digit
 * either; `stringifyExact` writes it as the number that it is.
 */
export class ExactNumber {
  readonly isLosslessNumber = true
  readonly digits: string

  constructor(digits: string) {
    this.digits = digits
  }

  toString(): string {
    return this.digits
  }

  toJSON(): string {
    return this.digits
  }
}

/** What `toJSON` makes of such a number. A text that looks like it is a false alarm, which costs time only. */
const mayBeExact = /"-?(?:[\d.]{16,}(?:[eE][+-]?\d+)?|[\d.]+[eE][+-]?\d+)"/

/**
 * Where a number token stands that a double may not hold: 16 digits or more,
 * or an exponent. Inside a string it is a false alarm, which costs time only.
 */
const needsCare = /(?:^|[:[,])\s*-?(?:[\d.]{16}|[\d.]+[eE])/

/**
 * JSON.parse, but a number that a double cannot hold by value becomes an
 * `ExactNumber`. Keys are kept by value (`__proto__` too); of a key that comes
 * twice the last one counts, as with JSON.parse.
 * @throws SyntaxError when the text is no JSON, or is nested too deeply to be read
 */
export function parseExact(text: string): unknown {
  if (!needsCare.test(text)) return JSON.parse(text)
  try {
    return parse(text, undefined, { parseNumber: readNumber, onDuplicateKey: ({ newValue }) => newValue })
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxError('nested too deeply')
    throw error
  }
}

function readNumber(token: string): number | ExactNumber {
  return isSafeNumber(token) ? Number(token) : new ExactNumber(token)
}

/** What JSON.stringify leaves raw and a terminal obeys: DEL, C1, line separators, bidirectional controls. */
const unsafe = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/**
 * One JSON text: an `ExactNumber` with all its digits, and every control character escaped
 * (docs/contract.md#untrusted-text).
 * @param indent spaces per level; none means compact
 * @throws TypeError when the value has no JSON text (undefined, a function, a cycle)
 */
export function stringifyExact(value: unknown, indent?: number): string {
  let text: string | undefined = JSON.stringify(value, undefined, indent)
  if (text !== undefined && mayBeExact.test(text))
    text = stringify(value, undefined, indent, [exactStringifier])
  if (text === undefined) throw new TypeError('a value without a JSON text')
  return text.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const exactStringifier = {
  test: (value: unknown) => value instanceof ExactNumber,
  stringify: (value: unknown) => String(value),
}
