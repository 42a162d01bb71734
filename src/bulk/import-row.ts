import { hash } from 'node:crypto'
import { sameEmail } from '../customers/email.ts'
import type { NewCustomer } from '../customers/new-customer.ts'
import type { Row } from '../files/rows.ts'

/** A checked row of an import, ready to be sent. */
export interface ImportRow {
  /** How the journal calls it: `r0` is the first data row. */
  readonly item: string
  readonly customer: NewCustomer
  /** The address that decides whether the person is there already. */
  readonly email: string
  /** Tells the row again in another run, whatever its number there (docs/contract.md#runs). */
  readonly hash: string
  /** The row as it was read, for `--rejects`. */
  readonly row: Row
}

/** The row, as the import works with it. */
export function importRow(row: Row): ImportRow {
  const { customer } = row
  return { item: `r${row.index}`, customer, email: sameEmail(customer.email), hash: rowHash(customer), row }
}

/** SHA-256 of what would be sent, as hex. */
function rowHash({ firstname, lastname, email }: NewCustomer): string {
  return hash('sha256', JSON.stringify([firstname, lastname, email]))
}
