import {
  type Mode,
  placeOfId,
  presented,
  type SandboxCustomer,
  type Shop,
  type Spending,
  type StoredCustomer,
  seedCustomer,
  seedSpending,
} from './shop.ts'

/** A shop, and everything that was changed in it since it opened. Places are in the order of creation. */
export interface Overlay {
  readonly shop: Shop
  /** What stands at a place now; null where the record was deleted. */
  readonly changes: Map<number, StoredCustomer | null>
  /** Where the next record goes. Places are never given away again. */
  next: number
  /** Was anything changed since it was last written? */
  dirty: boolean
  /** Which address is taken in which mode. Only a sandbox that refuses repeats needs it. */
  addresses?: Set<string> | undefined
}

/**
 * The six spending ranges (docs/orafi-api.md#list-filters). Where their bounds lie is documented nowhere; this is the one
 * place that decides it, by the words of their names, so that every amount (USDT) falls into exactly one.
 */
export const spendingRanges = {
  BELOW10USDT: (usdt: number) => usdt < 10,
  FROM10TO30USDT: (usdt: number) => usdt >= 10 && usdt < 30,
  FROM30TO100USDT: (usdt: number) => usdt >= 30 && usdt < 100,
  FROM100TO200USDT: (usdt: number) => usdt >= 100 && usdt < 200,
  FROM200TO500USDT: (usdt: number) => usdt >= 200 && usdt <= 500,
  ABOVE500USDT: (usdt: number) => usdt > 500,
}

/** What a list asks for (docs/orafi-api.md#endpoints). */
export interface PageQuery {
  /** The mode of the key: only records whose `mode` contains it are seen. */
  readonly key: Mode
  readonly mode?: Mode | undefined
  readonly amountSpent?: keyof typeof spendingRanges | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

export interface CustomerPage {
  readonly customers: readonly SandboxCustomer[]
  readonly hasNextPage: boolean
  readonly nextCursor: string | null
}

export function createOverlay(shop: Shop): Overlay {
  return { shop, changes: new Map(), next: shop.customers, dirty: false }
}

/** Sets the record of a place, or deletes it. */
export function change(overlay: Overlay, place: number, after: StoredCustomer | null): void {
  if (after && place >= overlay.next) for (const key of addressKeys(after)) overlay.addresses?.add(key)
  else overlay.addresses = undefined
  overlay.changes.set(place, after)
  overlay.next = Math.max(overlay.next, place + 1)
  overlay.dirty = true
}

export function customerAt(overlay: Overlay, place: number): StoredCustomer | undefined {
  const changed = overlay.changes.get(place)
  if (changed !== undefined) return changed ?? undefined
  return place < overlay.shop.customers ? seedCustomer(overlay.shop, place) : undefined
}

/** Records that are there, in both modes. */
export function countCustomers({ shop, changes }: Overlay): number {
  let count = shop.customers
  for (const [place, customer] of changes) {
    if (place >= shop.customers && customer) count++
    if (place < shop.customers && !customer) count--
  }
  return count
}

/** The record of an id and its place; undefined when it is not there, or the mode's key does not see it. */
export function findCustomer(
  overlay: Overlay,
  id: string,
  key: Mode,
): { readonly place: number; readonly customer: StoredCustomer } | undefined {
  const place = placeOfId(overlay.shop, id)
  const customer = place === undefined ? undefined : customerAt(overlay, place)
  if (place === undefined || !customer?.mode.includes(key)) return undefined
  return presented(overlay.shop, place, customer).id === id ? { place, customer } : undefined
}

/** Oldest first. Undefined when the cursor is no id that was ever seen by the mode's key. */
export function customersPage(overlay: Overlay, query: PageQuery): CustomerPage | undefined {
  const after = query.cursor === undefined ? -1 : placeOfCursor(overlay, query.cursor, query.key)
  if (after === undefined) return undefined
  const places: number[] = []
  for (let place = after + 1; place < overlay.next && places.length <= query.limit; place++) {
    const spending = spendingAt(overlay, place)
    if (spending && isAsked(spending, query)) places.push(place)
  }
  const customers = places.slice(0, query.limit).flatMap((place) => {
    const customer = customerAt(overlay, place)
    return customer ? [presented(overlay.shop, place, customer)] : []
  })
  const hasNextPage = places.length > query.limit
  return { customers, hasNextPage, nextCursor: hasNextPage ? (customers.at(-1)?.id ?? null) : null }
}

/** Has a record that is seen in one of these modes the address, capitals aside? The first question reads all records. */
export function isTaken(overlay: Overlay, customer: Pick<StoredCustomer, 'email' | 'mode'>): boolean {
  overlay.addresses ??= new Set(allCustomers(overlay).flatMap(addressKeys))
  const { addresses } = overlay
  return addressKeys(customer).some((key) => addresses.has(key))
}

function allCustomers(overlay: Overlay): StoredCustomer[] {
  return Array.from({ length: overlay.next }, (_, place) => customerAt(overlay, place) ?? []).flat()
}

function spendingAt({ shop, changes, next }: Overlay, place: number): Spending | undefined {
  const changed = changes.get(place)
  if (changed !== undefined) return changed ?? undefined
  return place < Math.min(next, shop.customers) ? seedSpending(shop, place) : undefined
}

function isAsked({ mode, totalSpent }: Spending, query: PageQuery): boolean {
  if (!mode.includes(query.key) || !mode.includes(query.mode ?? query.key)) return false
  return query.amountSpent === undefined || spendingRanges[query.amountSpent](totalSpent)
}

/** Of a deleted record nothing but its place is known. */
function placeOfCursor(overlay: Overlay, id: string, key: Mode): number | undefined {
  const place = placeOfId(overlay.shop, id)
  if (place === undefined || place >= overlay.next) return undefined
  return customerAt(overlay, place) ? findCustomer(overlay, id, key)?.place : place
}

function addressKeys({ email, mode }: Pick<StoredCustomer, 'email' | 'mode'>): string[] {
  return mode.map((one) => `${one} ${email.toLowerCase()}`)
}
