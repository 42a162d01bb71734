import { mix } from './random.ts'

/**
 * Ids look like cuids (docs/orafi-api.md#time-in-the-id): `c`, then 24 letters and digits: 8 for the time, 6 for the
 * record's place in the order of creation, 10 that check the rest. Because an id carries its place, no index of a
 * million ids is kept, and a cursor still says where to go on when its record has been deleted.
 */
const idForm = /^c[0-9a-z]{24}$/

/** The id of the record at a place, created at `createdAt` (epoch ms). */
export function makeId(place: number, createdAt: number, seed: number): string {
  const time = Math.abs(Math.trunc(createdAt)) % 36 ** 8
  const first = mix(mix(seed, place), time)
  const second = mix(first, Math.floor(time / 65_536))
  return `c${base36(time, 8)}${base36(place, 6)}${base36(first, 5)}${base36(second, 5)}`
}

/**
 * The place that an id carries, or undefined when this sandbox cannot have made
 * the id. Whether the record is still there is for the caller to see.
 */
export function placeOf(id: string, seed: number): number | undefined {
  if (!idForm.test(id)) return undefined
  const place = Number.parseInt(id.slice(9, 15), 36)
  return makeId(place, Number.parseInt(id.slice(1, 9), 36), seed) === id ? place : undefined
}

function base36(value: number, digits: number): string {
  return (value % 36 ** digits).toString(36).padStart(digits, '0')
}
