import { mix } from './random.ts'

/**
 * Ids look like cuids (docs/orafi-api.md#wire-examples): `c`, then 24 letters and digits: 8 for the time, 6 for the
 * customer's place in the order of creation, in a transaction's id 2 for its number at that place, and a checksum. So no
 * index of a million ids is needed, and a cursor stays valid after its record is deleted.
 *
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
  const [time, place, which] = [id.slice(1, 9), id.slice(9, 15), id.slice(15, 17)].map((text) =>
    Number.parseInt(text, 36),
  ) as [number, number, number]
  return makeId(seed, place, time, kind === 'transaction' ? which : undefined) === id
    ? { place, which }
    : undefined
}

/** A number in base 36, padded with zeros or cut to its last `digits` digits. */
function base36(value: number, digits: number): string {
  return (value % 36 ** digits).toString(36).padStart(digits, '0')
}
