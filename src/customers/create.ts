import type { Client } from '../api/client.ts'
import type { Customer } from '../api/customer.ts'
import { createCustomer } from '../api/customers.ts'
import { ApiError } from '../api/errors.ts'
import { shellWord } from '../shell-word.ts'
import type { NewCustomer } from './new-customer.ts'

/**
 * Creates one customer. Throws ApiError; where the outcome is unknown its hint says how to find out, since sending it
 * again might make a second record (docs/contract.md#retries).
 */
export async function createOne(client: Client, customer: NewCustomer): Promise<Customer> {
  try {
    return await createCustomer(client, customer)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const find = `orafi customers find ${shellWord(customer.email)} --by email`
    if (error.code === 'ambiguous') throw withHint(error, `do not send it again before you looked: ${find}`)
    if (error.status === 409) throw withHint(error, `see who has this e-mail: ${find}`)
    throw error
  }
}

function withHint(error: ApiError, hint: string): ApiError {
  const { code, message, status, unanswered, retryAt } = error
  return new ApiError(code, message, { status, unanswered, retryAt, hint, cause: error })
}
