import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type Customer, defaultShop, initialCustomer } from '../../src/sandbox/shop.ts'
import { openStore } from './orafi-like.ts'

/** All customers of a shop, oldest first, in the form of the object page. */
function* seedCustomers(customers: number, seed: number): Generator<Customer> {
  const shop = { customers, seed }
  for (let place = 0; place < customers; place++) yield initialCustomer(shop, place)
}

const shop = [...seedCustomers(defaultShop.customers, defaultShop.seed)]
const namesOf = (customer: Customer): string => `${customer.firstname} ${customer.lastname}`

/** The mailbox of an address: no capitals, no tag; Gmail also ignores dots. Written independently of src/. */
function mailbox(email: string): string {
  const [local = '', domain = ''] = email.toLowerCase().replace('googlemail.', 'gmail.').split('@')
  const name = local.replace(/\+.*/, '')
  return `${domain === 'gmail.com' ? name.replaceAll('.', '') : name}@${domain}`
}

describe('the first shop', () => {
  test('has 250 customers, always the same ones', () => {
    expect(shop).toHaveLength(250)
    expect(new Set(shop.map(({ id }) => id)).size).toBe(250)
    // Sandboxes on disk store two numbers only, so another digest needs a new version of the file.
    const digest = createHash('sha256').update(JSON.stringify(shop)).digest('hex')
    expect(digest).toMatchInlineSnapshot(`"6b078b19b1c475c9df8c1a8af1a85c9c7afc934868a1c6a7102a4a26ecb822f3"`)
  })

  test('has customers in all six ranges in both modes, and some in both', () => {
    for (const mode of ['test', 'live'] as const) {
      const spent = shop
        .filter((customer) => customer.mode.includes(mode))
        .map(({ totalSpent }) => totalSpent)
      const between = (least: number, most: number) =>
        spent.filter((usdt) => usdt >= least && usdt < most).length
      const counts = [
        between(0, 10),
        between(10, 30),
        between(30, 100),
        between(100, 200),
        between(200, 500),
        between(500.01, 1e9),
      ]
      expect(Math.min(...counts)).toBeGreaterThan(9)
    }
    expect(shop.filter(({ mode }) => mode.length === 2).length).toBeGreaterThan(9)
    expect(shop.filter(({ totalSpent }) => totalSpent === 0).length).toBeGreaterThan(30)
    expect(shop.some(({ totalSpent }) => !Number.isInteger(totalSpent * 10))).toBe(true)
    for (const { totalSpent } of shop) expect(totalSpent).toBe(Math.round(totalSpent * 100) / 100)
  })

  test('has names of many scripts and shapes, and no control characters', () => {
    const names = shop.map(namesOf)
    const shapes = {
      Arabic: /\p{Script=Arabic}/u,
      Hebrew: /\p{Script=Hebrew}/u,
      Ethiopic: /\p{Script=Ethiopic}/u,
      Han: /\p{Script=Han}/u,
      Hangul: /\p{Script=Hangul}/u,
      Cyrillic: /\p{Script=Cyrillic}/u,
      Yoruba: /Ọ|ọ|Ṣ|ṣ/,
      emoji: /\p{Extended_Pictographic}/u,
      accents: /[éíãçü]/,
      apostrophe: /['’]/,
      hyphen: /-/,
      comma: /[,"]/,
      formula: /^=/,
      one: /^\S \S+$/u,
      long: /.{45}/u,
    }
    for (const [shape, pattern] of Object.entries(shapes))
      expect([shape, names.some((name) => pattern.test(name))]).toEqual([shape, true])
    const african = /Okafor|Okonkwo|Mensah|Owusu|Kariuki|Dlamini|Nkosi|Diop|N’Diaye|Bello|Haile|السيد/
    expect(names.filter((name) => african.test(name)).length).toBeGreaterThan(20)
    for (const customer of shop)
      expect(JSON.stringify(customer)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\\u/u)
  })

  test('has only well-formed addresses, at providers or at domains that do not exist', () => {
    const known =
      /@orafi\.app$|@oldshop\.example$|@(gmail|googlemail|yahoo|outlook|hotmail|icloud)\.com$|@example\.(com|org|net)$/i
    const mistyped = /@(gmial\.com|yaho\.com|hotmail\.con|outlok\.com)$/
    for (const { email } of shop) expect(email).toMatch(/^[A-Za-z0-9._+-]+@[A-Za-z.]+$/)
    const odd = shop.filter(({ email }) => !known.test(email))
    expect(odd.length).toBeGreaterThan(2)
    for (const { email } of odd) expect(email).toMatch(mistyped)
  })

  test('has twenty people who appear two or three times, and no others share a name or a mailbox', () => {
    const people = new Map<string, Customer[]>()
    const key = (customer: Customer) =>
      [...namesOf(customer).toLowerCase().replace(/\s/g, '')].sort().join('')
    for (const customer of shop) people.set(key(customer), [...(people.get(key(customer)) ?? []), customer])
    const repeated = [...people.values()].filter((records) => records.length > 1)
    expect(repeated).toHaveLength(20)
    expect(repeated.filter((records) => records.length === 3)).toHaveLength(5)
    const records = repeated.flat()
    expect(records).toHaveLength(45)
    const mailboxes = new Map<string, Customer[]>()
    for (const customer of shop) {
      const box = mailbox(customer.email)
      mailboxes.set(box, [...(mailboxes.get(box) ?? []), customer])
    }
    for (const sharing of mailboxes.values()) {
      if (sharing.length > 1) for (const customer of sharing) expect(records).toContain(customer)
    }
    expect(records.some(({ email }) => /[A-Z]/.test(email))).toBe(true)
    expect(records.some(({ email }) => email.includes('+'))).toBe(true)
    expect(records.some(({ email }) => email.endsWith('@googlemail.com'))).toBe(true)
  })

  test('has the people in the help and the docs, in test mode and without spending', () => {
    const named = shop.filter(({ email }) => /@(orafi\.app|oldshop\.example)$/.test(email))
    expect(named.map(({ email }) => email)).toEqual([
      'halima@oldshop.example',
      'mekus@orafi.app',
      'p.okello@oldshop.example',
      'atim.lakor@oldshop.example',
    ])
    for (const { mode, totalSpent } of named) expect([mode, totalSpent]).toEqual([['test'], 0])
  })

  test('was created before today, in the order of creation', () => {
    for (const [index, { createdAt, updatedAt, totalSpent }] of shop.entries()) {
      expect(createdAt > (shop[index - 1]?.createdAt ?? '2025')).toBe(true)
      expect(updatedAt >= createdAt && updatedAt < '2026-10').toBe(true)
      if (totalSpent === 0) expect(updatedAt).toBe(createdAt)
    }
  })
})

describe('another shop', () => {
  test('has other people from another seed, and the same ones from the same', () => {
    expect([...seedCustomers(250, 5)]).toEqual([...seedCustomers(250, 5)])
    const names = new Set(shop.map(namesOf))
    const other = [...seedCustomers(250, 5)]
    expect(other.filter((customer) => names.has(namesOf(customer))).length).toBeLessThan(125)
    expect(other.map(({ id }) => id)).not.toContain(shop[0]?.id)
  })

  test('of 100,000 has different ids and mailboxes, except for the people who appear twice', () => {
    const ids = new Set<string>()
    const emails = new Set<string>()
    for (const { id, email } of seedCustomers(100_000, 1)) {
      ids.add(id)
      emails.add(email)
    }
    expect(ids.size).toBe(100_000)
    // Of the 25 repetitions in every 250, five have exactly the same address.
    expect(emails.size).toBe(100_000 - 5 * 400)
  })

  test('of a million opens immediately, and finds any customer by id or cursor', async () => {
    const store = await openStore({ customers: 1_000_000, seed: 1 })
    expect(store.count).toBe(1_000_000)
    const [oldest] = store.page({ key: 'live', limit: 1 })?.items ?? []
    const wanted = { key: 'live', amountSpent: 'ABOVE500USDT', mode: 'test', limit: 100 } as const
    const first = store.page(wanted)
    const second = store.page({ ...wanted, cursor: first?.nextCursor ?? '' })
    expect(second?.items).toHaveLength(100)
    for (const { id } of second?.items ?? []) expect(store.get(id, 'test')?.id).toBe(id)
    expect(await store.replace(oldest?.id ?? '', 'live', () => null)).toBe(true)
    expect(store.get(oldest?.id ?? '', 'live')).toBeUndefined()
  })
})
