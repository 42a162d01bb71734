import type { Mode } from './customer.ts'
import { base36 } from './ids.ts'
import { mix } from './random.ts'

/** Where a transaction stands: the customer's place, and which one it is there; 0 is for the business's payouts. */
export interface TransactionPlace {
  readonly place: number
  readonly nth: number
}

const idForm = /^c[0-9a-z]{24}$/

/** The most transactions that one customer has in one mode. */
const most = 36 ** 2 / 2

/**
 * Like a customer's id: 8 letters and digits for the time, 6 for the place, 2
 * for which one and in which mode, 8 that check the rest. So a cursor says where
 * to go on whatever has become of its customer.
 */
export function makeTransactionId(
  seed: number,
  mode: Mode,
  { place, nth }: TransactionPlace,
  time: number,
): string {
  const which = (nth % most) * 2 + (mode === 'live' ? 1 : 0)
  const check = mix(mix(seed ^ 0x7a15, place), mix(which, time % 36 ** 8))
  return `c${base36(time, 8)}${base36(place, 6)}${base36(which, 2)}${base36(check, 4)}${base36(mix(check, time), 4)}`
}

/** Where an id says it stands, or undefined when this sandbox cannot have made it for this mode. */
export function transactionPlaceOf(seed: number, mode: Mode, id: string): TransactionPlace | undefined {
  if (!idForm.test(id)) return undefined
  const place = Number.parseInt(id.slice(9, 15), 36)
  const nth = Math.floor(Number.parseInt(id.slice(15, 17), 36) / 2)
  const time = Number.parseInt(id.slice(1, 9), 36)
  return makeTransactionId(seed, mode, { place, nth }, time) === id ? { place, nth } : undefined
}
