import type { Client } from '../api/client.ts'
import type { Customer } from '../api/customer.ts'
import { type LookUp, lookUp } from '../customers/delete.ts'
import { careOf, type Tally } from '../customers/guards.ts'
import { runPool } from './pool.ts'
import type { Throttle } from './throttle.ts'

/** What a deletion is about to do, as it is shown before anybody is asked. */
export interface Preview {
  /** The ids of the records that exist, in the order given. */
  readonly ids: readonly string[]
  readonly notFound: readonly string[]
  /** Records that exist and stay, whatever is answered. */
  readonly leftOut: readonly { readonly id: string; readonly reason: string }[]
  readonly tally: Tally
  /** The first records, and every one that needs care: what a person reads. */
  readonly shown: readonly Customer[]
}

export interface PreviewOptions {
  readonly client: Client
  readonly ids: readonly string[]
  /** Why a record must stay, before anybody is asked; none by default. */
  readonly refusal?: ((customer: Customer) => string | undefined | Promise<string | undefined>) | undefined
  readonly throttle: Throttle
  readonly signal: AbortSignal
  readonly onLooked?: ((count: number) => void) | undefined
}

/** How many records are shown although they need no care (contract, "customers"). */
const shownMost = 20

/**
 * Fetches every record that is to be deleted; keeps those that a person is shown, and counts the rest. Throws what
 * the API answers but a 404, and the reason of an interruption: nothing is deleted while something could not be
 * looked at.
 */
export async function previewDeletion(options: PreviewOptions): Promise<Preview> {
  const { client, ids, refusal, throttle, signal, onLooked } = options
  const gone = new Set<string>()
  const staying = new Map<string, string>()
  const kept = new Map<string, Customer>()
  let live = 0
  let spenders = 0
  let looked = 0

  const enter = async (place: number, id: string, result: LookUp): Promise<void> => {
    if (result.state === 'unknown') throw result.error
    if (result.state === 'gone') {
      gone.add(id)
      return
    }
    const reason = await refusal?.(result.customer)
    if (reason !== undefined) {
      staying.set(id, reason)
      return
    }
    const care = careOf(result.customer)
    if (care.live) live += 1
    if (care.spent) spenders += 1
    // Some of the first may turn out to be gone, so a few more than are shown are kept.
    if (place < shownMost * 2 || care.live || care.spent) kept.set(id, result.customer)
  }

  await runPool({
    items: ids.entries(),
    async work([place, id]) {
      await enter(place, id, await lookUp(client, id))
      looked += 1
      onLooked?.(looked)
    },
    allowed: () => throttle.allowed,
    isStopped: () => signal.aborted,
  })
  signal.throwIfAborted()
  const found = ids.filter((id) => !gone.has(id) && !staying.has(id))
  const shown = found.filter((id, place) => place < shownMost || needsCare(kept.get(id)))
  return {
    ids: found,
    notFound: ids.filter((id) => gone.has(id)),
    leftOut: Array.from(staying, ([id, reason]) => ({ id, reason })),
    tally: { records: found.length, live, spenders },
    shown: shown.flatMap((id) => kept.get(id) ?? []),
  }
}

function needsCare(customer: Customer | undefined): boolean {
  if (customer === undefined) return false
  const { live, spent } = careOf(customer)
  return live || spent
}
