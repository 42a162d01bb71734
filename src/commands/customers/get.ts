import type { Command } from '@commander-js/extra-typings'
import { getCustomer } from '../../api/customers.ts'
import type { Context, Run } from '../../context.ts'
import { checkId } from '../../customers/validation.ts'
import { one } from '../../output/result.ts'
import { guide, requestExits } from '../../reference/guide.ts'
import { delimiterOption } from '../options.ts'

/** `orafi customers get ID…` */
export function define(command: Command, run: Run): void {
  command
    .description('Show customers by id or e-mail.')
    .argument('<id...>', 'ids or e-mails of customers, or - for stdin')
    .addOption(delimiterOption())
    .action(run(get, 'customers'))
  guide(command, {
    exits: [
      ...requestExits,
      [2, 'also if several customers have the same e-mail and there is no terminal to choose on'],
      [3, 'none of the customers exist'],
      [6, 'some of the customers do not exist; the others are printed'],
      7,
    ],
    json: 'the customer; for several ids, or for -, an array of the customers that were found',
    notes: 'The API has no search, so looking up e-mails reads all customers once.',
    examples: [
      'orafi customers get cmjr4c7qq0000v8hozkzz4em5',
      'orafi customers get mekus@orafi.app',
      'orafi customers get cmjr4c7qq0000v8hozkzz4em5 cmktd9dva000047sr8nh7i8ow --json | jq length',
    ],
  })
}

async function get(context: Context, words: readonly string[]): Promise<void> {
  const [only] = words
  if (words.length === 1 && only !== undefined && only !== '-' && !only.includes('@')) {
    checkId(only)
    const { client } = await context.session()
    return context.print(one(await getCustomer(client, only)))
  }
  // Loaded only here: it takes longer than getting one customer.
  const { getNamed } = await import('./get-named.ts')
  return getNamed(context, words)
}
