import type { Client } from '../../api/client.ts'
import type { Customer } from '../../api/customer.ts'
import { ApiError } from '../../api/errors.ts'
import type { Context } from '../../context.ts'
import { count } from '../../count.ts'
import { listCustomers } from '../../customers/listing.ts'
import { sameEmail } from '../../email.ts'
import { CliError } from '../../errors.ts'
import { many } from '../../output/result.ts'
import type { Session } from '../../session.ts'
import { shellWord } from '../../shell-word.ts'
import { visible } from '../../visible.ts'
import { noteRepeated } from './filters.ts'

/** How long a person on a terminal waits for the answer (ms). */
const patienceMs = 5_000

/** Who has an e-mail, as far as the account was read. */
interface Scan {
  readonly matches: readonly Customer[]
  /** How many customers were read. */
  readonly scanned: number
  readonly complete: boolean
  /** Why the account could not be read further, if it is not that time was up. */
  readonly failure?: ApiError | undefined
}

/** E-mails as `sameEmail` returns them. */
export interface Emails {
  has(email: string): boolean
}

/**
 * All customers with one of these e-mails, in one scan. Throws the errors of the listing: a scan that did not reach the
 * end proves nothing.
 */
export async function customersWith(
  context: Context,
  client: Client,
  emails: Emails,
): Promise<readonly Customer[]> {
  const listing = listingOf(context, client, emails)
  const matches: Customer[] = []
  for await (const customer of listing.records) matches.push(customer)
  context.status(undefined)
  await noteRepeated(context, listing.repeated())
  return matches
}

/**
 * Looks for the e-mail for at most five seconds, says how much of the account was read, and asks whether to create the
 * customer anyway if it exists or could not be checked. Throws `declined` if not.
 */
export async function confirmNew(context: Context, session: Session, email: string): Promise<void> {
  const { matches, scanned, complete, failure } = await scanBriefly(context, session.client, email)
  const covered = `checked ${count(scanned, 'customer')}, ${complete ? 'all of them' : 'not all'}`
  if (matches.length === 0 && failure === undefined) {
    return context.note(`No customer with this e-mail was found: ${covered}.`)
  }
  const ids = visible(matches.map(({ id }) => id).join(', '))
  const exists = `${ids} ${matches.length === 1 ? 'has' : 'have'} this e-mail`
  if (matches.length > 0) {
    await context.warn(`This e-mail exists already (${covered}):`)
    await context.show(many(matches))
  } else {
    await context.warn(`warning: cannot check whether the e-mail exists: ${failure?.message} (${covered})`)
  }
  const question = matches.length > 0 ? exists : 'the e-mail was not checked'
  const prompts = await context.prompts('nothing was created')
  await prompts.confirm(`${await session.named()} · ${question}; create anyway?`)
}

/** The error for an e-mail that exists. */
export function existsError(email: string, matches: readonly Customer[], more = ''): CliError {
  const ids = matches.map(({ id }) => id)
  const who = ids.length === 1 ? 'a customer' : count(ids.length, 'customer')
  const message = `${who} with the e-mail ${visible(email)} ${ids.length === 1 ? 'exists' : 'exist'}: ${visible(ids.join(', '))}`
  const hint = `nothing was created; see who has it: orafi customers find ${shellWord(email)} --by email`
  return new CliError('exists', `${message}${more}`, { ids, hint })
}

function listingOf(
  context: Context,
  client: Client,
  emails: Emails,
  more: { signal?: AbortSignal; onScanned?: (scanned: number) => void } = {},
) {
  const show = context.counting('reading the account')
  return listCustomers(client, {
    query: {},
    limit: Number.POSITIVE_INFINITY,
    accepts: (customer) => typeof customer.email === 'string' && emails.has(sameEmail(customer.email)),
    signal: more.signal,
    onScanned(scanned) {
      show(scanned)
      more.onScanned?.(scanned)
    },
  })
}

/** Reads until the first page with a match, and at most for five seconds. */
async function scanBriefly(context: Context, client: Client, email: string): Promise<Scan> {
  const { now, timer } = context.world
  const emails = new Set([sameEmail(email)])
  const limit = new AbortController()
  const until = now() + patienceMs
  const stopTimer = timer(patienceMs, () => limit.abort(new Error('time is up')))
  let scanned = 0
  const onScanned = (count: number): void => {
    scanned = count
  }
  try {
    const { pages } = listingOf(context, client, emails, { signal: limit.signal, onScanned })
    for await (const { customers: matches, ending } of pages) {
      const complete = !ending.hasNextPage
      if (complete || matches.length > 0 || now() >= until) return { matches, scanned, complete }
    }
    return { matches: [], scanned, complete: true }
  } catch (error) {
    context.signal.throwIfAborted()
    if (limit.signal.aborted) return { matches: [], scanned, complete: false }
    // A key that is not accepted cannot create anybody either.
    if (!(error instanceof ApiError) || error.code === 'auth') throw error
    return { matches: [], scanned, complete: false, failure: error }
  } finally {
    stopTimer()
    context.status(undefined)
  }
}
