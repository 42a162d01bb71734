import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sameEmail, strictEmail } from '../src/email.ts'

test('an address is the same in any case, Unicode form and with white space', () => {
  expect(sameEmail(' Ada.L@Example.COM\n')).toBe('ada.l@example.com')
  expect(sameEmail('\u212bsa@b.co')).toBe(sameEmail('a\u030aSA@b.co'))
  expect(sameEmail('\uff41@b.co')).toBe('a@b.co')
})

test('white space inside an address only counts where something is deleted for it', () => {
  expect(sameEmail('ada obi@b.co')).toBe(sameEmail('adaobi@b.co'))
  expect(strictEmail('ada obi@b.co')).not.toBe(strictEmail('adaobi@b.co'))
  expect(strictEmail(' ada@b.co\u00a0')).toBe('ada@b.co')
})

test('an international domain is the same in Unicode and in ASCII', () => {
  expect(sameEmail('Ida@Bücher.example')).toBe('ida@xn--bcher-kva.example')
  expect(strictEmail('ida@bu\u0308cher.example')).toBe('ida@xn--bcher-kva.example')
})

test('invisible characters do not matter', () => {
  expect(strictEmail('\u202aada\u200b@b.co\u202c')).toBe('ada@b.co')
})

test('Turkish and compatibility letters are only the same where nothing is deleted for it', () => {
  for (const [one, other] of [
    ['İpek@b.co', 'ipek@b.co'],
    ['ıpek@b.co', 'ipek@b.co'],
    ['\uff41da@b.co', 'ada@b.co'],
  ] as const) {
    expect(sameEmail(one)).toBe(sameEmail(other))
    expect(strictEmail(one)).not.toBe(strictEmail(other))
  }
})

test('and nothing else is done to the local part, ASCII or not', () => {
  const text = fc.oneof(fc.string({ unit: 'binary-ascii' }), fc.string({ unit: 'binary' }), fc.emailAddress())
  fc.assert(
    fc.property(text, (email) => {
      const bare = email
        .normalize('NFC')
        .replace(/\p{Cf}+/gu, '')
        .trim()
        .toLowerCase()
      const local = bare.slice(0, bare.lastIndexOf('@') + 1)
      expect(strictEmail(email).slice(0, local.length)).toBe(local)
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
