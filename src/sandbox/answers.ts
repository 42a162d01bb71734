import { linked, type SandboxCustomer, undated } from './customer.ts'
import type { RecordPage } from './records.ts'
import type { TransactionPage } from './transaction-pages.ts'

/** A status and a JSON body in the envelope (docs/orafi-api.md#envelope). */
export interface Answer {
  readonly status: number
  readonly body: string
}

/**
 * How a customer is answered: as Orafi's reference documents its answers, or as
 * its page on the customer object does (docs/orafi-api.md#customer).
 */
export type AnswerForm = 'documented' | 'object'

export function success(status: 200 | 201, message: string, data: unknown): Answer {
  return { status, body: JSON.stringify({ success: true, message, data }) }
}

export function failure(status: number, message: string): Answer {
  return { status, body: JSON.stringify({ success: false, message }) }
}

/** The answer to a list. */
export function customersPage({ customers, ...rest }: RecordPage, form: AnswerForm): Answer {
  const shown = customers.map((customer) => (form === 'object' ? customer : linked(customer)))
  return page('customers', shown, rest)
}

/** The answer to a look-up. */
export function customerFound(customer: SandboxCustomer, form: AnswerForm): Answer {
  const message = 'Customer fetched successfully'
  return success(200, message, form === 'object' ? customer : linked(customer))
}

/** The answer to a create: documented without any date. */
export function customerCreated(customer: SandboxCustomer, form: AnswerForm): Answer {
  const message = 'Customer created successfully'
  return form === 'object' ? success(201, message, customer) : success(200, message, undated(customer))
}

/** The answer to `GET /transactions`. */
export function transactionsPage({ transactions, ...rest }: TransactionPage): Answer {
  return page('transactions', transactions, rest)
}

function page(
  name: 'customers' | 'transactions',
  items: readonly unknown[],
  { nextCursor, hasNextPage }: Pick<RecordPage, 'nextCursor' | 'hasNextPage'>,
): Answer {
  const message = `${name === 'customers' ? 'Customers' : 'Transactions'} fetched successfully`
  return success(200, message, { [name]: items, count: items.length, nextCursor, hasNextPage })
}
