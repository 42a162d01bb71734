import { expect, test } from 'vitest'
import { certaintyText, percent, waterfall } from '../../../src/commands/customers/waterfall.ts'

function shown(bits: readonly number[], probability: number | null, plain = false): string {
  const because = bits.map((one, index) => ({ text: `fact ${index + 1}`, bits: one }))
  return waterfall({ because, probability }, plain).replaceAll('\u00a0', ' ')
}

test('the strongest facts come first, in whole bits', () => {
  expect(shown([11, 14, -8], 0.98)).toBe('fact 2 +14 · fact 1 +11 · fact 3 -8 → 98 %')
})

test('after four facts the rest is one number, and what is printed adds up', () => {
  expect(shown([11.4, 14.4, -8.4, 3.3, 2.2, 1.1], 0.9999)).toBe(
    'fact 2 +14 · fact 1 +12 · fact 3 -9 · fact 4 +4 · the rest +3 → over 99 %',
  )
})

test('facts that make no difference are left out, and a keeper has no evidence', () => {
  expect(shown([7, 0, 0.2], 0.99)).toBe('fact 1 +7 → 99 %')
  expect(shown([], null)).toBe('')
})

test('in plain words there are no symbols', () => {
  expect(shown([11, 14, -8], 0.98, true)).toBe('fact 2 +14, fact 1 +11, fact 3 -8: 98 %')
})

test('it names whom else a record was compared with; untrusted text is visible and short', () => {
  const because = [{ text: `same name \u001b[2J${'x'.repeat(1000)}`, bits: 9 }]
  const line = waterfall({ because, probability: 0.9, comparedWith: 'c\u001b_1' }, false)
  expect(line).toMatch(/^compared with c\\x1b_1: same name \\x1b\[2Jx+…\u00a0\+9/)
  expect(line.length).toBeLessThan(140)
})

test.each([
  [0.9999, 'over 99 %'],
  [0.9901, 'over 99 %'],
  [0.99, '99 %'],
  [0.8999, '89 %'],
  [0.57, '57 %'],
  [0.01, '1 %'],
  [0.0001, 'under 1 %'],
])('%d is %s: never more certain than it is', (probability, text) => {
  expect(percent(probability)).toBe(text)
})

test('a group is as certain as its least certain member; a plan may not know it', () => {
  expect(certaintyText('likely', [null, 0.98, 0.93])).toBe('likely, 93 %')
  expect(certaintyText('alias', [null, null])).toBe('alias')
})
