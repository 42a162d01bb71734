import { shellWord } from '../shell-word.ts'
import { visible } from '../visible.ts'
import type { Client } from './client.ts'
import type { Customer } from './customer.ts'
import { readCustomer, readDeleted } from './envelope.ts'
import { ApiError } from './errors.ts'
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
 * `GET /customers/{customerId}` (API facts, "Endpoints").
 * @throws ApiError `not_found` when there is none; `api_error` when the answer is about another id
 */
export async function getCustomer(client: Client, id: string, options: CallOptions = {}): Promise<Customer> {
  const { signal } = options
  const answer = await client.request({ method: 'GET', path: pathOf(id), item: `customer ${id}`, signal })
  const customer = readCustomer(answer)
  if (customer.id !== id)
    throw unexpected(answer, `customer ${visible(customer.id)}, which was not asked for`)
  return customer
}

/**
 * `POST /customers/create`. Sent again only when it certainly was not carried
 * out (contract, "Requests").
 * @throws ApiError `ambiguous` when the customer may have been created; any other code: not created
 */
export async function createCustomer(
  client: Client,
  input: NewCustomer,
  options: CallOptions = {},
): Promise<Customer> {
  const { firstname, lastname, email } = input
  const answer = await client.request({
    method: 'POST',
    path: '/customers/create',
    body: { firstname, lastname, email },
    check: `orafi customers find ${shellWord(visible(email))}`,
    signal: options.signal,
  })
  return readCustomer(answer)
}

/**
 * `DELETE /customers/{customerId}`: irreversible. Resolves when it is deleted.
 * @throws ApiError `not_found`, with `unanswered` true if an earlier attempt may have deleted it; any
 * other code with `unanswered` true: it may have been deleted, a GET tells
 */
export async function deleteCustomer(client: Client, id: string, options: CallOptions = {}): Promise<void> {
  const { signal } = options
  readDeleted(await client.request({ method: 'DELETE', path: pathOf(id), item: `customer ${id}`, signal }))
}

/** The path of one customer. Commands refuse these ids first; a wrong path must never be sent all the same. */
function pathOf(id: string): string {
  if (id === '' || id === '.' || id === '..') throw new TypeError(`"${id}" is not an id of a customer`)
  try {
    return `/customers/${encodeURIComponent(id)}`
  } catch {
    throw new ApiError('api_error', `customer ${visible(id)}: half a character in the id cannot be sent`)
  }
}
