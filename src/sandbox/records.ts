import { type Customer, initialCustomer, type Mode, newCustomer, placeOfId, type Shop } from './shop.ts'

/** A change to the record at a place; null deletes it. */
export type Change = readonly [place: number, after: Customer | null]

/** A shop and the changes made to it. A record's place is its index in the order of creation. */
export interface Records {
  readonly shop: Shop
  /** The latest change of each place. */
  readonly changes: Map<number, Customer | null>
  /** The place of the next record. Places are never reused. */
  next: number
  /** Changes that are not written yet; undefined if nothing is written. */
  unwritten?: Change[] | undefined
  /** The e-mails in use in each mode. Collected only when `isTaken` asks for them. */
  addresses?: Set<string> | undefined
}

/** The fields of a new customer, already validated. */
export type NewCustomer = Parameters<typeof newCustomer>[2]

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

export function createRecords(shop: Shop): Records {
  return { shop, changes: new Map(), next: shop.customers }
}

/** Sets the record of a place, or deletes it. */
export function change(records: Records, place: number, after: Customer | null): void {
  if (after && place >= records.next) for (const key of addressKeys(after)) records.addresses?.add(key)
  else records.addresses = undefined
  records.changes.set(place, after)
  records.unwritten?.push([place, after])
  records.next = Math.max(records.next, place + 1)
}

/** Adds a record, created at `time` (epoch ms). */
export function create(records: Records, fields: NewCustomer, time: number): Customer {
  const customer = newCustomer(records.shop, records.next, fields, Math.trunc(time))
  change(records, records.next, customer)
  return customer
}

export function customerAt({ shop, changes }: Records, place: number): Customer | undefined {
  const changed = changes.get(place)
  if (changed !== undefined) return changed ?? undefined
  return place < shop.customers ? initialCustomer(shop, place) : undefined
}

/** The number of existing records, in both modes. */
export function countCustomers({ shop, changes }: Records): number {
  let count = shop.customers
  for (const [place, customer] of changes) {
    if (place >= shop.customers && customer) count++
    if (place < shop.customers && !customer) count--
  }
  return count
}

/** The record with an id and its place; undefined if it does not exist or is not visible to the key's mode. */
export function find(
  records: Records,
  id: string,
  key: Mode,
): { readonly place: number; readonly customer: Customer } | undefined {
  const place = placeOfId(records.shop, id)
  const customer = place === undefined ? undefined : customerAt(records, place)
  if (place === undefined || customer?.id !== id || !customer.mode.includes(key)) return undefined
  return { place, customer }
}

/** Oldest first. Undefined if the cursor is not the id of a customer that was ever visible to the key's mode. */
export function customersPage(records: Records, query: PageQuery): Page<Customer> | undefined {
  const { key, mode = key, amountSpent, cursor, limit } = query
  const after = cursor === undefined ? -1 : placeOfCursor(records, cursor, key)
  if (after === undefined) return undefined
  const found: Customer[] = []
  for (let place = after + 1; place < records.next && found.length <= limit; place++) {
    const customer = customerAt(records, place)
    if (!customer?.mode.includes(key) || !customer.mode.includes(mode)) continue
    if (amountSpent === undefined || spendingRanges[amountSpent](customer.totalSpent)) found.push(customer)
  }
  return pageOf(found, limit)
}

/** The id of a deleted record is still a valid cursor. */
function placeOfCursor(records: Records, id: string, key: Mode): number | undefined {
  const place = placeOfId(records.shop, id)
  const isDeleted = place !== undefined && records.changes.get(place) === null
  return isDeleted ? place : find(records, id, key)?.place
}

/** @param found more than `limit` items if another page follows */
export function pageOf<Item extends { readonly id: string }>(found: Item[], limit: number): Page<Item> {
  const items = found.slice(0, limit)
  const hasNextPage = found.length > limit
  return { items, hasNextPage, nextCursor: hasNextPage ? (items.at(-1)?.id ?? null) : null }
}

/** Whether a record in one of these modes has the same e-mail, ignoring case. The first call reads all records. */
export function isTaken(records: Records, customer: Pick<Customer, 'email' | 'mode'>): boolean {
  if (!records.addresses) {
    const places = Array.from({ length: records.next }, (_, place) => customerAt(records, place))
    records.addresses = new Set(places.flatMap((one) => (one ? addressKeys(one) : [])))
  }
  const { addresses } = records
  return addressKeys(customer).some((key) => addresses.has(key))
}

function addressKeys({ email, mode }: Pick<Customer, 'email' | 'mode'>): string[] {
  return mode.map((one) => `${one} ${email.toLowerCase()}`)
}
