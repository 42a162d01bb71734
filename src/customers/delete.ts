import type { Client } from '../api/client.ts'
import type { Customer } from '../api/customer.ts'
import { deleteCustomer, getCustomer } from '../api/customers.ts'
import { ApiError } from '../api/errors.ts'
import type { ErrorCode } from '../errors.ts'

/** How the deletion of one customer ended. */
export type Deletion =
  | { readonly outcome: 'deleted' }
  | { readonly outcome: 'notFound' }
  | { readonly outcome: 'failed'; readonly code: ErrorCode; readonly message: string }
  /** The request did not leave. */
  | { readonly outcome: 'notSent' }

/**
 * Deletes one customer and says how it ended, whatever happens: never throws. A 404 after an attempt that got no
 * answer counts as deleted; where an answer was lost a GET settles it, and where that fails too the outcome is
 * `ambiguous` (docs/contract.md#what-became-of-it).
 *
 * @returns `stop` is set where the next deletion would fail likewise: the key was refused, or an interruption; `open`
 * where a request without an answer may still be carried out, although the record is there
 */
export async function deleteOne(
  client: Client,
  id: string,
): Promise<{ readonly deletion: Deletion; readonly stop?: unknown; readonly open?: boolean }> {
  try {
    await deleteCustomer(client, id)
    return { deletion: { outcome: 'deleted' } }
  } catch (error) {
    // Not an answer but an interruption: the client finishes what has left, so this had not.
    if (!(error instanceof ApiError)) return { deletion: { outcome: 'notSent' }, stop: error }
    const stop = error.code === 'auth' ? error : undefined
    if (error.code === 'not_found')
      return { deletion: { outcome: error.unanswered ? 'deleted' : 'notFound' } }
    if (!error.unanswered) return { deletion: failed(error), stop }
    const deletion = await settle(client, id, error)
    return { deletion, stop, open: deletion.outcome === 'failed' }
  }
}

/** What became of a DELETE whose answer was lost: a GET tells. */
async function settle(client: Client, id: string, lost: ApiError): Promise<Deletion> {
  const found = await lookUp(client, id).catch(() => undefined)
  if (found?.state === 'gone') return { outcome: 'deleted' }
  if (found?.state === 'there') return failed(lost)
  return {
    outcome: 'failed',
    code: 'ambiguous',
    message: `${lost.message}; whether it was deleted is unknown`,
  }
}

/** A customer as it is now: there, gone, or not to be found out. */
export type LookUp =
  | { readonly state: 'there'; readonly customer: Customer }
  | { readonly state: 'gone' }
  | { readonly state: 'unknown'; readonly error: ApiError }

/** Fetches a customer, with a 404 and a failure as values. Throws `auth` and the reason of an interruption. */
export async function lookUp(client: Client, id: string): Promise<LookUp> {
  try {
    return { state: 'there', customer: await getCustomer(client, id) }
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'auth') throw error
    if (error.code === 'not_found') return { state: 'gone' }
    return { state: 'unknown', error }
  }
}

function failed(error: ApiError): Deletion {
  return { outcome: 'failed', code: error.code, message: error.message }
}
