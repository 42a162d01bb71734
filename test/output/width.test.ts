import { describe, expect, it } from 'vitest'
import { cutTo, widthOf } from '../../src/output/width.ts'

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
