import { expect, test } from 'vitest'
import { exactAddress, isCutAddress, mailboxKey, mailboxOf } from '../../src/duplicates/mailbox.ts'
import { providers } from '../../src/duplicates/providers.ts'

function mailbox(email: string): string | undefined {
  const address = exactAddress(email)
  return address === undefined ? undefined : mailboxKey(mailboxOf(address))
}

test.each([
  ['Emeka@Shop.Example', ' emeka@shop.example '],
  ['ｅmeka@shop.example', 'emeka@shop.example'],
  ['jos\u00e9@shop.example', 'jose\u0301@shop.example'],
  ['kundin@bücher.example', 'kundin@xn--bcher-kva.example'],
  ['emeka\u200b@gmail.com', 'emeka@gmail.com'],
])(
  'case, white space, invisible characters, Unicode form and the spelling of a domain make no difference: %s and %s',
  (one, other) => {
    expect(exactAddress(one)).toBe(exactAddress(other))
  },
)

test.each([
  ['emeka.obi+shop@gmail.com', 'emekaobi@gmail.com'],
  ['e.m.e.k.a@gmail.com', 'emeka@googlemail.com'],
  ['emeka+a+b@shop.example', 'emeka@shop.example'],
  ['emeka+news@outlook.com', 'emeka@outlook.com'],
  ['emeka@me.com', 'emeka+x@icloud.com'],
  ['emeka_o-bi@protonmail.com', 'emekaobi@pm.me'],
  ['shop@emeka.fastmail.com', 'emeka@fastmail.com'],
  ['emeka@ya.ru', 'emeka@yandex.com'],
  ['emeka@shop.example.', 'emeka@shop.example'],
])('is one mailbox: %s and %s', (one, other) => {
  expect(exactAddress(one)).not.toBe(exactAddress(other))
  expect(mailbox(one)).toBe(mailbox(other))
})

test.each([
  ['emeka.obi@outlook.com', 'emekaobi@outlook.com'],
  ['emeka.obi@shop.example', 'emekaobi@shop.example'],
  ['emeka@hotmail.com', 'emeka@outlook.com'],
  ['emeka@yahoo.com', 'emeka@ymail.com'],
  ['emeka@gmail.com', 'emeka@mail.com'],
  ['jean-paul@yahoo.fr', 'jean-marie@yahoo.fr'],
  ['emeka@gmail.com', 'emeka@gmial.com'],
  ['+2348012345678@gmail.com', '+2348087654321@gmail.com'],
  ['emeka@mail.fastmail.example', 'mail@fastmail.example'],
])('is two mailboxes: %s and %s', (one, other) => {
  expect(mailbox(one)).not.toBe(mailbox(other))
})

test.each([undefined, null, 7, '', ' ', 'n/a', 'emeka', '@shop.example', 'emeka@'])(
  'is no address: %s',
  (email) => {
    expect(exactAddress(email)).toBeUndefined()
  },
)

test('every rule has a source, and no domain is in two rows', () => {
  const domains = providers.flatMap((provider) => provider.domains)
  expect(new Set(domains).size).toBe(domains.length)
  for (const { source } of providers) expect(source).toMatch(/https?:\/\/|github\.com/)
})

test.each(['a', 'é', '\u0316\u0301', 'ﷺ', '.', '😀', ' '])(
  'of an e-mail with 100,000 times %j no more than the start is folded',
  (part) => {
    const email = `ada@${part.repeat(100_000)}.example`
    expect(exactAddress(email)?.length ?? 0).toBeLessThanOrEqual(256)
    expect(isCutAddress(email)).toBe(true)
    expect(isCutAddress('ada@shop.example')).toBe(false)
  },
)
