import type { Customer } from '../../api/customer.ts'
import { planDeletion } from '../../bulk/deletion.ts'
import { lookUp } from '../../customers/delete.ts'
import { fingerprintOf } from '../../customers/fingerprint.ts'
import { careOf } from '../../customers/guards.ts'
import { runItems } from '../../journal/read.ts'
import { deletePlanned, deletionResult } from '../customers/deletion.ts'
import { checkKnown, type Undoing } from './undoing.ts'

/**
 * Deletes exactly what an import created, leaving out what has changed or spent since (docs/contract.md#undo),
 * through the ordinary plan, confirmation, journal and report.
 */
export async function undoImport(undoing: Undoing): Promise<void> {
  const { context, session, options, throttle, folder, header, only } = undoing
  /** The customers that it created, and what they were like; undefined where nobody can tell any more. */
  const created = new Map<string, string | undefined>()
  let unknown = 0
  for await (const { intent, outcome } of runItems(folder, header.run)) {
    if (intent !== undefined && outcome === undefined) unknown += 1
    if (outcome?.outcome !== 'created' || outcome.id === undefined) continue
    // What was never intended was never sent, so the line was not written by an import.
    created.set(outcome.id, intent === undefined ? undefined : outcome.fingerprint)
  }
  checkKnown(undoing, created)
  if (unknown > 0) {
    await context.warn(
      `warning: what became of ${unknown} rows is unknown, and they are not undone; importing the same file again settles them`,
    )
  }
  const chosen = [...created.keys()].filter((id) => only.size === 0 || only.has(id))
  const ids = await stillThere(undoing, chosen)
  if (ids.length === 0) {
    const nothing = { run: null, deleted: [], notFound: [], failed: [], leftOut: [], notSent: [] }
    const summary = [`Nothing left to undo in ${header.run}.`]
    return context.printChange(deletionResult(nothing, []), { summary })
  }
  const plan = await planDeletion({
    client: session.client,
    ids,
    stays: (customer) => changed(customer, created.get(customer.id)),
    throttle,
    signal: context.signal,
    onLooked: (looked) => context.status(`${looked} of ${ids.length} looked up`),
  })
  context.status(undefined)
  const run = { command: 'undo', personal: header.personal, undoes: header.run } as const
  await deletePlanned(context, session, plan, options, { throttle, run })
}

/** Without those that an earlier undo deleted, or of which it lost the answer and which are gone now. */
async function stillThere(
  { session, undone, only }: Undoing,
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
 * Why a customer must stay. Where the journal does not say what it was like (that was forgotten, or the file was
 * edited), nobody can tell whether it has changed.
 */
function changed(customer: Customer, fingerprint: string | undefined): string | undefined {
  if (careOf(customer).spent) return 'has spent since'
  if (fingerprint === undefined) return 'the journal does not say any more what it was like'
  return fingerprint === fingerprintOf(customer) ? undefined : 'has changed since'
}
