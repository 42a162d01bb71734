import type { Client } from '../api/client.ts'
import type { Customer } from '../api/customer.ts'
import { sameEmail } from '../customers/email.ts'
import { listCustomers } from '../customers/listing.ts'

/** Told after every page how many records were looked at so far. */
export type OnScanned = (scanned: number) => void

/**
 * Reads the whole account, without filters, and hands every customer's e-mail to `visit`: the account is the truth
 * about who is there. Resolves with how many ids came twice. Throws what the listing throws: an account that was read
 * in part says nothing about who is missing.
 */
export async function readAccount(
  client: Client,
  visit: (email: string, customer: Customer) => void,
  onScanned?: OnScanned,
): Promise<number> {
  const listing = listCustomers(client, { query: {}, limit: Number.POSITIVE_INFINITY, onScanned })
  for await (const customer of listing.records) {
    if (typeof customer.email === 'string') visit(sameEmail(customer.email), customer)
  }
  return listing.repeated()
}

/** The customers that have one of these e-mails. */
export async function findByEmail(
  client: Client,
  wanted: ReadonlySet<string>,
  onScanned?: OnScanned,
): Promise<Map<string, Customer[]>> {
  const found = new Map<string, Customer[]>()
  await readAccount(
    client,
    (email, customer) => {
      if (wanted.has(email)) found.set(email, [...(found.get(email) ?? []), customer])
    },
    onScanned,
  )
  return found
}
