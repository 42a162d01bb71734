import type { Customer } from '../api/customer.ts'
import { createdAtOf } from './dates.ts'

/**
 * A field's value to print: null if it is missing, and `createdAt` as `createdAtOf` finds it
 * (docs/contract.md#streams-and-formats).
 */
export function fieldOf(customer: Customer, field: string): unknown {
  return field === 'createdAt' ? createdAtOf(customer) : (customer[field] ?? null)
}

/** A customer as printed in JSON: the documented fields in order, then all other fields, unchanged. */
export function presented(customer: Customer): Record<string, unknown> {
  const { id, firstname, lastname, email, mode, totalSpent, createdAt: _, updatedAt, ...others } = customer
  return {
    id,
    firstname: firstname ?? null,
    lastname: lastname ?? null,
    email: email ?? null,
    mode: mode ?? null,
    totalSpent: totalSpent ?? null,
    createdAt: createdAtOf(customer),
    updatedAt: updatedAt ?? null,
    ...others,
  }
}
