import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTextSet } from '../src/text-set.ts'

describe('a set of texts', () => {
  test('says whether a text is new, and numbers texts in the order in which they came', () => {
    const set = createTextSet()
    expect([set.add('b'), set.add('a'), set.add('b'), set.add(''), set.add('')]).toEqual([
      true,
      true,
      false,
      true,
      false,
    ])
    expect(['b', 'a', '', 'c'].map((text) => set.indexOf(text))).toEqual([0, 1, 2, -1])
    expect(['b', 'a', '', 'c'].map((text) => set.has(text))).toEqual([true, true, true, false])
    expect(set.size).toBe(3)
  })

  test('answers as a Set does, whatever the texts', () => {
    // Halves of surrogate pairs among them, of which UTF-8 knows nothing.
    const text = fc.oneof(
      fc.string({
        unit: fc.constantFrom('a', 'b', '\0', '"', '\\', '\ud800', '\ud801', '\udc00', '\ufffd'),
        maxLength: 4,
      }),
      fc.string({ unit: 'binary' }),
      fc.emailAddress(),
    )
    const deeds = fc.array(fc.tuple(fc.boolean(), text), { maxLength: 2000, size: 'max' })
    fc.assert(
      fc.property(deeds, (list) => {
        const set = createTextSet()
        const model = new Set<string>()
        const answers = list.map(([isAdded, one]) => (isAdded ? set.add(one) : set.has(one)))
        const expected = list.map(([isAdded, one]) => {
          const isThere = model.has(one)
          if (isAdded) model.add(one)
          return isAdded ? !isThere : isThere
        })
        expect(answers).toEqual(expected)
        expect(set.size).toBe(model.size)
        const numbers = [...model].map((one) => set.indexOf(one))
        expect(numbers).toEqual([...model].map((_, number) => number))
      }),
      { numRuns: 12 },
    )
  })

  test('keeps texts of one hash apart', () => {
    const set = createTextSet()
    const texts = [
      'costarring',
      'liquid',
      'declinate',
      'macallums',
      'altarage',
      'zinke',
      'altarages',
      'zinkes',
    ]
    const fnv = (one: string): number =>
      [...Buffer.from(one)].reduce((value, byte) => Math.imul(value ^ byte, 0x01000193), 0x811c9dc5)
    for (let pair = 0; pair < texts.length; pair += 2)
      expect(fnv(texts[pair] ?? '')).toBe(fnv(texts[pair + 1] ?? 'other'))
    expect(texts.slice(0, 7).map((one) => set.add(one))).not.toContain(false)
    expect(set.has('zinkes')).toBe(false)
    expect(texts.slice(0, 7).map((one) => set.indexOf(one))).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  test('keeps a text apart from those that begin with it', () => {
    const set = createTextSet()
    for (let number = 99_999; number >= 0; number--) {
      if (!set.add(String(number))) throw new Error(`${number} was taken for another`)
    }
  })

  test('takes texts of any length', () => {
    const set = createTextSet()
    const lengths = [65_534, 65_535, 65_536, 1_000_000, 3_000_000]
    const texts = lengths.flatMap((length) => ['é'.repeat(length / 2), 'x'.repeat(length)])
    const unique = [...new Set(texts)]
    expect(unique.map((one) => set.add(one))).not.toContain(false)
    expect(unique.map((one) => set.add(one))).not.toContain(true)
    expect(unique.map((one) => set.indexOf(one))).toEqual(unique.map((_, index) => index))
    expect(set.has('x'.repeat(65_533))).toBe(false)
  })

  test('holds a million ids, and all of them', () => {
    const set = createTextSet()
    const id = (number: number): string => `cmjr4c7qq0000v8${String(number).padStart(10, '0')}`
    let repeated = 0
    for (let number = 0; number < 1_000_000; number++) if (!set.add(id(number))) repeated++
    expect(repeated).toBe(0)
    for (let number = 0; number < 1_000_000; number += 997) {
      if (set.indexOf(id(number)) !== number) throw new Error(`${id(number)} has another number`)
    }
    expect(set.indexOf(id(1_000_000))).toBe(-1)
    expect(set.size).toBe(1_000_000)
  })
})
