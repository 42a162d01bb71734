import { type Customer, documentedFields } from '../api/customer.ts'
import { fieldOf, presented } from '../customers/fields.ts'
import { ExactNumber, stringifyExact } from '../exact.ts'

/**
 * A value as the text of a cell, whatever the API sent: nothing for what is missing, lists joined by `,`
 * (`mode`), numbers by value, anything else as JSON.
 */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map(textOf).join(',')
  return typeof value === 'object' && !(value instanceof ExactNumber) ? stringifyExact(value) : String(value)
}

/** `mode` as people see it: LIVE stands out, since that money is real. */
export function modeTextOf(value: unknown): string {
  return textOf(value).replace(/(?<=^|,)live(?=,|$)/g, 'LIVE')
}

/** A customer as a row of cells: the fields asked for, or the eight documented ones in their order. */
export function rowOf(customer: Customer, fields: readonly string[] = documentedFields): string[] {
  return fields.map((field) => textOf(fieldOf(customer, field)))
}

/**
 * What JSON shows of a customer: the documented fields and everything else that came, or only the fields asked for.
 * One that the customer lacks is null, so that every record has the same keys.
 */
export function picked(customer: Customer, fields: readonly string[] | undefined): unknown {
  if (fields === undefined) return presented(customer)
  return Object.fromEntries(fields.map((field) => [field, fieldOf(customer, field)]))
}
