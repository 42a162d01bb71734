import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import type { Session } from '../session.ts'

interface Options {
  readonly yes?: true | undefined
}

/**
 * Throws `usage` where `what` has to be confirmed, nobody can be asked, and `--yes` is not given
 * (docs/contract.md#asking).
 */
export function checkConfirmable(context: Context, { yes }: Options, what: string, more = ''): void {
  if (yes || context.canAsk) return
  throw new CliError('usage', `${what} has to be confirmed, and there is nobody to ask`, {
    hint: `run it on a terminal, or say --yes${more}`,
  })
}

/** What a person has to type to go on. */
export interface ExpectedAnswer {
  readonly text: string
  /** What the text is: `the e-mail`. */
  readonly name: string
}

/** Asks a person to type a text. Throws `declined`, saying with `otherwise` what was not done, for any other answer. */
export async function confirmByTyping(
  context: Context,
  { text, name }: ExpectedAnswer,
  otherwise: string,
): Promise<void> {
  // Enter alone must never confirm.
  if (text === '' || text.trim() !== text) throw new Error('a confirmation needs a text that can be typed')
  const prompts = await context.prompts()
  const answer = await prompts.typed(`Type ${name} (${text}) to go on: `)
  if (answer !== text) throw new CliError('declined', `the answer does not match; ${otherwise}`)
}

/**
 * Asks before many customers are created; with a live key their number has to be typed. With `--yes` a live key creates
 * only if the command itself says `--live` (docs/contract.md#import, docs/contract.md#undo). Throws `declined` for a
 * wrong answer, `usage` where it would have asked and cannot.
 */
export async function confirmCreation(
  context: Context,
  session: Session,
  question: string,
  count: number,
  options: Options,
): Promise<void> {
  checkConfirmable(context, options, 'this')
  // With --yes too: it is known before anything is sent, and the summary does not wait for it.
  const place = await session.named()
  if (options.yes) return checkLiveUnattended(context, session)
  if (session.key.mode === 'test') {
    const prompts = await context.prompts()
    if (await prompts.confirm(`${place} · ${question}`)) return
    throw new CliError('declined', 'nothing was created')
  }
  await context.warn(`${place} · ${question}`)
  await confirmByTyping(context, { text: String(count), name: 'their number' }, 'nothing was created')
}

/** Where nobody is asked, a live key needs the command itself to say `--live`. Throws `usage`. */
export function checkLiveUnattended(context: Context, session: Session): void {
  if (session.key.mode !== 'live' || context.mode === 'live') return
  throw new CliError('usage', `nobody is asked, and the key is a live one (${session.place})`, {
    hint: 'say --live too, or run it on a terminal',
  })
}
