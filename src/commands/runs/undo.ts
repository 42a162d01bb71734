import { join } from 'node:path'
import type { Command } from '@commander-js/extra-typings'
import type { Customer } from '../../api/customer.ts'
import { lookUp } from '../../bulk/deletion.ts'
import { createThrottle, type Throttle } from '../../bulk/pool.ts'
import { executeRecreation, planRecreation, recreationReport } from '../../bulk/recreation.ts'
import { environmentProfile } from '../../config/profiles.ts'
import type { Context, Run } from '../../context.ts'
import { count, digits } from '../../count.ts'
import { fingerprintOf } from '../../customers/fingerprint.ts'
import { careOf } from '../../customers/guards.ts'
import { CliError } from '../../errors.ts'
import { type Undone, undoneBy } from '../../journal/list.ts'
import { readRunHeader, runItems } from '../../journal/read.ts'
import type { RunHeader } from '../../journal/records.ts'
import { holdRun } from '../../journal/run.ts'
import { many, report } from '../../output/result.ts'
import type { Session } from '../../session.ts'
import { visible } from '../../visible.ts'
import { confirmCreation } from '../confirm.ts'
import {
  checkDeletable,
  type DeletionOptions,
  deleteCustomers,
  deletionResult,
} from '../customers/deletion.ts'
import { deletionOptions } from '../options.ts'
import { accountFlags, beforeChange, countsOf, reasonsOf, undoLine, whereAll } from '../summary.ts'
import { lastRun } from './last.ts'

/** `orafi runs undo RUN [ID…]` */
export function define(command: Command, run: Run): void {
  command
    .argument('<run>', 'the id of a run, as shown by orafi runs list, or last')
    .argument('[id...]', 'undo only these customers')
    .addOption(deletionOptions.yes())
    .addOption(deletionOptions.maxDelete())
    .action(run(undo))
}

/** An undo of a run that was checked and locked. */
interface Undo {
  readonly context: Context
  readonly session: Session
  readonly options: DeletionOptions
  readonly throttle: Throttle
  /** The journal's folder. */
  readonly folder: string
  /** The run that is undone. */
  readonly header: RunHeader
  /** Only these customers; empty for all. */
  readonly only: ReadonlySet<string>
  /** What earlier undos of the run did. */
  readonly undone: ReadonlyMap<string, Undone>
}

async function undo(
  context: Context,
  word: string,
  only: readonly string[],
  options: DeletionOptions,
): Promise<void> {
  const throttle = createThrottle()
  const session = await context.session({ changing: true, many: true, observe: throttle.observe })
  const { owner, now } = context.world
  const folder = join((await context.folders()).state, 'runs')
  const id = word === 'last' ? await lastUndoable(context, session, options) : word
  const { header, forgotten } = await readRunHeader(folder, id)
  const warning = await checkUndoable(context, session, header, { forgotten, yes: options.yes === true })
  checkDeletable(context, session, options, ['an undo', ''])
  if (warning !== undefined) await context.warn(`warning: ${warning}`)
  await context.lockIdentity(session, `undoing ${id}`)
  const lock = await holdRun(folder, id, { owner, now, what: `undoing ${id}` })
  context.onClose(() => lock.release())
  // Read with the locks held: another undo may have been running until then.
  context.status({ what: 'reading the journal' })
  const undone = await undoneBy(folder, id, owner)
  context.status(undefined)
  const undo = { context, session, options, throttle, folder, header, only: new Set(only), undone }
  await (header.command === 'delete' ? undoDelete(undo) : undoImport(undo))
}

/** The id of the last run. With `--yes` only a delete: undoing an import deletes, and nobody has seen what. */
async function lastUndoable(context: Context, session: Session, { yes }: DeletionOptions): Promise<string> {
  const { run, command } = await lastRun(context, session)
  if (!yes || command === 'delete') return run
  throw new CliError('usage', `undoing an ${command} deletes: with --yes, name the run instead of last`, {
    hint: `nothing was undone; to undo it: orafi runs undo ${run} --yes${accountFlags(context, session)}`,
  })
}

/**
 * Rejects a run that cannot be undone here (docs/contract.md#undo): an undo (2), a forgotten run (3), a run with
 * another identity (4), and, without a prompt, a run made under the unnamed `env` with another key (4).
 * Returns a warning to show before the prompt.
 */
async function checkUndoable(
  context: Context,
  session: Session,
  header: RunHeader,
  { forgotten, yes }: { readonly forgotten: boolean; readonly yes: boolean },
): Promise<string | undefined> {
  const run = visible(header.run)
  if (header.command === 'undo') {
    throw new CliError('usage', `${run} is itself an undo of ${visible(header.undoes ?? 'another run')}`, {
      hint: 'an undo cannot be undone; to see what it did: orafi runs show',
    })
  }
  if (forgotten) {
    throw new CliError('not_found', `${run} was forgotten and cannot be undone`, {
      hint: 'its data was permanently erased (orafi runs forget); list the other runs with: orafi runs list',
    })
  }
  if (header.identity !== session.identity) {
    throw new CliError(
      'auth',
      `${run} was made at ${visible(header.identity)}, but the current account is ${visible(session.identity)}`,
      {
        hint: 'use the same profile, mode and base URL: --profile, --test or --live, ORAFI_PROFILE, ORAFI_BASE_URL',
      },
    )
  }
  // Under the unnamed `env`, another key may belong to another merchant.
  const unnamed = session.key.source === 'environment' && session.profile === environmentProfile
  if (!unnamed || header.key.hash === (await session.key.hash())) return undefined
  const warning = `${run} was made with another key (${visible(header.key.masked)}): is it the same merchant's account?`
  if (context.canAsk && !yes) return warning
  throw new CliError('auth', warning, {
    hint: 'undo it on a terminal, or use the key that made it; to give keys from the environment a name, set ORAFI_PROFILE',
  })
}

/**
 * Deletes exactly what an import created, except customers who have changed or spent since (docs/contract.md#undo),
 * with the usual plan, confirmation, journal and report.
 */
async function undoImport(undo: Undo): Promise<void> {
  const { context, session, options, throttle, folder, header, only } = undo
  /** Fingerprints of the created customers, by id; undefined if the journal no longer has one. */
  const created = new Map<string, string | undefined>()
  let unknown = 0
  for await (const { intent, outcome } of runItems(folder, header.run)) {
    if (intent !== undefined && outcome === undefined) unknown += 1
    if (outcome?.outcome !== 'created' || outcome.id === undefined) continue
    // Without an intent nothing was sent, so the journal was edited: no fingerprint can be trusted.
    created.set(outcome.id, intent === undefined ? undefined : outcome.fingerprint)
  }
  checkInRun(undo, created)
  if (unknown > 0) {
    await context.warn(
      `warning: the outcome of ${count(unknown, 'row')} is unknown, and ${unknown === 1 ? 'it is' : 'they are'} not undone; import the same file again to resolve them`,
    )
  }
  const chosen = [...created.keys()].filter((id) => only.size === 0 || only.has(id))
  const ids = await withoutUndone(undo, chosen)
  if (ids.length === 0) {
    const nothing = { deleted: [], notFound: [], failed: [], leftOut: [], notSent: [] }
    const summary = [`Nothing left to undo in ${header.run}.`]
    return context.printChange(deletionResult(null, nothing), { summary })
  }
  const requests = ids.map((id) => ({
    id,
    reasonToKeep: (now: Customer) => whatChanged(now, created.get(id)),
  }))
  const run = { command: 'undo', personal: header.personal, undoes: header.run } as const
  await deleteCustomers(context, session, requests, { options, throttle, run })
}

/** Throws `not_found` for a requested customer that is not in the run. */
function checkInRun({ only, header }: Undo, ids: { has(id: string): boolean }): void {
  const unknown = [...only].find((id) => !ids.has(id))
  if (unknown === undefined) return
  throw new CliError('not_found', `${visible(header.run)} has no customer '${visible(unknown)}'`, {
    hint: `list its customers: orafi runs show ${visible(header.run)}`,
  })
}

/** Leaves out customers that an earlier undo deleted, or may have deleted and that no longer exist. */
async function withoutUndone(
  { session, undone, only }: Undo,
  ids: readonly string[],
): Promise<readonly string[]> {
  const left: string[] = []
  for (const id of ids) {
    const before = undone.get(id)?.state
    if (before === 'undone') continue
    if (before === 'unknown' && !only.has(id)) {
      const found = await lookUp(session.client, id)
      if (found.state === 'gone') continue
    }
    left.push(id)
  }
  return left
}

/**
 * Why a created customer must be kept. Without a fingerprint (the run was forgotten, or the journal edited) it is
 * unknown whether the customer has changed.
 */
function whatChanged(customer: Customer, fingerprint: string | undefined): string | undefined {
  if (careOf(customer).spent) return 'has spent since'
  if (fingerprint === undefined) return 'the journal no longer has its fingerprint'
  return fingerprint === fingerprintOf(customer) ? undefined : 'has changed since'
}

/** How many customers are shown before the prompt. */
const maxShown = 20

/** Creates again what a delete deleted, and says what is not restored (docs/contract.md#undo). */
async function undoDelete(undo: Undo): Promise<void> {
  const { context, session, options, throttle, folder, header, only, undone } = undo
  const { client } = session
  const { owner, now } = context.world
  const planned = planRecreation({ client, folder, header, owner, undone, only })
  const { plan, ids } = await beforeChange(context, 'created', planned)
  checkInRun(undo, ids)
  const { requested, targets } = plan
  if (requested.length === 0) {
    const summary = [`Nothing left to undo in ${header.run}.`]
    return context.printChange(report({ run: null, ...recreationReport(plan) }, [], []), { summary })
  }

  let run: string | undefined
  let done = recreationReport(plan)
  let stopped: unknown
  if (targets.length > 0) {
    const shown = targets.slice(0, maxShown).map(({ id, customer }) => ({ id, ...customer }))
    await context.show(many(shown), ['id', 'firstname', 'lastname', 'email'])
    const customers = count(targets.length, 'customer')
    const ids = targets.length === 1 ? 'a new id' : 'new ids'
    await context.about(
      `${customers} to create again, with ${ids}. totalSpent, transactions and dates are not restored.`,
    )
    await confirmCreation(context, session, `Create ${customers} again?`, targets.length, options)

    const request = { command: 'undo', personal: header.personal, undoes: header.run } as const
    const open = await context.openRun(session, request)
    const executed = await executeRecreation(plan, {
      client,
      run: open,
      throttle,
      signal: context.signal,
      now,
      onEnd: context.progress('creating again', targets.length, throttle),
    })
    run = open.id
    done = executed.report
    stopped = executed.stopped
  }

  const counts = {
    'created again': done.undone.length,
    unresolved: done.undecided.length,
    'left out': done.leftOut.length,
  }
  const reason = 'it is unknown whether the customer was created again'
  const rows = done.undone.map(({ id, newId }) => ({ id, newId }))
  const columns = [
    { key: 'id', title: 'ID' },
    { key: 'newId', title: 'NEW ID' },
  ]
  await context.printChange(report({ run: run ?? null, ...done }, rows, columns), {
    run,
    ids: {
      'Created again': done.undone.map(({ id, newId }) => visible(`${id} as ${newId}`)),
      Unresolved: done.undecided.map((id) => visible(id)),
      'Left out': done.leftOut.map(({ id }) => visible(id)),
      'Not sent': done.notSent.map((id) => visible(id)),
    },
    summary: [
      `${countsOf(counts, done.notSent.length)} (${await session.named()})`,
      ...reasonsOf(
        'unresolved',
        done.undecided.map((id) => ({ id, reason })),
        whereAll(run),
      ),
      ...reasonsOf('left out', done.leftOut, whereAll(run)),
      undoLine(context, session, { personal: header.personal, undoes: header.run, run }),
    ],
  })
  if (stopped !== undefined) throw stopped
  const missing = done.undecided.length + done.leftOut.length
  if (missing > 0)
    throw new CliError(
      'partial',
      `${digits(missing)} of ${count(requested.length, 'customer')} ${missing === 1 ? 'was' : 'were'} not created again`,
    )
}
