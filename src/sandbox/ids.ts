import { documentedAt, placeOfKnown } from './documented-people.ts'
import { mix } from './random.ts'
import type { Shop } from './shop.ts'

/**
 * Ids look like cuids (`cmjr4c7qq0000v8hozkzz4em5` in docs/orafi-api.md#wire-examples): `c`, then 24
 * letters and digits: 8 for the time, 6 for the record's place in the order of
 * creation, 10 that check the rest. Because an id carries its place, no index
 * of a million ids is kept, and a cursor still says where to go on when its
 * record has been deleted. One id of the documents is given and carries nothing.
 */
const idForm = /^c[0-9a-z]{24}$/

/** The id of the record at a place, created at `createdAt` (epoch ms). */
export function makeId(shop: Shop, place: number, createdAt: number): string {
  const known = documentedAt(shop, place)?.known
  if (known) return known.id
  const time = Math.abs(Math.trunc(createdAt)) % 36 ** 8
  const first = mix(mix(shop.seed, place), time)
  const second = mix(first, Math.floor(time / 65_536))
  return `c${base36(time, 8)}${base36(place, 6)}${base36(first, 5)}${base36(second, 5)}`
}

/**
 * The place that an id carries, or undefined when this sandbox cannot have made
 * the id. Whether the record is still there is for the caller to see.
 */
export function placeOf(shop: Shop, id: string): number | undefined {
  const known = placeOfKnown(shop, id)
  if (known !== undefined || !idForm.test(id)) return known
  const place = Number.parseInt(id.slice(9, 15), 36)
  return makeId(shop, place, Number.parseInt(id.slice(1, 9), 36)) === id ? place : undefined
}

/** A number as letters and digits, its last ones where it is too long. */
export function base36(value: number, digits: number): string {
  return (value % 36 ** digits).toString(36).padStart(digits, '0')
}
