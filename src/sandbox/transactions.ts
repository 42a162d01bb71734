import profile from './profile.json' with { type: 'json' }
import { mix, mulberry32 } from './random.ts'
import { customerAt, find, type Page, pageOf, type Records } from './records.ts'
import {
  initialCustomer,
  type Mode,
  makeId,
  modes,
  readId,
  type Shop,
  seeded,
  timeAt,
  undated,
} from './shop.ts'

export const transactionTypes = ['PAYMENT', 'PAYOUT', 'REFUND'] as const
export const transactionStatuses = ['PENDING', 'COMPLETED', 'FAILED'] as const

/** The parameters of `GET /transactions` (docs/orafi-api.md#transactions). */
export interface TransactionQuery {
  /** The mode of the key: only its transactions are visible. */
  readonly key: Mode
  readonly mode?: Mode | undefined
  readonly customerId?: string | undefined
  readonly status?: (typeof transactionStatuses)[number] | undefined
  readonly type?: (typeof transactionTypes)[number] | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

/** A transaction at a customer's place; amounts in whole cents of USDC. */
interface Transaction {
  readonly id: string
  /** 0 for a payout, which belongs to no customer; the customer's own are numbered from 1. */
  readonly nth: number
  readonly type: (typeof transactionTypes)[number]
  readonly status: (typeof transactionStatuses)[number]
  readonly cents: number
  /** Epoch ms. */
  readonly time: number
  /** The id of the payment that a refund is for. */
  readonly original?: string | undefined
}

/** A transaction in the form of the answers. */
export type ShownTransaction = ReturnType<typeof shown>
type Event = Omit<Transaction, 'id' | 'nth' | 'original'>

const payoutEvery = 25

/**
 * One page: by customer, oldest first, then by time. Only the customers between the cursor and the end of the page are
 * generated. Undefined if the cursor is not a transaction of the key's mode.
 */
export function transactionsPage(
  records: Records,
  query: TransactionQuery,
): Page<ShownTransaction> | undefined {
  const { key, mode = key, customerId, cursor, limit } = query
  const start = cursor === undefined ? { place: 0, nth: -1 } : readCursor(records.shop, key, cursor)
  if (!start) return undefined
  const only = customerId === undefined ? undefined : (find(records, customerId, key)?.place ?? -1)
  const end = mode !== key ? 0 : only === undefined ? records.next : only + 1
  const found: ShownTransaction[] = []
  for (let place = Math.max(start.place, only ?? 0); place < end && found.length <= limit; place++) {
    const after = place === start.place ? start.nth : -1
    const matching = transactionsAt(records, place, key).filter(
      (one) => one.nth > after && matchesQuery(one, query),
    )
    found.push(...matching.map((one) => shown(records, place, key, one)))
  }
  return pageOf(found, limit)
}

function matchesQuery({ type, status }: Transaction, query: TransactionQuery): boolean {
  if (type === 'PAYOUT' && query.customerId !== undefined) return false
  return type === (query.type ?? type) && status === (query.status ?? status)
}

/** A payout comes before the customer's own. A refund is for the first payment of its customer. */
function transactionsAt(records: Records, place: number, mode: Mode): readonly Transaction[] {
  const { shop } = records
  const events = [payoutAt(shop, place, mode), ...historyAt(records, place, mode)]
  const all = events.flatMap((event, nth): Transaction[] => {
    if (!event) return []
    return [{ ...event, nth, id: makeId(shop.seed, place, event.time, nth * 2 + modes.indexOf(mode)) }]
  })
  const original = all.find(({ type, status }) => type === 'PAYMENT' && status === 'COMPLETED')?.id
  return all.map((one) => (one.type === 'REFUND' ? { ...one, original } : one))
}

/** The transaction of a cursor, even if its customer is deleted; undefined if it is not one of the mode. */
function readCursor({ seed }: Shop, mode: Mode, id: string): { place: number; nth: number } | undefined {
  const read = readId(seed, id, 'transaction')
  if (!read || read.which % 2 !== modes.indexOf(mode)) return undefined
  return { place: read.place, nth: Math.floor(read.which / 2) }
}

/**
 * The history of the customer at a place in one mode, by time. It is not stored but generated, so that COMPLETED payments
 * minus COMPLETED refunds are the record's `totalSpent`, to the cent. Any later spending is one more payment, at the time
 * of the last change.
 *
 * A customer of both modes has one `totalSpent`, and a key sees its own mode's transactions only, so they add up to it in
 * each mode.
 */
function historyAt(records: Records, place: number, mode: Mode): readonly Event[] {
  const { shop } = records
  const customer = customerAt(records, place)
  const before = place < shop.customers ? initialCustomer(shop, place) : undefined
  if (!(customer ?? before)?.mode.includes(mode)) return []
  const events = before ? seededHistory(shop, place, mode) : []
  const since = Math.round(((customer?.totalSpent ?? 0) - (before?.totalSpent ?? 0)) * 100)
  if (!customer || since <= 0) return events
  return [
    ...events,
    { type: 'PAYMENT', status: 'COMPLETED', cents: since, time: Date.parse(customer.updatedAt) },
  ]
}

/** A payout to the business at every 25th place; it belongs to no customer. */
function payoutAt(shop: Shop, place: number, mode: Mode): Event | undefined {
  if (place >= shop.customers || place % payoutEvery !== payoutEvery - 1) return undefined
  const random = randomAt(shop, place, mode, 0x0a70)
  const chance = random()
  const status = chance < 0.7 ? 'COMPLETED' : chance < 0.85 ? 'PENDING' : 'FAILED'
  const cents = 5_000 + Math.floor(random() * 400_000)
  return { type: 'PAYOUT', status, cents, time: timeAt(shop, place, 1) - 1 }
}

function seededHistory(shop: Shop, place: number, mode: Mode): readonly Event[] {
  const customer = initialCustomer(shop, place)
  const { totalSpent } = customer
  const [createdAt, updatedAt] = [Date.parse(customer.createdAt), Date.parse(customer.updatedAt)]
  const random = randomAt(shop, place, mode, 0x7a1e)
  const events = settled(Math.round(totalSpent * 100), random, createdAt, updatedAt)
  const paid = events[0]?.cents
  const attempt = (type: 'PAYMENT' | 'REFUND', status: 'PENDING' | 'FAILED', most = 20_100): void => {
    const cents = Math.min(100 + Math.floor(random() * 20_000), most)
    events.push({ type, status, cents, time: updatedAt + Math.floor(random() * (seeded - updatedAt)) })
  }
  if (random() < 0.2) attempt('PAYMENT', 'FAILED')
  if (random() < 0.1) attempt('PAYMENT', 'PENDING')
  if (paid !== undefined && random() < 0.1) attempt('REFUND', random() < 0.5 ? 'PENDING' : 'FAILED', paid)
  return events.sort((a, b) => a.time - b.time)
}

/** Payments that add up to `total` cents; now and then with an excess that is refunded at the end. */
function settled(total: number, random: () => number, from: number, to: number): Event[] {
  const count = Math.min(total, 1 + Math.floor(random() * random() * 6))
  const back = total > 0 && random() < 0.2 ? 100 + Math.floor(random() * 5_000) : 0
  const steps = count + (back > 0 ? 1 : 0)
  const timeOf = (nth: number): number => from + Math.floor(((to - from) * nth) / steps)
  let left = total
  const events = Array.from({ length: count }, (_, nth): Event => {
    const after = count - nth - 1
    const part = after === 0 ? left : 1 + Math.floor((random() * (left - after) * 2) / (after + 2))
    left -= part
    const cents = nth === 0 ? part + back : part
    return { type: 'PAYMENT', status: 'COMPLETED', cents, time: timeOf(nth + 1) }
  })
  return back === 0 ? events : [...events, { type: 'REFUND', status: 'COMPLETED', cents: back, time: to }]
}

function randomAt(shop: Shop, place: number, mode: Mode, salt: number): () => number {
  return mulberry32(mix(shop.seed ^ salt, place * 2 + modes.indexOf(mode)))
}

function shown(records: Records, place: number, mode: Mode, transaction: Transaction) {
  const { id, type, status, cents, time } = transaction
  // Transactions of a deleted customer stay.
  const stored = type === 'PAYOUT' ? undefined : customerAt(records, place)
  const customer = stored && undated(stored)
  const isSettled = status === 'COMPLETED'
  return {
    id,
    type,
    status,
    amount: naira(transaction),
    // Documented as missing from some answers.
    ...(isSettled && type !== 'PAYOUT' ? { amountInUSDC: cents / 100 } : {}),
    mode,
    token: 'USDC',
    createdAt: new Date(time).toISOString(),
    confirmedAt: isSettled ? new Date(time).toISOString() : null,
    profileId: profile.id,
    customerId: customer?.id ?? null,
    customer: customer ?? null,
    ...detailsOf(transaction),
  }
}

const reasons = ['Ordered twice', 'Out of stock', 'Returned by the customer', 'Damaged on delivery']

function detailsOf(transaction: Transaction) {
  if (transaction.type === 'PAYMENT') return { payment: { description: 'Order' } }
  if (transaction.type === 'PAYOUT') return { payout: { description: 'Balance' } }
  const amount = naira(transaction).toFixed(2)
  const reason = reasons[transaction.cents % reasons.length]
  return { refund: { amount, reason, originalTxId: transaction.original ?? null } }
}

/** The amount in NGN, at the day's rate. */
function naira({ cents, time }: Transaction): number {
  const rate = 1_450 + (mix(7, Math.floor(time / 86_400_000)) % 150)
  return (cents * rate) / 100
}
