import { expect, test } from 'vitest'
import { keyHash, keyMode, maskKey } from '../../src/config/keys.ts'

const testKey = `ora_test_${'a'.repeat(19)}wxyz`
const liveKey = `ora_live_${'b'.repeat(19)}wxyz`

test('the prefix of a key says its mode', () => {
  expect(keyMode(testKey)).toBe('test')
  expect(keyMode(liveKey)).toBe('live')
})

test.each([
  '',
  'ora_test_short',
  testKey.slice(0, 31),
  `sk_test_${'a'.repeat(40)}`,
  `ORA_TEST_${'a'.repeat(40)}`,
  ` ${testKey}`,
  `${testKey}\n`,
  `${testKey} x`,
  `${testKey}\x00`,
  `${testKey}é`,
  `ora_prod_${'a'.repeat(40)}`,
  `x${testKey}`,
  `ora_test_${'a'.repeat(600)}`,
])('%j is no key, and nothing of it is shown', (text) => {
  expect(keyMode(text)).toBeUndefined()
  expect(maskKey(text)).toBe('(not a key)')
})

test('a key of exactly 32 characters is one', () => {
  expect(testKey).toHaveLength(32)
  expect(keyMode(testKey)).toBe('test')
})

test('a masked key shows its mode and its last four characters', () => {
  expect(maskKey(liveKey)).toBe('ora_live_…wxyz')
})

test('the hash tells keys apart and gives none away', async () => {
  expect(await keyHash(testKey)).toMatch(/^[0-9a-f]{16}$/)
  expect(await keyHash(testKey)).not.toBe(await keyHash(liveKey))
})
