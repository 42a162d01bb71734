import people from './people.json' with { type: 'json' }
import { blockSize, isRepeated, type Person, personAt } from './people.ts'
import { mix, mulberry32 } from './random.ts'

/**
 * The initial customers of a sandbox, determined by their number and a seed: the same on every machine and day. Each is
 * generated from its place (0 is the oldest) when it is needed, so a million take no memory.
 *
 * Generated customers must not change between releases, since a sandbox on disk stores these two numbers only.
 */
export interface Shop {
  readonly customers: number
  readonly seed: number
}

export const defaultShop: Shop = { customers: 250, seed: 20_260_114 }

export const modes = ['test', 'live'] as const
/** See docs/orafi-api.md#customer. */
export type Mode = (typeof modes)[number]

/** A customer with the eight fields of Orafi's object page. */
export interface Customer extends Person {
  readonly id: string
  /** Where the customer was seen: one mode or both. */
  readonly mode: readonly Mode[]
  /** USDT. */
  readonly totalSpent: number
  /** ISO 8601, UTC. */
  readonly createdAt: string
  readonly updatedAt: string
}

/** The period in which the initial customers were created; epoch ms. */
const opened = Date.UTC(2025, 0, 6, 7)
export const seeded = Date.UTC(2026, 8, 30, 19)

/**
 * The people named in the help, the README or docs/: Orafi's own example, and three at fixed places. They were seen in test
 * mode only and have spent nothing, so that examples of deletions work with a test key.
 */
const { known, oldShop } = people.documented
const oldShopByPlace = new Map(oldShop.map((person) => [person.place, person]))

/** A time in the part of the period that belongs to a place, epoch ms; `share`, 0 to 1, is the position within that part. */
export function timeAt(shop: Shop, place: number, share: number): number {
  return opened + Math.floor(((seeded - opened) / shop.customers) * (place + share))
}

/** The customer at a place below `shop.customers`. */
export function initialCustomer(shop: Shop, place: number): Customer {
  const documented = place === knownPlace(shop) ? known : oldShopByPlace.get(place)
  if (documented) {
    const time = documented === known ? Date.parse(known.createdAt) : timeAt(shop, place, 0.5)
    const customer = newCustomer(shop, place, { ...documented, mode: ['test'] }, time)
    return documented === known ? { ...customer, id: known.id } : customer
  }
  const random = mulberry32(mix(shop.seed ^ 0x5eed, place))
  const chance = random()
  const mode = chance < 0.42 ? (['test'] as const) : chance < 0.88 ? (['live'] as const) : modes
  const totalSpent = spent(random(), random(), random()) / 100
  const createdAt = timeAt(shop, place, random())
  const customer = newCustomer(shop, place, { ...personAt(place, shop.seed), mode, totalSpent }, createdAt)
  if (totalSpent === 0) return customer
  return { ...customer, updatedAt: isoDate(createdAt + Math.floor(random() * (seeded - createdAt))) }
}

/** A customer who was created at a place, at a time in epoch ms. */
export function newCustomer(
  shop: Shop,
  place: number,
  fields: Pick<Customer, 'firstname' | 'lastname' | 'email' | 'mode'> & { readonly totalSpent?: number },
  time: number,
): Customer {
  const { firstname, lastname, email, mode, totalSpent = 0 } = fields
  const [id, createdAt] = [makeId(shop.seed, place, time), isoDate(time)]
  return { id, firstname, lastname, email, mode, totalSpent, createdAt, updatedAt: createdAt }
}

/** The customer without dates, as in the documented answer to a create and in a transaction. */
export function undated({ createdAt: _, updatedAt: __, ...rest }: Customer) {
  return rest
}

function isoDate(time: number): string {
  return new Date(time).toISOString()
}

/** The place in a customer's id; undefined if this sandbox cannot have made it. The record may be deleted. */
export function placeOfId(shop: Shop, id: string): number | undefined {
  return id === known.id ? knownPlace(shop) : readId(shop.seed, id, 'customer')?.place
}

/**
 * The place of `known`, by its date, since places are in the order of creation. Undefined if another planned person has
 * that place, or the shop is smaller than one block, and so not made for following the docs.
 */
function knownPlace(shop: Shop): number | undefined {
  if (shop.customers < blockSize) return undefined
  const share = (Date.parse(known.createdAt) - opened) / (seeded - opened)
  const place = Math.floor(share * shop.customers)
  return isRepeated(place) || oldShopByPlace.has(place) ? undefined : place
}

/** In cents. Round amounts are as frequent as in a real shop, and so are the bounds of a range. */
function spent(purse: number, amount: number, rounding: number): number {
  let left = purse
  for (const { share, least, most } of people.purses) {
    left -= share
    if (left >= 0) continue
    const cents = least + Math.floor(amount ** 2 * (most - least + 1))
    if (rounding < 0.08) return least === 50_001 ? cents : least
    if (rounding < 0.3) return Math.max(least, cents - (cents % 100))
    return rounding < 0.5 ? Math.max(least, cents - (cents % 10)) : cents
  }
  return 0
}

/**
 * Ids look like cuids (docs/orafi-api.md#wire-examples): `c`, then 24 letters and digits: 8 for the time, 6 for the
 * customer's place in the order of creation, in a transaction's id 2 for its number at that place, and a checksum. So
 * no index of a million ids is needed, and a cursor stays valid after its record is deleted.
 * @param time epoch ms
 * @param which the number of a transaction at its place, below 36²; omitted for a customer
 */
export function makeId(seed: number, place: number, time: number, which?: number): string {
  const stamp = Math.abs(Math.trunc(time)) % 36 ** 8
  const first = mix(mix(which === undefined ? seed : mix(seed, which + 1), place), stamp)
  const second = mix(first, Math.floor(stamp / 65_536))
  const middle = which === undefined ? '' : base36(which, 2)
  const check = base36(first, 5) + base36(second, 5)
  return `c${base36(stamp, 8)}${base36(place, 6)}${middle}${check.slice(middle.length)}`
}

/** The parts of an id; undefined if no sandbox of this seed can have made it. */
export function readId(
  seed: number,
  id: string,
  kind: 'customer' | 'transaction',
): { readonly place: number; readonly which: number } | undefined {
  if (!/^c[0-9a-z]{24}$/.test(id)) return undefined
  const number = (start: number, end: number): number => Number.parseInt(id.slice(start, end), 36)
  const [time, place, which] = [number(1, 9), number(9, 15), number(15, 17)]
  const made = makeId(seed, place, time, kind === 'transaction' ? which : undefined)
  return made === id ? { place, which } : undefined
}

/** A number in base 36, padded with zeros or cut to its last `digits` digits. */
function base36(value: number, digits: number): string {
  return (value % 36 ** digits).toString(36).padStart(digits, '0')
}
