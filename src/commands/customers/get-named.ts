import type { Client } from '../../api/client.ts'
import type { Customer } from '../../api/customer.ts'
import { getCustomer } from '../../api/customers.ts'
import { lookUp } from '../../bulk/deletion.ts'
import { createThrottle, mapInOrder } from '../../bulk/pool.ts'
import type { Context } from '../../context.ts'
import { CliError } from '../../errors.ts'
import { inMemory } from '../../files/input.ts'
import { notFoundHint } from '../../hints.ts'
import { many, one } from '../../output/result.ts'
import { visible } from '../../visible.ts'
import { customersWith, type Emails } from './existing.ts'
import { namesIn, needMany, type Resolved, resolve } from './named.ts'

/** Prints the customers that arguments or standard input name (docs/contract.md#ids). */
export async function getNamed(context: Context, words: readonly string[]): Promise<void> {
  if (words.includes('-')) await context.askOnTerminal()
  const names = await namesIn(context, words, () => inMemory(context.world.stdin, context.signal))
  const throttle = createThrottle()
  const { client } = await context.session({ many: needMany(words), observe: throttle.observe })
  const lookup = (emails: Emails) => customersWith(context, client, emails)
  const resolved = await resolve(context, lookup, names, { verb: 'show', canAsk: context.canAsk })
  const [only] = resolved
  if (words.length === 1 && !words.includes('-') && resolved.length === 1) {
    if (only?.outcome === 'found') {
      const record = await getCustomer(client, only.id)
      if (only.reasonToKeep(record) === undefined) return context.print(one(record))
    }
    throw new CliError('not_found', `no customer has the e-mail ${visible(words[0] ?? '')}`, {
      hint: notFoundHint,
    })
  }
  const missing: string[] = []
  // One by one for a few arguments, so that an exhausted rate limit is noticed before the next request.
  const allowed = (): number => (words.includes('-') ? throttle.allowed : 1)
  const records = found(client, resolved, missing, allowed)
  // If a file has an id and an e-mail that are not one customer, nothing is printed.
  const isChecked = names.some(({ id, email }) => id !== undefined && email !== undefined)
  await context.print(many(isChecked ? await collect(records) : records))
  if (missing.length === 0) return
  const named = visible(missing.join(', '))
  if (missing.length === resolved.length)
    throw new CliError('not_found', `no customers with these ids or e-mails: ${named}`, {
      hint: notFoundHint,
    })
  throw new CliError('partial', `${missing.length} of ${resolved.length} were not found: ${named}`)
}

/** Yields the customers that exist, in order, and adds the ids and e-mails of the others to `missing`. */
async function* found(
  client: Client,
  wanted: readonly Resolved[],
  missing: string[],
  allowed: () => number,
): AsyncGenerator<Customer> {
  const fetch = async (one: Resolved): Promise<Customer | string | undefined> => {
    if (one.outcome === 'notChosen') return undefined
    if (one.outcome === 'notFound') return one.email
    const now = await lookUp(client, one.id)
    if (now.state === 'unknown') throw now.error
    const record = now.state === 'there' ? now.customer : undefined
    one.check(record)
    return record === undefined || one.reasonToKeep(record) !== undefined ? one.id : record
  }
  for await (const record of mapInOrder(wanted, fetch, allowed)) {
    if (typeof record === 'string') missing.push(record)
    else if (record !== undefined) yield record
  }
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}
