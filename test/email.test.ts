import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sameEmail } from '../src/email.ts'

test('an address is the same in any case, Unicode form and with white space', () => {
  expect(sameEmail(' Ada.L@Example.COM\n')).toBe('ada.l@example.com')
  expect(sameEmail('\u212bsa@b.co')).toBe(sameEmail('a\u030aSA@b.co'))
  expect(sameEmail('\uff41@b.co')).toBe('a@b.co')
})

test('and nothing else is done to it, ASCII or not', () => {
  const text = fc.oneof(fc.string({ unit: 'binary-ascii' }), fc.string({ unit: 'binary' }), fc.emailAddress())
  fc.assert(
    fc.property(text, (email) => {
      expect(sameEmail(email)).toBe(email.normalize('NFKC').replace(/\s+/gu, '').toLowerCase())
    }),
    { numRuns: 2000 },
  )
})

test('a text that is longer than any address is the same as itself alone, and not gone through', () => {
  const long = `${'\u0301\u0323'.repeat(50_000)}Å@b.co`
  expect(sameEmail(long)).toBe(long)
  expect(sameEmail('A'.repeat(1000))).toBe('a'.repeat(1000))
  expect(sameEmail('A'.repeat(1001))).toBe('A'.repeat(1001))
  expect(sameEmail(`${' '.repeat(1000)}å@b.co`)).not.toBe(sameEmail('å@b.co'))
})
