import { previewUndo, type UndoPreview, type UndoReport, undoDelete } from '../bulk/undo-delete.ts'
import { CliError } from '../errors.ts'
import { listRuns } from '../journal/list.ts'
import { runItems } from '../journal/read.ts'
import { report } from '../output/result.ts'
import { confirmCreation } from './creation.ts'
import type { Undoing } from './undoing.ts'

/** Creates again what a delete deleted, and says plainly what does not come back (contract, "Runs"). */
export async function undoOfDelete(undoing: Undoing): Promise<void> {
  const { context, session, options, folder, header, original, only } = undoing
  const preview = await previewUndo({
    client: session.client,
    items: runItems(folder, header.run),
    only,
    attempted: await attemptedBefore(undoing),
    onFoundDeleted: (id) => original.conclude([{ item: id, at: context.world.now(), outcome: 'deleted' }]),
  })
  const left = preview.lost.length + preview.undecided.length + preview.leftOut.length
  if (left === 0) return context.note(`Nothing left to undo in ${header.run}.`)
  if (preview.lost.length > 0) {
    await context.show(preview.lost.map(({ id, customer }) => ({ id, ...customer })).slice(0, shownMost))
    const many = preview.lost.length === 1 ? '1 customer' : `${preview.lost.length} customers`
    await context.warn(
      `${many} to create again. New ids; totalSpent, transactions and dates do not come back.`,
    )
    await confirmCreation(context, session, `Create ${many} again?`, preview.lost.length, options)
  }
  const { run, outcome } = await carryOut(undoing, preview)
  const { stopped, undone, undecided, leftOut } = outcome
  await context.print(
    report(
      { run, undone, undecided, leftOut },
      undone.map(({ id, newId }) => ({ id, newId })),
      [
        { key: 'id', title: 'ID' },
        { key: 'newId', title: 'NEW ID' },
      ],
    ),
  )
  const counts = [
    `${undone.length} created again`,
    `${undecided.length} undecided`,
    `${leftOut.length} left out`,
  ]
  await context.note(`${counts.join(', ')} (${session.place}). Journal: orafi runs show ${run ?? header.run}`)
  if (stopped !== undefined) throw stopped
  if (undecided.length + leftOut.length > 0) {
    throw new CliError('partial', `${undecided.length + leftOut.length} of ${left} were not created again`)
  }
}

/** How many of the lost are shown before the question. */
const shownMost = 20

async function carryOut(
  { context, session, throttle, header, original }: Undoing,
  preview: UndoPreview,
): Promise<{ run: string | null; outcome: UndoReport }> {
  const undecided = [...preview.undecided]
  const leftOut = [...preview.leftOut]
  if (preview.lost.length === 0)
    return { run: null, outcome: { undone: [], undecided, leftOut, stopped: undefined } }
  const run = await context.openRun(session, {
    command: 'undo',
    personal: header.personal,
    undoes: header.run,
  })
  const progress = context.progress(preview.lost.length)
  const outcome = await undoDelete({
    client: session.client,
    run,
    original,
    lost: preview.lost,
    throttle,
    signal: context.signal,
    now: context.world.now,
    onEnd: () => {
      progress.concurrency(throttle.allowed)
      progress.advance('done')
    },
  })
  await run.close()
  progress.end()
  outcome.undecided.unshift(...undecided)
  outcome.leftOut.unshift(...leftOut)
  return { run: run.id, outcome }
}

/** What earlier undos of the same run sent and never got an answer for: it may be there again. */
async function attemptedBefore({ context, folder, header }: Undoing): Promise<Set<string>> {
  const attempted = new Set<string>()
  for (const { run, undoes } of await listRuns(folder, context.world.owner)) {
    if (undoes !== header.run) continue
    for await (const { item, intent, outcome } of runItems(folder, run)) {
      if (intent !== undefined && outcome === undefined) attempted.add(item)
    }
  }
  return attempted
}
