import type { Client } from '../api/client.ts'
import type { Customer } from '../api/customer.ts'
import { createCustomer } from '../api/customers.ts'
import { ApiError } from '../api/errors.ts'
import { fingerprintIfWhole } from '../customers/fingerprint.ts'
import type { Outcome } from '../journal/records.ts'
import type { ImportRow } from './import-row.ts'
import { createOutage } from './outage.ts'

/** How a row ended, or that it did not yet. */
export type RowEnd = 'created' | 'skipped' | 'rejected' | 'aside' | 'again' | 'notSent'

export interface SenderOptions {
  readonly client: Client
  /** Appends outcomes to the run. */
  readonly conclude: (outcomes: readonly Outcome[]) => Promise<void>
  readonly onEnd: (row: ImportRow, end: RowEnd, reason?: string) => void
  /** Nothing is sent any more once this is aborted; what is under way is finished. */
  readonly signal: AbortSignal
  readonly now: () => number
}

/** A request whose outcome nobody knows. */
export interface Aside {
  readonly row: ImportRow
  /** When it was given up, in epoch ms. */
  readonly at: number
}

export interface Sender {
  /** Sends one row. Throws only what the journal throws. */
  send(row: ImportRow): Promise<void>
  readonly aside: Aside[]
  /** Rows that certainly did not arrive, because the API was not available: to be sent again. */
  readonly again: ImportRow[]
  /** Why nothing more is to be sent. */
  readonly stopped: unknown
}

/**
 * Sends rows of an import and journals what became of them (docs/contract.md#each-row-once): a row whose outcome is
 * unknown is set aside and never sent again here; one that certainly did not arrive is kept for another try; what the
 * API refuses is rejected, but for a 409, which says that the person is there.
 */
export function createSender({ client, conclude, onEnd, signal, now }: SenderOptions): Sender {
  const aside: Aside[] = []
  const again: ImportRow[] = []
  const outage = createOutage('nothing is lost: run the same import again when the API is back')
  let stopped: unknown

  async function end(row: ImportRow, as: RowEnd, outcome: Omit<Outcome, 'item' | 'at'>): Promise<void> {
    // Before the journal is told: if that fails, the summary still says what was done.
    onEnd(row, as, outcome.message)
    await conclude([{ item: row.item, at: now(), ...outcome }])
  }

  async function created(row: ImportRow, customer: Customer): Promise<void> {
    outage.answered()
    await end(row, 'created', {
      outcome: 'created',
      id: customer.id,
      fingerprint: fingerprintIfWhole(customer),
    })
  }

  async function failed(row: ImportRow, error: ApiError): Promise<void> {
    if (error.code === 'ambiguous') {
      stopped ??= outage.noAnswer(error)
      aside.push({ row, at: now() })
      onEnd(row, 'aside')
    } else if (error.code === 'unavailable') {
      stopped ??= outage.noAnswer(error)
      again.push(row)
      // Until it is intended again, nothing of it is under way.
      await end(row, 'again', { outcome: 'notSent' })
    } else if (error.code === 'auth') {
      stopped ??= error
      await notSent(row)
    } else {
      outage.answered()
      if (error.status === 409) await end(row, 'skipped', { outcome: 'skipped' })
      else await end(row, 'rejected', { outcome: 'rejected', code: error.code, message: error.message })
    }
  }

  async function notSent(row: ImportRow): Promise<void> {
    await end(row, 'notSent', { outcome: 'notSent' })
  }

  return {
    async send(row) {
      if (stopped !== undefined || signal.aborted) return notSent(row)
      try {
        await created(row, await createCustomer(client, row.customer))
      } catch (error) {
        if (error instanceof ApiError) return failed(row, error)
        // Interrupted while it waited for the rate limit: it did not leave.
        if (signal.aborted && error === signal.reason) return notSent(row)
        throw error
      }
    },
    aside,
    again,
    get stopped() {
      return stopped ?? (signal.aborted ? signal.reason : undefined)
    },
  }
}
