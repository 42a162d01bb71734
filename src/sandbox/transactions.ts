import { makeId, readId } from './ids.ts'
import { customerAt, findCustomer, type Overlay, type Page, pageOf } from './overlay.ts'
import profile from './profile.json' with { type: 'json' }
import { mix, mulberry32 } from './random.ts'
import { type Mode, modes, presented, type Shop, seedCustomer, seeded, timeAt, undated } from './shop.ts'

export const transactionTypes = ['PAYMENT', 'PAYOUT', 'REFUND'] as const
export const transactionStatuses = ['PENDING', 'COMPLETED', 'FAILED'] as const

/** What `GET /transactions` asks for (docs/orafi-api.md#transactions). */
export interface TransactionQuery {
  /** The mode of the key: only transactions of that mode are seen. */
  readonly key: Mode
  readonly mode?: Mode | undefined
  readonly customerId?: string | undefined
  readonly status?: (typeof transactionStatuses)[number] | undefined
  readonly type?: (typeof transactionTypes)[number] | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

/** What happened at a customer's place; amounts in whole cents of USDC. */
interface Transaction {
  readonly id: string
  /** 0 is a payout, which is nobody's; the customer's own count from 1. */
  readonly nth: number
  readonly type: (typeof transactionTypes)[number]
  readonly status: (typeof transactionStatuses)[number]
  readonly cents: number
  /** Epoch ms. */
  readonly time: number
  /** Of a refund: the payment that it takes back. */
  readonly original?: Transaction | undefined
}

/** A transaction as it is answered. */
export type ShownTransaction = ReturnType<typeof shown>
type Event = Omit<Transaction, 'id' | 'nth' | 'original'>

const payoutEvery = 25

/**
 * One page: by customer, the oldest first, and for each by time. Only the customers between the cursor and the end of the
 * page are looked at. Undefined when the cursor is no transaction of the key's mode.
 */
export function transactionsPage(
  overlay: Overlay,
  query: TransactionQuery,
): Page<ShownTransaction> | undefined {
  const { key, mode = key, customerId, cursor, limit } = query
  const start = cursor === undefined ? { place: 0, nth: -1 } : readCursor(overlay.shop, key, cursor)
  if (!start) return undefined
  const only = customerId === undefined ? undefined : (findCustomer(overlay, customerId, key)?.place ?? -1)
  const end = mode !== key ? 0 : only === undefined ? overlay.next : only + 1
  const found: ShownTransaction[] = []
  for (let place = Math.max(start.place, only ?? 0); place < end && found.length <= limit; place++) {
    const after = place === start.place ? start.nth : -1
    const asked = transactionsAt(overlay, place, key).filter((one) => one.nth > after && isAsked(one, query))
    found.push(...asked.map((one) => shown(overlay, place, key, one)))
  }
  return pageOf(found, limit)
}

function isAsked({ type, status }: Transaction, query: TransactionQuery): boolean {
  if (type === 'PAYOUT' && query.customerId !== undefined) return false
  return type === (query.type ?? type) && status === (query.status ?? status)
}

/** Payouts before the customer's own. A refund takes back the first payment of its customer. */
function transactionsAt(overlay: Overlay, place: number, mode: Mode): readonly Transaction[] {
  const { shop } = overlay
  const withIds = (events: readonly Event[], from: number): Transaction[] =>
    events.map((event, index) => {
      const nth = from + index
      return { ...event, nth, id: makeId(shop.seed, place, event.time, nth * 2 + modes.indexOf(mode)) }
    })
  const own = withIds(historyAt(overlay, place, mode), 1)
  const original = own.find(({ type, status }) => type === 'PAYMENT' && status === 'COMPLETED')
  const withOriginals = own.map((one) => (one.type === 'REFUND' ? { ...one, original } : one))
  return [...withIds(payoutsAt(shop, place, mode), 0), ...withOriginals]
}

/** Which transaction a cursor names, though it or its customer may be gone; undefined where it is none of the mode. */
function readCursor({ seed }: Shop, mode: Mode, id: string): { place: number; nth: number } | undefined {
  const read = readId(seed, id, 'transaction')
  if (!read || read.which % 2 !== modes.indexOf(mode)) return undefined
  return { place: read.place, nth: Math.floor(read.which / 2) }
}

/**
 * What the customer at a place did in one mode, in the order of time. Nothing of it is kept: it is worked out so that
 * COMPLETED payments less COMPLETED refunds are the record's `totalSpent` to the cent. What was spent since the shop
 * opened is one payment more, of the last change's date.
 *
 * A customer of both modes has one `totalSpent`, and either key sees only its own mode's transactions: so they add up to
 * it in each of the two.
 */
function historyAt(overlay: Overlay, place: number, mode: Mode): readonly Event[] {
  const { shop } = overlay
  const customer = customerAt(overlay, place)
  const before = place < shop.customers ? seedCustomer(shop, place) : undefined
  if (!(customer ?? before)?.mode.includes(mode)) return []
  const events = before ? seededHistory(shop, place, mode) : []
  const since = Math.round(((customer?.totalSpent ?? 0) - (before?.totalSpent ?? 0)) * 100)
  if (!customer || since <= 0) return events
  return [...events, { type: 'PAYMENT', status: 'COMPLETED', cents: since, time: customer.updatedAt }]
}

/** What the business was paid out of its balance at the time of this place: nobody's, every so many places. */
function payoutsAt(shop: Shop, place: number, mode: Mode): readonly Event[] {
  if (place >= shop.customers || place % payoutEvery !== payoutEvery - 1) return []
  const random = randomAt(shop, place, mode, 0x0a70)
  const chance = random()
  const status = chance < 0.7 ? 'COMPLETED' : chance < 0.85 ? 'PENDING' : 'FAILED'
  const cents = 5_000 + Math.floor(random() * 400_000)
  return [{ type: 'PAYOUT', status, cents, time: timeAt(shop, place, 1) - 1 }]
}

function seededHistory(shop: Shop, place: number, mode: Mode): readonly Event[] {
  const { totalSpent, createdAt, updatedAt } = seedCustomer(shop, place)
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

/** Payments that come to `total` cents; now and then somebody paid more and was given that back at the end. */
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

function shown(overlay: Overlay, place: number, mode: Mode, transaction: Transaction) {
  const { id, type, status, cents, time } = transaction
  // A customer who was deleted leaves its transactions behind.
  const stored = type === 'PAYOUT' ? undefined : customerAt(overlay, place)
  const customer = stored && undated(presented(overlay.shop, place, stored))
  const isSettled = status === 'COMPLETED'
  return {
    id,
    type,
    status,
    amount: naira(transaction),
    // Not in every answer, as Orafi documents it.
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
  return { refund: { amount, reason, originalTxId: transaction.original?.id ?? null } }
}

/** NGN at the day's rate. */
function naira({ cents, time }: Transaction): number {
  const rate = 1_450 + (mix(7, Math.floor(time / 86_400_000)) % 150)
  return (cents * rate) / 100
}
