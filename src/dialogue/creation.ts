import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import type { Session } from '../session.ts'
import { checkAskable, confirmByTyping, ExpectedAnswer } from './asking.ts'

/**
 * Asks before many customers are created; with a live key their number has to be typed. Where nobody is asked, a live
 * key creates only if the command itself says `--live` (docs/contract.md#import, docs/contract.md#undo). Throws
 * `declined` for a wrong answer, `usage` where it would have asked and cannot.
 */
export async function confirmCreation(
  context: Context,
  session: Session,
  question: string,
  count: number,
  options: { readonly yes?: true | undefined },
): Promise<void> {
  checkAskable(context, options, 'this')
  // With --yes too: it is known before anything is sent, and the summary does not wait for it.
  const place = await session.named()
  if (options.yes) return checkLive(context, session)
  if (session.key.mode === 'test') {
    const prompts = await context.prompts()
    if (await prompts.confirm(`${place} · ${question}`)) return
    throw new CliError('declined', 'nothing was created')
  }
  await context.warn(`${place} · ${question}`)
  await confirmByTyping(context, new ExpectedAnswer(String(count), 'their number'), 'nothing was created')
}

/** Nobody is asked: a live key works only if the command itself says so. Throws `usage`. */
export function checkLive(context: Context, session: Session): void {
  if (session.key.mode !== 'live' || context.mode === 'live') return
  throw new CliError('usage', `nobody is asked, and the key is a live one (${session.place})`, {
    hint: 'say --live too, or run it on a terminal',
  })
}
