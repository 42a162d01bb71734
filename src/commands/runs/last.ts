import { join } from 'node:path'
import { environmentProfile } from '../../config/profiles.ts'
import type { Context } from '../../context.ts'
import { ago, count } from '../../count.ts'
import { CliError } from '../../errors.ts'
import { listRuns, shownIdentity, undoneIn } from '../../journal/list.ts'
import { type RunSummary, runItems } from '../../journal/read.ts'
import type { Session } from '../../session.ts'

/**
 * The run that `last` stands for: the newest one of this account that has ended, is no undo, and is not completely
 * undone. It is named on stderr.
 * @param session undefined for any account
 * @throws CliError `not_found` if there is none · `local_error` if a newer run cannot be read: it may be the one
 */
export async function lastRun(context: Context, session: Session | undefined): Promise<RunSummary> {
  const folder = join((await context.folders()).state, 'runs')
  const { owner, now } = context.world
  const damaged: { readonly id: string; readonly error: CliError }[] = []
  const runs = await listRuns(folder, owner, (error, id) => damaged.push({ error, id }))
  const isHere = await hereOf(session)
  for (const run of runs.filter((one) => one.command !== 'undo' && isHere(one))) {
    const newer = damaged.find(({ id }) => id.slice(0, timeLength) >= run.run.slice(0, timeLength))
    if (newer !== undefined) throw newer.error
    if (run.running) {
      await context.about(`${run.run} is still running, so it is not the last one`)
      continue
    }
    const undos = runs.filter(({ undoes }) => undoes === run.run)
    if (undos.length > 0 && (await isAllUndone(folder, run, undos))) continue
    const { items, done, command, identity, when } = run
    const what =
      command === 'import'
        ? `import of ${count(done, 'row')}${done < items ? ' (incomplete)' : ''}`
        : `${command} of ${count(items, 'customer')}`
    await context.about(
      `last is ${run.run}: ${what}, ${ago(now() - Date.parse(when))} (${shownIdentity(identity)})`,
    )
    return run
  }
  if (damaged[0] !== undefined) throw damaged[0].error
  const where = session === undefined ? '' : ` (${session.place})`
  throw new CliError('not_found', `no run is left to undo${where}`, {
    hint: 'list all runs with: orafi runs list',
  })
}

/** Whether a run was made in the account of a session; without one, every run counts. */
async function hereOf(session: Session | undefined): Promise<(run: RunSummary) => boolean> {
  if (session === undefined) return () => true
  const { key, profile, identity } = session
  // Under the unnamed `env`, another key may belong to another merchant (docs/contract.md#identity).
  const isUnnamed = key.source === 'environment' && profile === environmentProfile
  const hash = isUnnamed ? await key.hash() : undefined
  return (run) => run.identity === identity && (hash === undefined || run.key.hash === hash)
}

/** The time in a run's id: `20261124-081535`. */
const timeLength = 15

/** Whether nothing of a run is left to undo. */
async function isAllUndone(
  folder: string,
  { run, command }: RunSummary,
  undos: readonly RunSummary[],
): Promise<boolean> {
  const undone = await undoneIn(folder, undos)
  for await (const { item, intent, outcome } of runItems(folder, run)) {
    const isImport = command === 'import'
    // Rows of unknown outcome are not undone; a record that may have been deleted is.
    const isUnknown =
      !isImport && intent !== undefined && (outcome === undefined || outcome.code === 'ambiguous')
    const isChanged = outcome?.outcome === (isImport ? 'created' : 'deleted')
    if ((isUnknown || isChanged) && undone.get(outcome?.id ?? item)?.state !== 'undone') return false
  }
  return true
}
