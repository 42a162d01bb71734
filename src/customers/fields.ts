import type { Customer } from '../api/customer.ts'
import { createdAtOf } from './dates.ts'

/**
 * A field as it is printed, whatever the API sent: the creation date from where it is, null for what is
 * missing (docs/contract.md#streams-and-formats).
 */
export function fieldOf(customer: Customer, field: string): unknown {
  return field === 'createdAt' ? createdAtOf(customer) : (customer[field] ?? null)
}

/** A customer as JSON prints it: the documented fields in their order, then every other one that the API sent, by value. */
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
