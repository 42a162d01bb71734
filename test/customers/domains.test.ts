import { expect, test } from 'vitest'
import { repairedDomain } from '../../src/customers/domains.ts'

test.each([
  [
    'gmail.com',
    'gmial.com gmai.com gamil.com gnail.com gmaill.com gmil.com gmail.co gmail.con gmail.cm gmail gmailcom gmial.con www.gmail.com gmail,com gmail..com g.mail.com gmail.com.ng gmail.com.za gmail.c gmail.com> gmail.com,',
  ],
  ['yahoo.com', 'yahooo.com yaho.com yhaoo.com yahoo.con yahoo.co'],
  ['hotmail.com', 'hotmial.com hotmal.com homtail.com hotmaill.com hotmail.cm hotmail'],
  ['outlook.com', 'outlok.com outloook.com oultook.com'],
  ['icloud.com', 'iclod.com icluod.com icloud.con'],
])('%s is recognised in mistyped forms', (meant, typed) => {
  for (const domain of typed.split(' ')) expect([domain, repairedDomain(domain)]).toEqual([domain, meant])
})

test.each(
  'gmail.com ymail.com mail.com email.com gmx.com gmx.net gmx.de me.com live.com yahoo.fr yahoo.co.uk hotmail.fr hotmail.cz aol.com mail.ru yahoo.com.ng hotmail.com.br'.split(
    ' ',
  ),
)('%s is not repaired, however similar to another one', (domain) => {
  expect(repairedDomain(domain)).toBe(domain)
})

test.each([
  'me.co',
  'live.co',
  'shop.example',
  'gmail.example',
  'a.com',
  '',
  '-',
  '..',
  'пример',
  'male.com',
  'google.com',
])('nothing is assumed about %s', (domain) => {
  expect(repairedDomain(domain)).toBe(domain)
})
