import {
  executeRecreation,
  planRecreation,
  type RecreationPlan,
  type RecreationReport,
  recreationReport,
} from '../../bulk/recreation.ts'
import { confirmCreation } from '../../dialogue/creation.ts'
import { CliError } from '../../errors.ts'
import type { RunSummary } from '../../journal/list.ts'
import { type RunItem, runItems } from '../../journal/read.ts'
import { deletedElsewhere } from '../../journal/undone.ts'
import { report } from '../../output/result.ts'
import { checkKnown, type Undoing } from './undoing.ts'

/** How many of them are shown before the question. */
const shownMost = 20

/** Creates again what a delete deleted, and says plainly what does not come back (docs/contract.md#undo). */
export async function undoDelete(undoing: Undoing): Promise<void> {
  const { context, session, folder, header, only, undone } = undoing
  const known = new Set<string>()
  let found: Promise<Map<string, string>> | undefined
  const elsewhere = (): Promise<Map<string, string>> => {
    const isHere = ({ identity, key }: RunSummary): boolean =>
      identity === header.identity || key.hash === header.key.hash
    found ??= deletedElsewhere(folder, header, context.world.owner, isHere)
    return found
  }
  const plan = await planRecreation({
    client: session.client,
    items: noted(runItems(folder, header.run), known),
    undone,
    only,
    elsewhere,
  })
  checkKnown(undoing, known)
  if (plan.asked.length === 0) {
    const summary = [`Nothing left to undo in ${header.run}.`]
    return context.printChange(report({ run: null, ...recreationReport(plan) }, [], []), { summary })
  }
  const { run, done, stopped } =
    plan.targets.length === 0
      ? { run: undefined, done: recreationReport(plan), stopped: undefined }
      : await createAgain(undoing, plan)

  const counts = [
    `${done.undone.length} created again`,
    `${done.undecided.length} undecided`,
    `${done.leftOut.length} left out`,
    ...(done.notSent.length > 0 ? [`${done.notSent.length} not sent of ${plan.asked.length}`] : []),
  ]
  const rows = done.undone.map(({ id, newId }) => ({ id, newId }))
  const columns = [
    { key: 'id', title: 'ID' },
    { key: 'newId', title: 'NEW ID' },
  ]
  await context.printChange(report({ run: run ?? null, ...done }, rows, columns), {
    run,
    summary: [
      `${counts.join(', ')} (${await session.named()}). Journal: orafi runs show ${run ?? header.run}`,
    ],
  })
  if (stopped !== undefined) throw stopped
  const missing = done.undecided.length + done.leftOut.length
  if (missing > 0) {
    throw new CliError('partial', `${missing} of ${plan.asked.length} were not created again`)
  }
}

/** Shows who is to be created again, asks, and creates them, in a run of its own that names the one it takes back. */
async function createAgain(
  { context, session, options, throttle, header }: Undoing,
  plan: RecreationPlan,
): Promise<{ run: string; done: RecreationReport; stopped: unknown }> {
  const { targets } = plan
  await context.show(targets.slice(0, shownMost).map(({ id, customer }) => ({ id, ...customer })))
  const many = targets.length === 1 ? '1 customer' : `${targets.length} customers`
  await context.warn(`${many} to create again. New ids; totalSpent, transactions and dates do not come back.`)
  await confirmCreation(context, session, `Create ${many} again?`, targets.length, options)

  const request = { command: 'undo', personal: header.personal, undoes: header.run } as const
  const run = await context.openRun(session, request)
  const progress = context.progress(targets.length)
  const { report: done, stopped } = await executeRecreation(plan, {
    client: session.client,
    run,
    throttle,
    signal: context.signal,
    now: context.world.now,
    onEnd(end) {
      progress.concurrency(throttle.allowed)
      progress.advance(end)
    },
  })
  progress.end()
  return { run: run.id, done, stopped }
}

/** The same items, their names noted as they pass. */
async function* noted(items: AsyncIterable<RunItem>, names: Set<string>): AsyncGenerator<RunItem> {
  for await (const item of items) {
    names.add(item.item)
    yield item
  }
}
