import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutTo, shortened, widthOf, wrapTo } from '../../src/output/width.ts'

describe('the width of a text', () => {
  it.each([
    ['abc', 3],
    ['健太', 4],
    ['Adébáyọ̀', 7],
    ['e\u0301', 1],
    ['😀', 2],
    ['👨‍👩‍👧', 2],
    ['👩🏽‍⚕️', 2],
    ['🇳🇬', 2],
    ['محمد', 4],
    ['שָׁלוֹם', 4],
    ['ሰላም', 3],
    ['…', 1],
    ['ﾊﾟ', 2],
  ])('of %s is %i columns', (text, width) => {
    expect(widthOf(text)).toBe(width)
  })
})

describe('cutting a text', () => {
  it.each([
    ['Melvin', 6, 'Melvin'],
    ['Chukwuemeka', 6, 'Chukw…'],
    ['健太高橋', 6, '健太…'],
    ['👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧', 4, '👨‍👩‍👧…'],
    ['Mary Jane', 6, 'Mary…'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
  ])('%s to %i columns gives %s', (text, width, cut) => {
    expect(cutTo(text, width)).toBe(cut)
    expect(widthOf(cutTo(text, width))).toBeLessThanOrEqual(width)
  })
})

describe('shortening a text for a terminal', () => {
  it('changes nothing of up to 1,000 characters', () => {
    for (const text of ['', 'Ada', 'x'.repeat(1000), '漢'.repeat(1000)]) expect(shortened(text)).toBe(text)
  })

  it('leaves 1,000 of longer ones, with an ellipsis, and no half of a letter', () => {
    expect(shortened('x'.repeat(1001))).toBe(`${'x'.repeat(999)}…`)
    expect(shortened('😀'.repeat(501))).toBe(`${'😀'.repeat(499)}…`)
    expect(shortened(`x${'😀'.repeat(50_000)}`)).toBe(`x${'😀'.repeat(499)}…`)
    expect(shortened('\u0301'.repeat(100_000))).toHaveLength(1000)
  })
})

describe('wrapping a text', () => {
  it.each([
    ['Obi Ngozi', 3, ['Obi ', '  N', '  g', '  o', '  z', '  i']],
    ['Ada', 5, ['Ada']],
    ['', 5, ['']],
    ['abcdefghij', 5, ['abcde', '  fgh', '  ij']],
    ['健太高橋', 5, ['健太', '  高', '  橋']],
    ['e\u0301e\u0301e\u0301e\u0301', 3, ['e\u0301e\u0301e\u0301', '  e\u0301']],
  ])('%s to %i columns gives %j', (text, width, lines) => {
    expect(wrapTo(text, width)).toEqual(lines)
  })

  it('loses nothing, and no line is wider than it may be', () => {
    const unit = fc.constantFrom('a', 'é', '漢', '😀', 'e\u0301', '\u0301', '🇳🇬', '👩\u200d', ' ')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), fc.integer({ min: 4, max: 30 }), (text, width) => {
        const lines = wrapTo(text, width)
        expect(lines.map((line, index) => (index === 0 ? line : line.slice(2))).join('')).toBe(text)
        // A blank at the end is not seen.
        for (const line of lines) expect(widthOf(line.replace(/ $/, ''))).toBeLessThanOrEqual(width)
      }),
    )
  })
})
