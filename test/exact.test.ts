import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ExactNumber, parseExact, stringifyExact } from '../src/exact.ts'

/** A decimal number as sign, digits and the power of ten of the last one, so that equal values are equal texts. */
function decimal(token: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token) ?? []
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  if (digits === '') return '0'
  const short = digits.replace(/0+$/, '')
  return `${sign}${short}e${Number(exponent) - fraction.length + digits.length - short.length}`
}

const anyToken = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.stringMatching(/^(?:0|[1-9]\d{0,40})$/),
    fc.option(fc.stringMatching(/^\d{1,30}$/)),
    fc.option(fc.tuple(fc.constantFrom('e', 'E', 'e+', 'e-'), fc.integer({ min: 0, max: 400 }))),
  )
  .map(([sign, whole, fraction, exponent]) =>
    [sign, whole, fraction === null ? '' : `.${fraction}`, exponent?.join('') ?? ''].join(''),
  )

describe('numbers', () => {
  test('leave with the value they came with, wherever they stand', () => {
    fc.assert(
      fc.property(anyToken, (token) => {
        for (const frame of ['#', '[#]', '[1, #]', '{"a":#}', '{"a" : {"b":[ #]}}']) {
          const [before = '', after = ''] = frame.replaceAll(' ', '').split('#')
          const written = stringifyExact(parseExact(frame.replace('#', token)))
          expect(written.startsWith(before) && written.endsWith(after)).toBe(true)
          expect(decimal(written.slice(before.length, written.length - after.length))).toBe(decimal(token))
        }
      }),
      { numRuns: 500 },
    )
  })

  test('that a double holds are plain numbers, all others keep their digits', () => {
    expect(parseExact('[0, 12.5, 9007199254740991, 0.1, 100000000000000.25]')).toEqual([
      0, 12.5, 9007199254740991, 0.1, 100000000000000.25,
    ])
    expect(parseExact('{"totalSpent":9007199254740993}')).toEqual({
      totalSpent: new ExactNumber('9007199254740993'),
    })
    expect(String(parseExact('0.1000000000000000055511151231257827'))).toBe(
      '0.1000000000000000055511151231257827',
    )
    expect(String(parseExact('1e400'))).toBe('1e400')
  })

  test('lose no digit to a plain JSON.stringify either', () => {
    expect(JSON.stringify(parseExact('[12345678901234567890]'))).toBe('["12345678901234567890"]')
  })
})

describe('everything else', () => {
  test('is read and written as JSON does, beside an exact number too', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value)
        expect(JSON.parse(stringifyExact(parseExact(text)))).toEqual(JSON.parse(text))
        const exact = [JSON.parse(text), new ExactNumber('12345678901234567890')]
        for (const indent of [undefined, 2]) {
          const written = stringifyExact(JSON.parse(text), indent)
          expect(JSON.parse(written)).toEqual(JSON.parse(text))
          const both = stringifyExact(exact, indent)
          expect(stringifyExact(parseExact(both), indent)).toBe(both)
          // The same layout, whichever way it was written.
          const plain = JSON.stringify([JSON.parse(text), 1], undefined, indent)
          if (/^[\x20-\x7e\n]*$/.test(plain))
            expect(both).toBe(plain.replace(/1(\n?\])$/, '12345678901234567890$1'))
        }
      }),
    )
  })

  test('keeps the key __proto__ and pollutes nothing', () => {
    for (const number of ['1', '12345678901234567890']) {
      const text = `{"__proto__":{"admin":true},"n":${number}}`
      const value = parseExact(text)
      expect(Object.keys(Object(value))).toEqual(['__proto__', 'n'])
      expect(Reflect.get(Object({}), 'admin')).toBeUndefined()
      expect(stringifyExact(value)).toBe(text)
    }
  })

  test('of a key that comes twice the last one counts, as with JSON.parse', () => {
    expect(parseExact('{"a":1,"a":2}')).toEqual({ a: 2 })
    expect(parseExact('{"a":1,"a":2,"n":12345678901234567890}')).toMatchObject({ a: 2 })
  })

  test('that is no JSON is a SyntaxError, and so is what is nested without end', () => {
    for (const text of [
      '',
      '<html>',
      '{"a":}',
      '[1e400',
      `${'['.repeat(200_000)}1e400${']'.repeat(200_000)}`,
    ]) {
      expect(() => parseExact(text)).toThrow(SyntaxError)
    }
  })

  test('a number written inside a text stays a text', () => {
    expect(parseExact('{"note":"a, 12345678901234567890"}')).toEqual({ note: 'a, 12345678901234567890' })
  })
})

test('control characters that JSON leaves raw are escaped, and come back', () => {
  const text = '\u007f\u0085\u009b31m\u061c\u200e\u2028\u202e\u2066é👩‍👩‍👧'
  for (const value of [{ text }, { text, n: parseExact('12345678901234567890') }]) {
    const written = stringifyExact(value)
    expect(written).not.toMatch(/[\u007f-\u009f\u061c\u200e\u2028\u202e\u2066]/)
    expect(written).toContain('\\u009b31m')
    expect(written).toContain('é👩‍👩‍👧')
    expect(parseExact(written)).toEqual(value)
  }
})
