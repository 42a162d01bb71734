import {
  type Mode,
  placeOfId,
  presented,
  type SandboxCustomer,
  type Shop,
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

/** A page of a list, and where the next one begins. */
export interface Page<Item> {
  readonly items: readonly Item[]
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

/** A record, where it stands and how it is shown. */
interface FoundCustomer {
  readonly place: number
  readonly customer: StoredCustomer
  readonly shown: SandboxCustomer
}

/** The record of an id; undefined when it is not there, or the mode's key does not see it. */
export function findCustomer(overlay: Overlay, id: string, key: Mode): FoundCustomer | undefined {
  const place = placeOfId(overlay.shop, id)
  const customer = place === undefined ? undefined : customerAt(overlay, place)
  if (place === undefined || !customer?.mode.includes(key)) return undefined
  const shown = presented(overlay.shop, place, customer)
  return shown.id === id ? { place, customer, shown } : undefined
}

/** Oldest first. Undefined when the cursor is no id that was ever seen by the mode's key. */
export function customersPage(overlay: Overlay, query: PageQuery): Page<SandboxCustomer> | undefined {
  const after = query.cursor === undefined ? -1 : placeOfCursor(overlay, query.cursor, query.key)
  if (after === undefined) return undefined
  const found: SandboxCustomer[] = []
  for (let place = after + 1; place < overlay.next && found.length <= query.limit; place++) {
    const customer = isAsked(overlay, place, query) && customerAt(overlay, place)
    if (customer) found.push(presented(overlay.shop, place, customer))
  }
  return pageOf(found, query.limit)
}

/** @param found one more than the page holds, where there are more */
export function pageOf<Item extends { readonly id: string }>(found: Item[], limit: number): Page<Item> {
  const items = found.slice(0, limit)
  const hasNextPage = found.length > limit
  return { items, hasNextPage, nextCursor: hasNextPage ? (items.at(-1)?.id ?? null) : null }
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

/** Customers of the shop are passed over without working out who they are. */
function isAsked({ shop, changes }: Overlay, place: number, query: PageQuery): boolean {
  const changed = changes.get(place)
  if (changed === null) return false
  const { mode, totalSpent } = changed ?? seedSpending(shop, place)
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
