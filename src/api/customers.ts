import { shellWord } from '../shell-word.ts'
import { visible } from '../visible.ts'
import type { Client } from './client.ts'
import type { Customer } from './customer.ts'
import { readCustomer, readDeleted } from './envelope.ts'
import { quote } from './errors.ts'
import { unexpected } from './failures.ts'

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

/** What a create takes: all three are required. */
export interface NewCustomer {
  readonly firstname: string
  readonly lastname: string
  readonly email: string
}

/**
 * `GET /customers/{customerId}` (docs/orafi-api.md#endpoints).
 * @throws ApiError `not_found` when there is none; `api_error` when the answer is about another id
 */
export function getCustomer(client: Client, id: string, { signal }: CallOptions = {}): Promise<Customer> {
  return client.request(
    { method: 'GET', path: ['customers', id], item: `customer ${id}`, signal },
    (answer) => {
      const customer = readCustomer(answer)
      if (customer.id === id) return customer
      throw unexpected(answer, `customer ${quote(customer.id)}, which was not asked for`)
    },
  )
}

/**
 * `POST /customers/create`. Sent again only when it certainly was not carried out (docs/contract.md#retries).
 * @throws ApiError `ambiguous` when the customer may have been created; any other code: not created
 */
export function createCustomer(
  client: Client,
  input: NewCustomer,
  { signal }: CallOptions = {},
): Promise<Customer> {
  const { firstname, lastname, email } = input
  const body = { firstname, lastname, email }
  const check = `orafi customers find ${shellWord(visible(email))}`
  return client.request({ method: 'POST', path: ['customers', 'create'], body, check, signal }, readCustomer)
}

/**
 * `DELETE /customers/{customerId}`: irreversible. Resolves when it is deleted.
 * @throws ApiError `not_found`, with `unanswered` true if an earlier attempt may have deleted it; any
 * other code with `unanswered` true: it may have been deleted, a GET tells
 */
export function deleteCustomer(client: Client, id: string, { signal }: CallOptions = {}): Promise<void> {
  return client.request(
    { method: 'DELETE', path: ['customers', id], item: `customer ${id}`, signal },
    readDeleted,
  )
}
