import { hash } from 'node:crypto'
import type { Customer } from '../api/customer.ts'
import { ExactNumber } from '../exact.ts'

/** The fields of a fingerprint: those in every response. The response to a create has no dates (docs/orafi-api.md#customer). */
export const fingerprintFields = ['id', 'firstname', 'lastname', 'email', 'mode', 'totalSpent'] as const

/**
 * SHA-256 (hex) of these six fields in canonical JSON (docs/contract.md#fingerprints). Journals and plans store it to
 * detect changes, so it is part of their file formats.
 *
 * Fields are in documented order, object keys sorted, numbers compared by value (`1.0` equals `1`), and strings
 * unchanged. A missing field differs from null. Other fields are ignored.
 */
export function fingerprintOf(customer: Customer): string {
  const fields = fingerprintFields
    .filter((field) => customer[field] !== undefined)
    .map((field) => `${JSON.stringify(field)}:${canonical(customer[field])}`)
  return hash('sha256', `{${fields.join(',')}}`)
}

/**
 * The fingerprint of a response with all six fields; undefined if one is missing, since a later response that has it
 * would look like a change.
 */
export function fingerprintIfComplete(customer: Customer): string | undefined {
  const isWhole = fingerprintFields.every((field) => customer[field] !== undefined)
  return isWhole ? fingerprintOf(customer) : undefined
}

/** Whether two values of a field are equal in a fingerprint. */
export function isSameValue(one: unknown, other: unknown): boolean {
  if (one === undefined || other === undefined) return one === other
  return canonical(one) === canonical(other)
}

function canonical(value: unknown): string {
  if (value instanceof ExactNumber) return canonicalNumber(value.digits)
  // Fast path for the totalSpent of new customers, since an import fingerprints thousands per second.
  if (value === 0) return '0'
  if (typeof value === 'number') return canonicalNumber(String(value))
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, held]) => held !== undefined)
  // By code units, independent of the locale.
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, held]) => `${JSON.stringify(key)}:${canonical(held)}`).join(',')}}`
}

/**
 * One spelling for each value: the digits without leading and trailing zeros, and a power of ten (`1250` is `125e1`,
 * `0.5` is `5e-1`). Works on text, so that numbers that do not fit a double stay exact.
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
