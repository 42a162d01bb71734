import type { Command } from '@commander-js/extra-typings'
import type { Client } from '../../api/client.ts'
import type { Customer } from '../../api/customer.ts'
import { getCustomer } from '../../api/customers.ts'
import { ApiError } from '../../api/errors.ts'
import type { Context, Run } from '../../context.ts'
import { checkId } from '../../customers/validation.ts'
import { CliError } from '../../errors.ts'
import { notFoundHint } from '../../hints.ts'
import { many, one } from '../../output/result.ts'
import { guide, requestExits } from '../../reference/guide.ts'
import { visible } from '../../visible.ts'
import { delimiterOption } from '../options.ts'

/** `orafi customers get ID…` */
export function define(command: Command, run: Run): void {
  command
    .description('Show customers by id.')
    .argument('<id...>', 'ids of customers')
    .addOption(delimiterOption())
    .action(run(get, 'customers'))
  guide(command, {
    exits: [
      ...requestExits,
      [3, 'none of the customers exist'],
      [6, 'some of the customers do not exist; the others are printed'],
    ],
    json: 'the customer; for several ids, an array of those that were found',
    examples: [
      'orafi customers get cmjr4c7qq0000v8hozkzz4em5',
      'orafi customers get cmjr4c7qq0000v8hozkzz4em5 cmktd9dva000047sr8nh7i8ow --json | jq length',
    ],
  })
}

async function get(context: Context, ids: readonly string[]): Promise<void> {
  for (const id of ids) checkId(id)
  const { client } = await context.session()
  const [only] = ids
  if (ids.length === 1 && only !== undefined) return context.print(one(await getCustomer(client, only)))
  const missing: string[] = []
  await context.print(many(found(client, ids, missing)))
  if (missing.length === 0) return
  const names = visible(missing.join(', '))
  if (missing.length === ids.length)
    throw new CliError('not_found', `no customers with these ids: ${names}`, { hint: notFoundHint })
  throw new CliError('partial', `${missing.length} of ${ids.length} were not found: ${names}`)
}

/** Yields the customers that exist, in the order of `ids`, and adds the ids of the others to `missing`. */
async function* found(client: Client, ids: readonly string[], missing: string[]): AsyncGenerator<Customer> {
  for (const id of ids) {
    try {
      yield await getCustomer(client, id)
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'not_found')) throw error
      missing.push(id)
    }
  }
}
