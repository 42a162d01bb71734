import type { Customer } from '../api/customer.ts'
import type { Preview } from '../bulk/preview.ts'
import type { Context } from '../context.ts'
import { changedCare, unattendedMost, unattendedRefusals } from '../customers/guards.ts'
import { CliError } from '../errors.ts'
import type { Session } from '../session.ts'
import { visible } from '../visible.ts'
import { checkAskable } from './asking.ts'

/** The flags that every command has which deletes. */
export interface DeletionOptions {
  readonly yes?: true | undefined
  readonly includeSpenders?: true | undefined
  readonly maxDelete?: number | undefined
}

/** Why a record, as it is just before its DELETE, must stay; undefined when it may go. */
export type Refusal = (customer: Customer) => string | undefined | Promise<string | undefined>

/**
 * Refuses at once, before anything is read, what can never be agreed to: nobody to ask and no `--yes`, or a live key
 * without `--live` (contract, "customers"). Throws `usage`.
 */
export function checkAttendance(context: Context, session: Session, options: DeletionOptions): void {
  checkAskable(context, options, 'a deletion', '; --dry-run shows what would go')
  if (!options.yes) return
  const nothing = { records: 0, live: 0, spenders: 0 }
  refuse(unattendedRefusals(nothing, rulesOf(context, session, options)))
}

/** Shows what is about to be deleted: the first records, every one that needs care, and counts. */
export async function showDoomed(context: Context, preview: Preview, place: string): Promise<void> {
  const { records, live, spenders } = preview.tally
  if (records > 0) await context.show(preview.shown)
  const more = records - preview.shown.length
  const counts = [
    `${records} to delete${more > 0 ? ` (${more} more not shown)` : ''}`,
    ...(live > 0 ? [`${live} seen in LIVE`] : []),
    ...(spenders > 0 ? [`${spenders} with spending`] : []),
    ...(preview.notFound.length > 0 ? [`${preview.notFound.length} not found`] : []),
    ...(preview.leftOut.length > 0 ? [`${preview.leftOut.length} left out`] : []),
  ]
  await context.note(`${counts.join(', ')} (${place})`)
}

/**
 * Asks for a deletion, or checks that it may go on unasked, once it is known what would go. Returns how each record
 * is looked at again just before its DELETE. Throws `usage` for what nobody was there to agree to, `declined` for a
 * wrong answer.
 */
export async function confirmDeletion(
  context: Context,
  session: Session,
  preview: Preview,
  options: DeletionOptions,
): Promise<Refusal> {
  const { records } = preview.tally
  const most = options.maxDelete ?? (options.yes ? unattendedMost : Number.POSITIVE_INFINITY)
  if (records > most) {
    throw new CliError('usage', `${records} records would be deleted, which is more than ${most}`, {
      hint: `if all of them are to go, say --max-delete ${records}`,
    })
  }
  if (options.yes) refuse(unattendedRefusals(preview.tally, rulesOf(context, session, options)))
  else await ask(context, session, preview)
  const shown = new Map(preview.shown.map((customer) => [customer.id, customer]))
  return (customer) => changedCare(customer, shown.get(customer.id), session.key.mode)
}

async function ask(context: Context, session: Session, preview: Preview): Promise<void> {
  const { records, live } = preview.tally
  const prompts = await context.prompts()
  const what = records === 1 ? '1 customer' : `${records} customers`
  if (session.key.mode !== 'live' && live === 0) {
    if (await prompts.confirm(`${session.place} · Delete ${what}?`)) return
    throw new CliError('declined', 'nothing was deleted')
  }
  const expected =
    records === 1 ? nameOf(preview.shown[0]) : { text: String(records), called: 'the number of records' }
  await context.warn(`${session.place} · Delete ${what}? This cannot be undone.`)
  const answer = await prompts.ask(`Type ${expected.called} (${expected.text}) to go on: `)
  if (answer.trim() !== expected.text) throw new CliError('declined', 'that is not it; nothing was deleted')
}

/** What a person types for one record: its e-mail, or its id where that is empty or cannot be typed. */
function nameOf(customer: Customer | undefined): { text: string; called: string } {
  const email = typeof customer?.email === 'string' ? customer.email : ''
  if (/^[\x21-\x7e]+$/.test(email)) return { text: email, called: 'the e-mail' }
  return { text: customer?.id ?? '', called: 'the id' }
}

function rulesOf(context: Context, session: Session, options: DeletionOptions) {
  return {
    keyMode: session.key.mode,
    saysLive: context.mode === 'live',
    includeSpenders: options.includeSpenders === true,
  }
}

function refuse(refusals: readonly { problem: string; hint: string }[]): void {
  if (refusals.length === 0) return
  const problems = refusals.map(({ problem }) => problem).join('; ')
  throw new CliError('usage', `nothing was deleted: nobody is asked, and ${visible(problems)}`, {
    hint: refusals.map(({ hint }) => hint).join('; '),
  })
}
