import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sameEmail } from '../../src/customers/email.ts'

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
