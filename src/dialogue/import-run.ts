import { join } from 'node:path'
import { readAccount } from '../bulk/account.ts'
import { type Earlier, readEarlier } from '../bulk/earlier.ts'
import { importRows } from '../bulk/import.ts'
import type { CheckedInput } from '../bulk/import-input.ts'
import { type ImportRow, importRow } from '../bulk/import-row.ts'
import type { ImportEvent, ImportReport } from '../bulk/importing.ts'
import type { Throttle } from '../bulk/throttle.ts'
import type { Context } from '../context.ts'
import type { Rejects } from '../files/rejects.ts'
import type { OpenRun } from '../journal/run.ts'
import type { Session } from '../session.ts'
import { createTextSet, type TextSet } from '../text-set.ts'
import { tellRepeated } from './listing.ts'

/** An import that was checked and agreed to. */
export interface Importing {
  readonly context: Context
  readonly session: Session
  readonly input: CheckedInput
  readonly allowExisting: boolean
  readonly throttle: Throttle
  /** Takes down the rows that are not imported. */
  readonly rejects: Rejects | undefined
}

/** What became of an import, for its summary. */
export interface Imported extends ImportReport {
  /** All that were in the input. */
  readonly rows: number
  /** Those of which nothing was sent because the import stopped before: whatever is in no other count. */
  readonly notSent: number
  /** Null where nothing was sent. */
  readonly run: string | null
  readonly rehearsed: boolean
  /** In seconds. */
  readonly seconds: number
}

/** What stands in the account, and in the journal, before the first create. */
export interface Known {
  readonly emails: TextSet
  readonly earlier: Earlier
}

/**
 * Looks at the account and at the journal: the account is the truth about who is there, the journal about what may be
 * under way (docs/contract.md#each-row-once).
 */
export async function lookAround({ context, session, allowExisting }: Importing): Promise<Known> {
  const { state } = await context.folders()
  const { owner, now } = context.world
  const { identity } = session
  const earlier = await readEarlier({
    folder: join(state, 'runs'),
    identity,
    keyHash: session.key.hash,
    owner,
    now,
    withCreated: allowExisting,
  })
  context.onClose(() => earlier.close())
  const emails = createTextSet()
  if (!allowExisting) {
    const onScanned = (scanned: number): void =>
      context.status(`${scanned} customers of the account looked at`)
    const repeated = await readAccount(session.client, (email) => void emails.add(email), onScanned)
    context.status(undefined)
    await tellRepeated(context, repeated)
  }
  return { emails, earlier }
}

/** Counts what an import would do, and sends nothing. */
export async function rehearse(importing: Importing, known: Known): Promise<Imported> {
  const begun = importing.context.world.now()
  const report = { created: 0, skipped: 0, rejected: 0, undecided: 0, stopped: undefined }
  for await (const block of importing.input.read()) {
    for (const row of block) {
      if (row.problems.length > 0) {
        await importing.rejects?.add(row, row.problems.join('; '))
        report.rejected += 1
      } else if (isKnown(importRow(row), importing.allowExisting, known)) report.skipped += 1
      else report.created += 1
    }
  }
  const { rows } = importing.input
  return {
    ...report,
    rows,
    notSent: 0,
    run: null,
    rehearsed: true,
    seconds: (importing.context.world.now() - begun) / 1000,
  }
}

function isKnown(row: ImportRow, allowExisting: boolean, { emails, earlier }: Known): boolean {
  return allowExisting ? earlier.created.has(row.hash) : emails.has(row.email)
}

/** Sends what is missing, in a run of the journal. */
export async function carryOut(importing: Importing, known: Known): Promise<Imported> {
  const { context, session, input, throttle, allowExisting } = importing
  const { now, sleep } = context.world
  const begun = now()
  const run = firstNeeded(() => context.openRun(session, { command: 'import', personal: true }))
  const progress = context.progress(input.rows)
  let bad = 0
  const report = await importRows({
    client: session.client,
    run,
    rows: good(importing, () => {
      bad += 1
      progress.advance('failed')
    }),
    exists: (email) => known.emails.has(email),
    earlier: known.earlier,
    allowExisting,
    throttle,
    signal: context.signal,
    timeoutMs: context.options.timeout * 1000,
    now,
    sleep,
    onEvent: (event) => watch(event, importing, progress),
  })
  progress.end()
  const { rows } = input
  const rejected = report.rejected + bad
  return {
    ...report,
    rejected,
    rows,
    notSent: rows - report.created - report.skipped - rejected - report.undecided,
    run: run.id ?? null,
    rehearsed: false,
    seconds: (now() - begun) / 1000,
  }
}

/** A run that begins with its first intent: an import that has nothing to send leaves no trace in the journal. */
function firstNeeded(
  open: () => Promise<OpenRun>,
): Omit<OpenRun, 'id'> & { readonly id: string | undefined } {
  let opening: Promise<OpenRun> | undefined
  let run: OpenRun | undefined
  const opened = async (): Promise<OpenRun> => {
    opening ??= open()
    run = await opening
    return run
  }
  return {
    get id() {
      return run?.id
    },
    intend: async (intents) => (await opened()).intend(intents),
    conclude: async (outcomes) => (await opened()).conclude(outcomes),
    close: async () => run?.close(),
  }
}

/** The rows that can be sent, a block at a time; the others are taken down. */
async function* good(
  { input, rejects }: Importing,
  onBad: () => void,
): AsyncGenerator<ImportRow[], void, undefined> {
  for await (const block of input.read()) {
    const rows: ImportRow[] = []
    for (const row of block) {
      if (row.problems.length === 0) rows.push(importRow(row))
      else {
        await rejects?.add(row, row.problems.join('; '))
        onBad()
      }
    }
    yield rows
  }
}

function watch(
  event: ImportEvent,
  { rejects, throttle, context }: Importing,
  progress: ReturnType<Context['progress']>,
): void {
  if (event.type === 'settling') {
    const rows = event.rows === 1 ? '1 row' : `${event.rows} rows`
    const wait = Math.ceil(event.waitMs / 1000)
    context.status(`looking for ${rows} whose answer was lost${wait > 0 ? `, in ${wait} s` : ''}`)
    return
  }
  progress.concurrency(throttle.allowed)
  if (event.end === 'rejected') {
    // What could not be taken down is told when they are closed; here nobody waits for it.
    rejects?.add(event.row.row, event.reason ?? 'refused').catch(() => undefined)
    progress.advance('failed')
  } else if (event.end === 'created' || event.end === 'skipped') progress.advance('done')
}
