import { requestedProfile } from '../config/profiles.ts'
import type { Context, RunRequest } from '../context.ts'
import { count, digits } from '../count.ts'
import type { Session } from '../session.ts'
import { visible } from '../visible.ts'

/**
 * The outcomes of a change, which add up to all that was asked for: `90 created, 6 unresolved, 1,904 not sent of 2,000`.
 * The first is always said, others if there are any.
 */
export function countsOf(ended: Readonly<Record<string, number>>, notSent = 0): string {
  const total = Object.values(ended).reduce((sum, number) => sum + number, notSent)
  const counts = Object.entries(ended).filter(([, number], place) => number > 0 || place === 0)
  return [
    ...counts.map(([what, number]) => `${digits(number)} ${what}`),
    ...(notSent > 0 ? [`${digits(notSent)} not sent of ${digits(total)}`] : []),
  ].join(', ')
}

/** Says that nothing was changed if what comes before the first change fails or is interrupted. */
export function beforeChange<Value>(
  context: Context,
  done: 'created' | 'deleted',
  work: Promise<Value>,
): Promise<Value> {
  return work.catch(async (error: unknown) => {
    await context.note(`Nothing was ${done}.`)
    throw error
  })
}

/** One item that was not done, and why. */
interface Reason {
  /** The customer or the line. */
  readonly id: string
  readonly reason: string
}

/** How many items are named for each reason, and how many reasons are shown. */
const mostNamed = 5
const mostReasons = 10

/**
 * Why some were not done, a line for each reason: `3 left out: it has changed since it was shown: c_1, c_2, c_3`.
 * @param more where all of them are, for those that are not named
 */
export function reasonsOf(what: string, items: readonly Reason[], more: string): string[] {
  const groups = new Map<string, string[]>()
  for (const { id, reason } of items) {
    // A message may name its customer, which would make each of them a reason of its own.
    const general = visible(id === '' ? reason : reason.replaceAll(id, '…'))
    groups.set(general, [...(groups.get(general) ?? []), visible(id)])
  }
  const lines = [...groups].map(([reason, ids]) => {
    const rest = ids.length - mostNamed
    const names = ids.slice(0, mostNamed).join(', ')
    return `${digits(ids.length)} ${what}: ${reason}: ${names}${rest > 0 ? `, and ${digits(rest)} more: ${more}` : ''}`
  })
  const hidden = lines.length - mostReasons
  return hidden > 0 ? [...lines.slice(0, mostReasons), `and ${count(hidden, 'more reason')}: ${more}`] : lines
}

/** How to see every item of a run; without one, of a command that changes nothing. */
export function whereAll(run: string | undefined): string {
  return run === undefined ? 'see --json' : `orafi runs show ${run}`
}

/** The flags with which another command reaches the same account, with a space before each. */
export function accountFlags({ options, mode, world }: Context, { key, profile }: Session): string {
  if (key.source === 'sandbox') return key.mode === 'live' ? ' --sandbox --live' : ' --sandbox'
  const isChosen = key.source === 'profile' && requestedProfile(world.env, options.profile) !== undefined
  return `${isChosen ? ` --profile ${profile}` : ''}${mode === undefined ? '' : ` --${mode}`}`
}

/** The line that says how a run can be undone, or why it cannot. */
export function undoLine(
  context: Context,
  session: Session,
  change: Pick<RunRequest, 'personal' | 'undoes'> & {
    readonly run: string | undefined
    /** Why there is nothing to undo, if so. */
    readonly nothing?: string | undefined
  },
): string {
  const { run, personal, undoes, nothing } = change
  if (run === undefined || nothing !== undefined) return `no undo: ${nothing ?? 'nothing was changed'}`
  if (undoes !== undefined) return `no undo of an undo. What it did: orafi runs show ${run}`
  if (!personal) return `no undo: with --no-journal no copy was kept. What it did: orafi runs show ${run}`
  return `undo: orafi runs undo ${run}${accountFlags(context, session)}`
}
