import { makeId, readId } from './ids.ts'
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

/** A customer as the sandbox stores it; its id is derived from its place and `createdAt`. */
export interface StoredCustomer extends Person {
  /** Where the customer was seen: one mode or both. */
  readonly mode: readonly Mode[]
  /** USDT. */
  readonly totalSpent: number
  /** Epoch ms. */
  readonly createdAt: number
  readonly updatedAt: number
}

/** A customer with the eight fields of Orafi's object page; dates in ISO 8601, UTC. */
export interface SandboxCustomer extends Omit<StoredCustomer, 'createdAt' | 'updatedAt'> {
  readonly id: string
  readonly createdAt: string
  readonly updatedAt: string
}

/** The fields that list filters need, generated without the rest of the record. */
export type Spending = Pick<StoredCustomer, 'mode' | 'totalSpent'>

/** The period in which the initial customers were created; epoch ms. */
const opened = Date.UTC(2025, 0, 6, 7)
export const seeded = Date.UTC(2026, 8, 30, 19)

/** The customer in the examples of Orafi's own reference. */
const known = { ...people.documented.known, createdAt: Date.parse(people.documented.known.createdAt) }
const oldShop = new Map(people.documented.oldShop.map((person) => [person.place, person]))

/** A time in the part of the period that belongs to a place, epoch ms; `share`, 0 to 1, is the position within that part. */
export function timeAt(shop: Shop, place: number, share: number): number {
  return opened + Math.floor(((seeded - opened) / shop.customers) * (place + share))
}

/** Mode and spending of the customer at a place below `shop.customers`. */
export function seedSpending(shop: Shop, place: number): Spending {
  if (isDocumented(shop, place)) return { mode: ['test'], totalSpent: 0 }
  return spendingBy(randomAt(shop, place))
}

/** The customer at a place below `shop.customers`. */
export function seedCustomer(shop: Shop, place: number): StoredCustomer {
  if (isDocumented(shop, place)) return documentedCustomer(shop, place)
  const random = randomAt(shop, place)
  const { mode, totalSpent } = spendingBy(random)
  const createdAt = timeAt(shop, place, random())
  const updatedAt = totalSpent === 0 ? createdAt : createdAt + Math.floor(random() * (seeded - createdAt))
  return { ...personAt(place, shop.seed), mode, totalSpent, createdAt, updatedAt }
}

/** A record in the form of the object page. */
export function presented(shop: Shop, place: number, customer: StoredCustomer): SandboxCustomer {
  const { firstname, lastname, email, mode, totalSpent, createdAt, updatedAt } = customer
  return {
    id: customerId(shop, place, createdAt),
    firstname,
    lastname,
    email,
    mode,
    totalSpent,
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  }
}

/** The customer without dates, as in the documented answer to a create and in a transaction. */
export function undated(customer: SandboxCustomer): Omit<SandboxCustomer, 'createdAt' | 'updatedAt'> {
  const { createdAt: _, updatedAt: __, ...rest } = customer
  return rest
}

/** The id of the record at a place, created at `createdAt` (epoch ms). */
function customerId(shop: Shop, place: number, createdAt: number): string {
  return place === knownPlace(shop) ? known.id : makeId(shop.seed, place, createdAt)
}

/** The place in an id; undefined if this sandbox cannot have made it. The record may be deleted. */
export function placeOfId(shop: Shop, id: string): number | undefined {
  if (id === known.id) return knownPlace(shop)
  const place = readId(shop.seed, id, 'customer')?.place
  return place === knownPlace(shop) ? undefined : place
}

/**
 * Whether the person is named in the help, the README or docs/. These were seen in test mode only and have spent nothing,
 * so that examples of deletions work with a test key.
 */
function isDocumented(shop: Shop, place: number): boolean {
  return oldShop.has(place) || place === knownPlace(shop)
}

function documentedCustomer(shop: Shop, place: number): StoredCustomer {
  const { firstname, lastname, email } = oldShop.get(place) ?? known
  const createdAt = oldShop.has(place) ? timeAt(shop, place, 0.5) : known.createdAt
  return { firstname, lastname, email, mode: ['test'], totalSpent: 0, createdAt, updatedAt: createdAt }
}

/**
 * The place of `known`, by its date, since places are in the order of creation. Undefined if another planned person has
 * that place, or the shop is smaller than one block, and so not made for following the docs.
 */
function knownPlace(shop: Shop): number | undefined {
  if (shop.customers < blockSize) return undefined
  const place = Math.floor(((known.createdAt - opened) / (seeded - opened)) * shop.customers)
  return isRepeated(place) || oldShop.has(place) ? undefined : place
}

function randomAt(shop: Shop, place: number): () => number {
  return mulberry32(mix(shop.seed ^ 0x5eed, place))
}

function spendingBy(random: () => number): Spending {
  const chance = random()
  const mode = chance < 0.42 ? (['test'] as const) : chance < 0.88 ? (['live'] as const) : modes
  return { mode, totalSpent: spent(random(), random(), random()) / 100 }
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
