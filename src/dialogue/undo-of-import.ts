import type { Customer } from '../api/customer.ts'
import { previewDeletion } from '../bulk/preview.ts'
import { fingerprintOf } from '../customers/fingerprint.ts'
import { careOf } from '../customers/guards.ts'
import { runItems } from '../journal/read.ts'
import { carryOut } from './delete-run.ts'
import { confirmDeletion, showDoomed } from './deletion.ts'
import type { Undoing } from './undoing.ts'

/** What an import created, and has not been undone yet. */
interface Made {
  /** How the run calls it. */
  readonly item: string
  readonly fingerprint: string | undefined
}

/**
 * Deletes exactly what an import created, leaving out what has changed or spent since (contract, "Runs"), through the
 * ordinary confirmation, journal and engine.
 */
export async function undoOfImport(undoing: Undoing): Promise<void> {
  const { context, session, options, throttle, header, original } = undoing
  const { made, unknown } = await whatWasMade(undoing)
  if (unknown > 0) {
    await context.warn(
      `warning: what became of ${unknown} rows is unknown, and they are not undone; importing the same file again settles them`,
    )
  }
  if (made.size === 0) return context.note(`Nothing left to undo in ${header.run}.`)
  const preview = await previewDeletion({
    client: session.client,
    ids: [...made.keys()],
    refusal: (customer) => changed(customer, made.get(customer.id)),
    throttle,
    signal: context.signal,
    onLooked: (looked) => context.status(`${looked} of ${made.size} looked up`),
  })
  context.status(undefined)
  await showDoomed(context, preview, session.place)
  const none = preview.ids.length === 0
  const since = none ? () => undefined : await confirmDeletion(context, session, preview, options)
  await carryOut(context, session, {
    preview,
    refusal: async (customer) => changed(customer, made.get(customer.id)) ?? (await since(customer)),
    throttle,
    run: { command: 'undo', personal: header.personal, undoes: header.run },
    async onEnd(id, { outcome }) {
      const item = made.get(id)?.item
      if (item === undefined || (outcome !== 'deleted' && outcome !== 'notFound')) return
      await original.conclude([{ item, at: context.world.now(), outcome: 'undone', id }])
    },
  })
}

async function whatWasMade({
  folder,
  header,
  only,
}: Undoing): Promise<{ made: Map<string, Made>; unknown: number }> {
  const made = new Map<string, Made>()
  let unknown = 0
  for await (const { item, intent, outcome } of runItems(folder, header.run)) {
    if (intent !== undefined && outcome === undefined) unknown += 1
    if (outcome?.outcome !== 'created' || outcome.id === undefined) continue
    if (only.size === 0 || only.has(outcome.id))
      made.set(outcome.id, { item, fingerprint: outcome.fingerprint })
  }
  return { made, unknown }
}

/** Without a fingerprint (a run that kept no personal data) only spending can be seen. */
function changed(customer: Customer, made: Made | undefined): string | undefined {
  if (careOf(customer).spent) return 'has spent since'
  const same = made?.fingerprint === undefined || made.fingerprint === fingerprintOf(customer)
  return same ? undefined : 'has changed since'
}
