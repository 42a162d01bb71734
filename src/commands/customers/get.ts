import type { Command } from '@commander-js/extra-typings'
import { getCustomer } from '../../api/customers.ts'
import type { Context, Run } from '../../context.ts'
import { checkId } from '../../customers/validation.ts'
import { one } from '../../output/result.ts'
import { delimiterOption } from '../options.ts'

/** `orafi customers get ID…` */
export function define(command: Command, run: Run): void {
  command
    .argument('<id...>', 'ids or e-mails of customers, or - for stdin')
    .addOption(delimiterOption())
    .action(run(get, 'customers'))
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
