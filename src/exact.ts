import { isSafeNumber, parse, stringify } from 'lossless-json'

/**
 * A number that a double cannot represent exactly, or an integer beyond 2^53, kept as its digits. `toJSON` returns a
 * string, so that JSON.stringify loses no digit either; `stringifyExact` writes it as a number.
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

/** Matches an `ExactNumber` in the output of JSON.stringify. A false positive only costs time. */
const mayBeExact = /"-?(?:[\d.]{16,}(?:[eE][+-]?\d+)?|[\d.]+[eE][+-]?\d+)"/

/**
 * Matches a number that a double may not represent exactly: 16 digits or more,
 * or an exponent. A false positive, inside a string, only costs time.
 */
const needsCare = /(?:^|[:[,])\s*-?(?:[\d.]{16}|[\d.]+[eE])/

/**
 * JSON.parse, but a number that a double cannot represent exactly becomes an `ExactNumber`. As with JSON.parse,
 * `__proto__` is an own property, and the last of duplicate keys counts.
 * @throws SyntaxError if the text is not JSON, or is nested too deeply
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

/** Control characters that JSON.stringify does not escape: DEL, C1, line separators, bidirectional controls. */
const unsafe = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/**
 * JSON.stringify, but with all digits of every `ExactNumber`, and every control character escaped
 * (docs/contract.md#untrusted-text).
 * @param indent spaces per level; none means compact
 * @throws TypeError if the value cannot be serialised (undefined, a function, a cycle)
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
