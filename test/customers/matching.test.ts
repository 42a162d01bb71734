import { describe, expect, test } from 'vitest'
import { createFinder, type FindScope, isEmptySearch } from '../../src/customers/matching.ts'

const ada = { id: 'c_1', firstname: 'Ada', lastname: 'Obi', email: 'ada@x.example' }
const found = (text: string, fields: Record<string, unknown>, scope: FindScope = 'any'): boolean =>
  createFinder(text, scope).matches({ ...ada, ...fields })

/** 300 letters, none of which is like another. */
const long = Array.from({ length: 300 }, (_, index) => String.fromCharCode(0x4e00 + index)).join('')

describe('a field of more than 256 characters', () => {
  test('is found by any part of its first 256, and not by what comes after', () => {
    for (const field of ['firstname', 'lastname', 'email']) {
      expect(found(long.slice(0, 256), { [field]: long })).toBe(true)
      expect(found(long.slice(200, 256), { [field]: long })).toBe(true)
      expect(found(long.slice(250, 257), { [field]: long })).toBe(false)
      expect(found(long.slice(256), { [field]: long })).toBe(false)
    }
  })

  test('is found by all of it, and by nothing else of more than 256', () => {
    expect(found(` ${long} `, { lastname: `\n${long}` })).toBe(true)
    expect(found(`${long}x`, { lastname: long })).toBe(false)
    expect(found(long, { lastname: `${long}x` })).toBe(false)
    expect(found(long, { lastname: long }, 'email')).toBe(false)
    expect(found(long, { email: long }, 'name')).toBe(false)
    expect(found(long, { email: { toString: 1 }, lastname: [long] })).toBe(false)
  })

  test('is no address that it only begins with', () => {
    const padded = `ada@x.example${' '.repeat(300)}.evil`
    expect(found('ada@x.example', { email: padded }, 'email')).toBe(false)
    expect(found('ada@x.example', { email: `  ada@x.example${' '.repeat(300)}` }, 'email')).toBe(true)
  })

  test('of a hundred thousand accents is not gone through', () => {
    // Sorting these, as Unicode wants it, takes seconds for each record.
    const accents = '\u0301\u0323'.repeat(50_000)
    const record = { id: 'c_1', firstname: `Ada${accents}`, lastname: `Obi${accents}`, email: accents }
    const { matches } = createFinder('chidi', 'any')
    for (let again = 0; again < 1000; again++) expect(matches(record)).toBe(false)
    expect(found('ada', { firstname: `Ada${accents}` })).toBe(true)
  })
})

test.each(['', ' \t', '\u0301', '´', ' \u0301\u3000', '\u0301'.repeat(256)])(
  '%j is an empty search',
  (text) => {
    expect(isEmptySearch(text)).toBe(true)
  },
)

test.each(['a', 'á', '\ud800', '-', '\u0301'.repeat(257)])('%j is something to look for', (text) => {
  expect(isEmptySearch(text)).toBe(false)
})
