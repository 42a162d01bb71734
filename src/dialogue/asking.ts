import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'

/**
 * Where a question would come and nobody can be asked, `--yes` has to be given, or nothing is done (contract, "Nobody
 * is asked"). `what` is what has to be confirmed. Throws `usage`.
 */
export function checkAskable(
  context: Context,
  { yes }: { readonly yes?: true | undefined },
  what: string,
  more = '',
): void {
  if (yes || context.canAsk) return
  throw new CliError('usage', `${what} has to be confirmed, and there is nobody to ask`, {
    hint: `run it on a terminal, or say --yes${more}`,
  })
}
