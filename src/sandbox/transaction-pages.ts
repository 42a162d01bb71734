import { bitsOf, type Mode, undated } from './customer.ts'
import {
  type Event,
  historyOf,
  payoutsAt,
  type transactionStatuses,
  type transactionTypes,
} from './history.ts'
import type { Memory } from './memory.ts'
import { profile } from './profile.ts'
import { mix } from './random.ts'
import type { Shop } from './shop.ts'
import { makeTransactionId, transactionPlaceOf } from './transaction-ids.ts'

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

export interface TransactionPage {
  readonly transactions: readonly Record<string, unknown>[]
  readonly hasNextPage: boolean
  readonly nextCursor: string | null
}

/** An event where it stands. */
interface Placed {
  readonly place: number
  readonly nth: number
  readonly event: Event
  /** Of a refund: the payment that it takes back. */
  readonly original?: Placed | undefined
}

/**
 * One page: by customer, the oldest first, and for each by time. Only the
 * customers between the cursor and the end of the page are looked at. Undefined
 * when the cursor is no transaction of the key's mode.
 */
export function transactionPage(memory: Memory, query: TransactionQuery): TransactionPage | undefined {
  const { key, cursor, limit } = query
  const after =
    cursor === undefined ? { place: 0, nth: -1 } : transactionPlaceOf(memory.shop.seed, key, cursor)
  if (after === undefined) return undefined
  const found: Placed[] = []
  for (const placed of matching(memory, query, after.place)) {
    if (placed.place === after.place && placed.nth <= after.nth) continue
    found.push(placed)
    if (found.length > limit) break
  }
  const transactions = found.slice(0, limit).map((placed) => presented(memory, key, placed))
  const hasNextPage = found.length > limit
  return { transactions, hasNextPage, nextCursor: hasNextPage ? (transactions.at(-1)?.id ?? null) : null }
}

function* matching(memory: Memory, query: TransactionQuery, from: number): Generator<Placed> {
  const { key, mode = key, customerId, status, type } = query
  if (mode !== key) return
  let [place, end] = [from, memory.records.next]
  if (customerId !== undefined) {
    const only = memory.records.find(customerId, key)
    if (only === undefined || only < from) return
    ;[place, end] = [only, only + 1]
  }
  for (; place < end; place++) {
    for (const placed of eventsAt(memory, place, query)) {
      const { event } = placed
      if ((status ?? event.status) === event.status && (type ?? event.type) === event.type) yield placed
    }
  }
}

/** Payouts before the customer's own; what is certainly not asked for is not worked out. */
function* eventsAt(
  { shop, records }: Memory,
  place: number,
  { key, type, customerId }: TransactionQuery,
): Generator<Placed> {
  if (customerId === undefined)
    for (const event of payoutsAt(shop, place, key)) yield { place, nth: 0, event }
  if (type === 'PAYOUT' || (records.modesAt(place) & bitsOf([key])) === 0) return
  const history = historyOf(shop, records, place, key).map((event, index) => ({
    place,
    nth: index + 1,
    event,
  }))
  for (const placed of history) {
    const { refunds } = placed.event
    yield refunds ? { ...placed, original: history.find(({ event }) => event === refunds) } : placed
  }
}

function presented({ shop, records }: Memory, mode: Mode, placed: Placed) {
  const { place, event } = placed
  const { type, status, cents, time } = event
  const id = idOf(shop, mode, placed)
  // A customer who was deleted leaves its transactions behind.
  const customer = type === 'PAYOUT' ? undefined : records.at(place)
  const shown = customer && undated(records.present(place, customer))
  const isSettled = status === 'COMPLETED'
  return {
    id,
    type,
    status,
    amount: naira(event),
    // Not in every answer, as Orafi documents it.
    ...(isSettled && type !== 'PAYOUT' ? { amountInUSDC: cents / 100 } : {}),
    mode,
    token: 'USDC',
    createdAt: new Date(time).toISOString(),
    confirmedAt: isSettled ? new Date(time).toISOString() : null,
    profileId: profile.id,
    customerId: shown?.id ?? null,
    customer: shown ?? null,
    ...detailsOf(shop, mode, placed),
  }
}

const reasons = ['Ordered twice', 'Out of stock', 'Returned by the customer', 'Damaged on delivery']

/** One of `payment`, `payout` and `refund`. */
function detailsOf(shop: Shop, mode: Mode, { place, event, original }: Placed) {
  if (event.type === 'PAYMENT') return { payment: { description: 'Order' } }
  if (event.type === 'PAYOUT') return { payout: { description: 'Balance' } }
  return {
    refund: {
      amount: naira(event).toFixed(2),
      reason: reasons[mix(place, event.cents) % reasons.length],
      originalTxId: original ? idOf(shop, mode, original) : null,
    },
  }
}

function idOf(shop: Shop, mode: Mode, placed: Placed): string {
  return makeTransactionId(shop.seed, mode, placed, placed.event.time)
}

/** NGN at the day's rate. */
function naira({ cents, time }: Event): number {
  const rate = 1_450 + (mix(7, Math.floor(time / 86_400_000)) % 150)
  return (cents * rate) / 100
}
