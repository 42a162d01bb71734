import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import type { Session } from '../session.ts'

interface Options {
  readonly yes?: true | undefined
}

/** Throws `usage` if `what` needs confirmation, prompting is not possible, and `--yes` is not set (docs/contract.md#asking). */
export function checkConfirmable(context: Context, { yes }: Options, what: string, more = ''): void {
  if (yes || context.canAsk) return
  throw new CliError('usage', `${what} needs confirmation, and prompting is not possible here`, {
    hint: `run it on a terminal, or add --yes${more}`,
  })
}

/** The text to type for confirmation. */
export interface ExpectedAnswer {
  readonly text: string
  /** What the text is: `the e-mail`. */
  readonly name: string
}

/** Asks the user to type a text. Without it throws `declined` or `interrupted`, with `otherwise` in the message. */
export async function confirmByTyping(
  context: Context,
  { text, name }: ExpectedAnswer,
  otherwise: string,
): Promise<void> {
  // Enter alone must never confirm.
  if (text === '' || text.trim() !== text) throw new Error('the confirmation text must be typeable')
  const prompts = await context.prompts(otherwise)
  const answer = await prompts.typed(`Type ${name} (${text}) to continue: `)
  if (answer === text) return
  await prompts.discard()
  throw new CliError('declined', `the answer does not match; ${otherwise}`)
}

/**
 * Asks before creating customers; with a live key the user types how many. With `--yes`, a live key also needs
 * `--live` (docs/contract.md#import, docs/contract.md#undo). Throws `declined` for a wrong answer, and `usage` if
 * prompting is not possible.
 */
export async function confirmCreation(
  context: Context,
  session: Session,
  question: string,
  count: number,
  options: Options,
): Promise<void> {
  checkConfirmable(context, options, 'creating customers')
  // Also with --yes: the summary needs it.
  const place = await session.named()
  if (options.yes) return checkLiveUnattended(context, session)
  const otherwise = 'nothing was created'
  if (session.key.mode === 'test') return (await context.prompts(otherwise)).confirm(`${place} · ${question}`)
  await context.about(`${place} · ${question}`)
  await confirmByTyping(context, { text: String(count), name: 'their number' }, otherwise)
}

/** Without a prompt, a live key needs `--live` on the command line. Throws `usage`. */
export function checkLiveUnattended(context: Context, session: Session): void {
  if (session.key.mode !== 'live' || context.mode === 'live') return
  throw new CliError('usage', `without a prompt, a live key needs --live (${session.place})`, {
    hint: 'add --live, or run it on a terminal without --yes',
  })
}
