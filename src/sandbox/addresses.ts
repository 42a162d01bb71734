import { modesOf, type StoredCustomer } from './customer.ts'
import type { Records } from './records.ts'

/** Which e-mail addresses are taken in which mode. Only a sandbox that refuses repeats keeps it: it takes memory. */
export interface Addresses {
  /** Is the address, capitals aside, that of a record which a key of one of these modes sees? */
  taken(email: string, modes: number): boolean
  change(before: StoredCustomer | undefined, after: StoredCustomer | undefined): void
}

export function createAddresses(records: Records): Addresses {
  const counts = new Map<string, number>()

  function count(customer: StoredCustomer, step: number): void {
    for (const key of keysOf(customer.email, customer.modes)) {
      const counted = (counts.get(key) ?? 0) + step
      if (counted > 0) counts.set(key, counted)
      else counts.delete(key)
    }
  }

  for (let place = 0; place < records.next; place++) {
    const customer = records.at(place)
    if (customer) count(customer, 1)
  }
  return {
    taken: (email, modes) => keysOf(email, modes).some((key) => counts.has(key)),
    change(before, after) {
      if (before) count(before, -1)
      if (after) count(after, 1)
    },
  }
}

function keysOf(email: string, modes: number): string[] {
  return modesOf(modes).map((mode) => `${mode} ${email.toLowerCase()}`)
}
