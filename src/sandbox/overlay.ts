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

/** A shop and the changes made to it. A record's place is its index in the order of creation. */
export interface Overlay {
  readonly shop: Shop
  /** Changed records by place; null if the record was deleted. */
  readonly changes: Map<number, StoredCustomer | null>
  /** The place of the next record. Places are never reused. */
  next: number
  /** Whether there are unwritten changes. */
  dirty: boolean
  /** The e-mails in use in each mode. Collected only when `isTaken` asks for them. */
  addresses?: Set<string> | undefined
}

/**
 * The six spending ranges (docs/orafi-api.md#list-filters). Their bounds are undocumented; these follow the ranges' names,
 * so that every amount (USDT) falls into exactly one.
 */
export const spendingRanges = {
  BELOW10USDT: (usdt: number) => usdt < 10,
  FROM10TO30USDT: (usdt: number) => usdt >= 10 && usdt < 30,
  FROM30TO100USDT: (usdt: number) => usdt >= 30 && usdt < 100,
  FROM100TO200USDT: (usdt: number) => usdt >= 100 && usdt < 200,
  FROM200TO500USDT: (usdt: number) => usdt >= 200 && usdt <= 500,
  ABOVE500USDT: (usdt: number) => usdt > 500,
}

/** The parameters of a list (docs/orafi-api.md#endpoints). */
export interface PageQuery {
  /** The mode of the key: only records whose `mode` contains it are visible. */
  readonly key: Mode
  readonly mode?: Mode | undefined
  readonly amountSpent?: keyof typeof spendingRanges | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

/** A page of a list, and the cursor of the next one. */
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

/** The number of existing records, in both modes. */
export function countCustomers({ shop, changes }: Overlay): number {
  let count = shop.customers
  for (const [place, customer] of changes) {
    if (place >= shop.customers && customer) count++
    if (place < shop.customers && !customer) count--
  }
  return count
}

/** A record, its place and its form in answers. */
interface FoundCustomer {
  readonly place: number
  readonly customer: StoredCustomer
  readonly shown: SandboxCustomer
}

/** The record with an id; undefined if it does not exist or is not visible to the key's mode. */
export function findCustomer(overlay: Overlay, id: string, key: Mode): FoundCustomer | undefined {
  const place = placeOfId(overlay.shop, id)
  const customer = place === undefined ? undefined : customerAt(overlay, place)
  if (place === undefined || !customer?.mode.includes(key)) return undefined
  const shown = presented(overlay.shop, place, customer)
  return shown.id === id ? { place, customer, shown } : undefined
}

/** Oldest first. Undefined if the cursor is not the id of a customer that was ever visible to the key's mode. */
export function customersPage(overlay: Overlay, query: PageQuery): Page<SandboxCustomer> | undefined {
  const after = query.cursor === undefined ? -1 : placeOfCursor(overlay, query.cursor, query.key)
  if (after === undefined) return undefined
  const found: SandboxCustomer[] = []
  for (let place = after + 1; place < overlay.next && found.length <= query.limit; place++) {
    const customer = matchesQuery(overlay, place, query) && customerAt(overlay, place)
    if (customer) found.push(presented(overlay.shop, place, customer))
  }
  return pageOf(found, query.limit)
}

/** @param found more than `limit` items if another page follows */
export function pageOf<Item extends { readonly id: string }>(found: Item[], limit: number): Page<Item> {
  const items = found.slice(0, limit)
  const hasNextPage = found.length > limit
  return { items, hasNextPage, nextCursor: hasNextPage ? (items.at(-1)?.id ?? null) : null }
}

/** Whether a record in one of these modes has the same e-mail, ignoring case. The first call reads all records. */
export function isTaken(overlay: Overlay, customer: Pick<StoredCustomer, 'email' | 'mode'>): boolean {
  overlay.addresses ??= new Set(allCustomers(overlay).flatMap(addressKeys))
  const { addresses } = overlay
  return addressKeys(customer).some((key) => addresses.has(key))
}

function allCustomers(overlay: Overlay): StoredCustomer[] {
  return Array.from({ length: overlay.next }, (_, place) => customerAt(overlay, place) ?? []).flat()
}

/** Filters the customers of the shop without generating their names. */
function matchesQuery({ shop, changes }: Overlay, place: number, query: PageQuery): boolean {
  const changed = changes.get(place)
  if (changed === null) return false
  const { mode, totalSpent } = changed ?? seedSpending(shop, place)
  if (!mode.includes(query.key) || !mode.includes(query.mode ?? query.key)) return false
  return query.amountSpent === undefined || spendingRanges[query.amountSpent](totalSpent)
}

/** The id of a deleted record is still a valid cursor. */
function placeOfCursor(overlay: Overlay, id: string, key: Mode): number | undefined {
  const place = placeOfId(overlay.shop, id)
  if (place === undefined || place >= overlay.next) return undefined
  return customerAt(overlay, place) ? findCustomer(overlay, id, key)?.place : place
}

function addressKeys({ email, mode }: Pick<StoredCustomer, 'email' | 'mode'>): string[] {
  return mode.map((one) => `${one} ${email.toLowerCase()}`)
}
