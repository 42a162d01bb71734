import type { Mode } from './customer.ts'
import { documentedAt } from './documented-people.ts'
import { mix, mulberry32 } from './random.ts'
import type { Records } from './records.ts'
import { seedCustomer } from './seed.ts'
import { type Shop, seeded, timeAt } from './shop.ts'

export const transactionTypes = ['PAYMENT', 'PAYOUT', 'REFUND'] as const
export const transactionStatuses = ['PENDING', 'COMPLETED', 'FAILED'] as const

/** What happened, before it has an id; amounts in whole cents of USDC. */
export interface Event {
  readonly type: (typeof transactionTypes)[number]
  readonly status: (typeof transactionStatuses)[number]
  readonly cents: number
  /** Epoch ms. */
  readonly time: number
  /** The payment that a refund takes back. */
  readonly refunds?: Event | undefined
}

const payoutEvery = 25

/**
 * What the customer at a place did in one mode, in the order of time. Nothing
 * of it is kept: it is worked out so that COMPLETED payments less COMPLETED
 * refunds are the record's `totalSpent` to the cent. What was spent since the
 * shop opened is one payment more, of the last change's date.
 *
 * A customer of both modes has one `totalSpent`, and either key sees only its
 * own mode's transactions: so they add up to it in each of the two.
 */
export function historyOf(shop: Shop, records: Records, place: number, mode: Mode): readonly Event[] {
  const events = place < shop.customers ? seededHistory(shop, place, mode) : []
  const customer = records.at(place)
  if (!customer) return events
  const before = place < shop.customers ? cents(seedCustomer(shop, place).totalSpent) : 0
  const since = cents(customer.totalSpent) - before
  if (since <= 0) return events
  return [...events, { type: 'PAYMENT', status: 'COMPLETED', cents: since, time: customer.updatedAt }]
}

/** What the business was paid out of its balance at the time of this place: nobody's, every so many places. */
export function payoutsAt(shop: Shop, place: number, mode: Mode): readonly Event[] {
  if (place >= shop.customers || place % payoutEvery !== payoutEvery - 1) return []
  const random = randomOf(shop, place, mode, 0x0a70)
  const chance = random()
  const status = chance < 0.7 ? 'COMPLETED' : chance < 0.85 ? 'PENDING' : 'FAILED'
  return [
    {
      type: 'PAYOUT',
      status,
      cents: 5_000 + Math.floor(random() * 400_000),
      time: timeAt(shop, place, 1) - 1,
    },
  ]
}

function seededHistory(shop: Shop, place: number, mode: Mode): readonly Event[] {
  if (documentedAt(shop, place)) return []
  const { totalSpent, createdAt, updatedAt } = seedCustomer(shop, place)
  const random = randomOf(shop, place, mode, 0x7a1e)
  const events: Event[] = totalSpent === 0 ? [] : settled(cents(totalSpent), random, createdAt, updatedAt)
  const attempt = (type: 'PAYMENT' | 'REFUND', status: 'PENDING' | 'FAILED', refunds?: Event): void => {
    const price = 100 + Math.floor(random() * 20_000)
    const time = between(random, updatedAt, seeded)
    events.push({ type, status, cents: Math.min(price, refunds?.cents ?? price), time, refunds })
  }
  if (random() < 0.2) attempt('PAYMENT', 'FAILED')
  if (random() < 0.1) attempt('PAYMENT', 'PENDING')
  const paid = events.find(({ type, status }) => type === 'PAYMENT' && status === 'COMPLETED')
  if (paid && random() < 0.1) attempt('REFUND', random() < 0.5 ? 'PENDING' : 'FAILED', paid)
  return events.sort((a, b) => a.time - b.time)
}

/** Payments that come to `total`; now and then somebody paid more and was given that back at the end. */
function settled(total: number, random: () => number, from: number, to: number): Event[] {
  const parts = split(total, 1 + Math.floor(random() * random() * 6), random)
  const back = random() < 0.2 ? 100 + Math.floor(random() * 5_000) : 0
  const first = between(random, from, to)
  const steps = parts.length - (back > 0 ? 0 : 1)
  const payments = parts.map((part, nth): Event => {
    const time = steps === 0 ? to : first + Math.floor(((to - first) * nth) / steps)
    return { type: 'PAYMENT', status: 'COMPLETED', cents: nth === 0 ? part + back : part, time }
  })
  if (back === 0) return payments
  const refund: Event = { type: 'REFUND', status: 'COMPLETED', cents: back, time: to, refunds: payments[0] }
  return [...payments, refund]
}

/** A sum in so many parts of at least one cent each; fewer where there are not so many cents. */
function split(total: number, wanted: number, random: () => number): readonly number[] {
  const parts: number[] = []
  let left = total
  for (let after = Math.min(wanted, total) - 1; after > 0; after--) {
    const part = 1 + Math.floor((random() * (left - after) * 2) / (after + 2))
    parts.push(part)
    left -= part
  }
  return [...parts, left]
}

function between(random: () => number, from: number, to: number): number {
  return from + Math.floor(random() * (to - from))
}

function randomOf(shop: Shop, place: number, mode: Mode, salt: number): () => number {
  return mulberry32(mix(shop.seed ^ salt, place * 2 + (mode === 'live' ? 1 : 0)))
}

function cents(usdt: number): number {
  return Math.round(usdt * 100)
}
