import type { Person } from './names.ts'
import { blockSize, isPlanned } from './repeats.ts'
import { placeAtTime, type Shop } from './shop.ts'

/**
 * The people whom the help, the README and docs/ name, so that every example
 * can be typed as it stands. They have only been seen in test mode and have
 * spent nothing: what shows how to delete somebody must work with a test key.
 */
export interface DocumentedPerson extends Person {
  /** Where the id is a given one: the id, and when the record was created (epoch ms). */
  readonly known?: { readonly id: string; readonly createdAt: number }
}

/** The customer in the answers of Orafi's own reference. */
const melvin = {
  firstname: 'Melvin',
  lastname: 'Charles',
  email: 'mekus@orafi.app',
  known: { id: 'cmjr4c7qq0000v8hozkzz4em5', createdAt: Date.UTC(2025, 11, 29, 12, 12, 29, 615) },
} as const

/** Who came from a shop that is closed, by place: none of these is a slot of `repeats.ts` or an odd person's. */
const oldShop: ReadonlyMap<number, DocumentedPerson> = new Map([
  [110, { firstname: 'Halima', lastname: 'Ssebunya', email: 'halima@oldshop.example' }],
  [160, { firstname: 'Peter', lastname: 'Okello', email: 'p.okello@oldshop.example' }],
  [200, { firstname: 'Atim', lastname: 'Lakor', email: 'atim.lakor@oldshop.example' }],
])

/** The documented person at a place of the shop, if one stands there. */
export function documentedAt(shop: Shop, place: number): DocumentedPerson | undefined {
  return place === melvinsPlace(shop) ? melvin : oldShop.get(place)
}

/** The place of a given id, or undefined when it is none or stands nowhere in this shop. */
export function placeOfKnown(shop: Shop, id: string): number | undefined {
  return id === melvin.known.id ? melvinsPlace(shop) : undefined
}

/**
 * His date decides his place, since places are in the order of creation. He is
 * not there where another plan has that place, or the shop is smaller than one
 * block: such a shop is made for something else than reading the docs.
 */
function melvinsPlace(shop: Shop): number | undefined {
  if (shop.customers < blockSize) return undefined
  const place = placeAtTime(shop, melvin.known.createdAt)
  return isPlanned(place) || oldShop.has(place) ? undefined : place
}
