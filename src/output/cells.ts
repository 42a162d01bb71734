import { type Customer, documentedFields } from '../api/customer.ts'
import { fieldOf, presented } from '../customers/fields.ts'
import { ExactNumber, stringifyExact } from '../exact.ts'

/**
 * The text of a cell for any value that the API may send: empty if it is missing, arrays joined by `,` (`mode`),
 * numbers by value, anything else as JSON.
 */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map(textOf).join(',')
  return typeof value === 'object' && !(value instanceof ExactNumber) ? stringifyExact(value) : String(value)
}

/** `mode` for display: LIVE in capitals, since live customers move real funds. */
export function modeTextOf(value: unknown): string {
  return textOf(value).replace(/(?<=^|,)live(?=,|$)/g, 'LIVE')
}

/** A customer as a row of cells: the given fields, or all documented ones. */
export function rowOf(customer: Customer, fields: readonly string[] = documentedFields): string[] {
  return fields.map((field) => textOf(fieldOf(customer, field)))
}

/**
 * A customer for JSON: all fields, or only the given ones. A missing field is null, so that every record has the same
 * keys.
 */
export function picked(customer: Customer, fields: readonly string[] | undefined): unknown {
  if (fields === undefined) return presented(customer)
  return Object.fromEntries(fields.map((field) => [field, fieldOf(customer, field)]))
}
