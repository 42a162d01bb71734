import { hash } from 'node:crypto'
import type { Customer } from '../api/customer.ts'
import { ExactNumber } from '../exact.ts'

/** What a fingerprint is made of: what every answer brings. A create's has no dates (docs/orafi-api.md#customer). */
export const fingerprintFields = ['id', 'firstname', 'lastname', 'email', 'mode', 'totalSpent'] as const

/**
 * What a customer was, as a hash: SHA-256 (hex) of these six fields in
 * canonical JSON (docs/contract.md#runs). Journals and plans keep it to see later
 * whether a record has changed, so it is part of their lasting formats.
 *
 * Fields in their documented order; the keys of objects sorted; numbers by
 * value (`1.0` is `1`, whatever its digits); texts exactly as they came. A
 * missing field differs from null. Other fields do not count.
 */
export function fingerprintOf(customer: Customer): string {
  const fields = fingerprintFields
    .filter((field) => customer[field] !== undefined)
    .map((field) => `${JSON.stringify(field)}:${canonical(customer[field])}`)
  return hash('sha256', `{${fields.join(',')}}`)
}

/**
 * The same of an answer that brings all six fields; undefined of any other. What is missing there is not known, and a
 * later answer that has it would look like a change.
 */
export function fingerprintIfWhole(customer: Customer): string | undefined {
  const isWhole = fingerprintFields.every((field) => customer[field] !== undefined)
  return isWhole ? fingerprintOf(customer) : undefined
}

/** Whether two values of a field count as the same in a fingerprint. */
export function isSameValue(one: unknown, other: unknown): boolean {
  if (one === undefined || other === undefined) return one === other
  return canonical(one) === canonical(other)
}

function canonical(value: unknown): string {
  if (value instanceof ExactNumber) return canonicalNumber(value.digits)
  // What a new customer has spent: thousands a second are fingerprinted while they are imported.
  if (value === 0) return '0'
  if (typeof value === 'number') return canonicalNumber(String(value))
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, held]) => held !== undefined)
  // By code units: the same on every machine, whatever its language.
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, held]) => `${JSON.stringify(key)}:${canonical(held)}`).join(',')}}`
}

/**
 * One spelling for each value: the digits without zeros at either end, and the
 * power of ten of the last one (`1250` is `125e1`, `0.5` is `5e-1`), so that it
 * does not matter whether the digits fitted into a double.
 */
function canonicalNumber(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const kept = digits.replace(/0+$/, '')
  if (kept === '') return '0'
  const power = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - kept.length)
  return `${sign}${kept}e${power}`
}
