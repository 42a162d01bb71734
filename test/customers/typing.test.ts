import { expect, test } from 'vitest'
import { typingErrors } from '../../src/customers/typing.ts'

test.each([
  ['okafor', 'okafor', 0],
  ['okafor', 'okafro', 1],
  ['okafor', 'kafor', 1],
  ['okafor', 'okaffor', 1],
  ['okafor', 'okavor', 1],
  ['okafor', 'oakfro', 2],
  ['okafor', 'xokafro', 2],
  ['okafor', 'koafro', 2],
  ['okafor', 'okafori', 1],
  ['okafor', 'obi', 3],
])('%s and %s are %i typing errors apart, a swap being one', (one, other, errors) => {
  expect([typingErrors(one, other, 2), typingErrors(other, one, 2)]).toEqual([errors, errors])
})

test('counting stops at the given maximum', () => {
  expect(typingErrors('okafor', 'adekunle', 1)).toBe(2)
  expect(typingErrors('okafor', 'okafro', 0)).toBe(1)
})

test('texts of more than 256 characters count as different', () => {
  const long = 'ab'.repeat(50_000)
  expect(typingErrors(`x${long}`, `${long}x`, 2)).toBe(3)
  expect(typingErrors('a'.repeat(256), `${'a'.repeat(255)}b`, 1)).toBe(1)
  expect(typingErrors('a'.repeat(257), `${'a'.repeat(256)}b`, 1)).toBe(2)
})
