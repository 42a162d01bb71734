import { join } from 'node:path'
import type { Command } from '@commander-js/extra-typings'
import { defaultBaseUrl } from '../../config/environment.ts'
import type { Context, Run } from '../../context.ts'
import { digits } from '../../count.ts'
import type { CliError } from '../../errors.ts'
import { listRuns, shownIdentity } from '../../journal/list.ts'
import { type RunSummary, readRun } from '../../journal/read.ts'
import { type Column, report } from '../../output/result.ts'

const columns: readonly Column[] = [
  { key: 'run', title: 'RUN' },
  { key: 'command', title: 'COMMAND' },
  { key: 'items', title: 'ITEMS', align: 'right' },
  { key: 'done', title: 'DONE', align: 'right' },
  { key: 'state', title: 'STATE' },
  { key: 'place', title: 'WHERE' },
  { key: 'who', title: 'WHO', least: 6 },
]

/** In a table; the columns for scripts stay as they are. */
const tableColumns: readonly Column[] = [
  { key: 'run', title: 'RUN' },
  { key: 'when', title: 'WHEN' },
  { key: 'what', title: 'WHAT' },
  { key: 'customer', title: 'WHO', least: 12, shorten: 'middle' },
  { key: 'place', title: 'WHERE', least: 6 },
]

/** `orafi runs list` */
export function define(command: Command, run: Run): void {
  command.action(run(list))
}

async function list(context: Context): Promise<void> {
  const { state } = await context.folders()
  const damaged: CliError[] = []
  const folder = join(state, 'runs')
  context.status({ what: 'reading the journal' })
  const runs = await listRuns(folder, context.world.owner, (error) => damaged.push(error))
  const document = { data: runs.map(documentOf) }
  if (!context.tabular) await context.print(report(document, runs.map(rowOf), columns))
  else {
    const places = new Set(runs.map(shownPlace))
    const isSaid = places.size > 1 || [...places].some((place) => place.startsWith('LIVE'))
    const columns = tableColumns.filter(({ key }) => isSaid || key !== 'place')
    await context.print(report(document, await tableRows(context, folder, runs), columns))
  }
  if (runs.length === 0 && damaged.length === 0) await context.note('no runs yet')
  const [first, ...others] = damaged
  for (const error of others) await context.warn(`warning: ${error.message}`)
  if (first) throw first
}

function documentOf({ run, when, who, command, identity, items, done }: RunSummary): object {
  return { run, when, who, command, identity, items, done }
}

function rowOf(summary: RunSummary): Record<string, string> {
  const { run, who, command, items, done, running, forgotten } = summary
  const state = running ? 'running' : forgotten ? 'forgotten' : ''
  return { run, who, command, place: placeOf(summary), items: String(items), done: String(done), state }
}

/** The identity without the default base URL. */
function placeOf({ identity }: RunSummary): string {
  return identity.startsWith(`${defaultBaseUrl} `) ? identity.slice(defaultBaseUrl.length + 1) : identity
}

/** In a table: the mode first, since the rest may be cut. */
function shownPlace({ identity }: RunSummary): string {
  const [where = '', mode = '', ...profile] = shownIdentity(identity).split(' ')
  return [mode, ...(where === defaultBaseUrl ? [] : [where]), ...profile].join(' ')
}

async function tableRows(
  { world: { env } }: Context,
  folder: string,
  runs: readonly RunSummary[],
): Promise<Record<string, string>[]> {
  const when = localTime(env.TZ)
  const undone = new Map<string, number>()
  for (const { undoes, done } of runs)
    if (undoes !== undefined) undone.set(undoes, (undone.get(undoes) ?? 0) + done)
  const rows: Record<string, string>[] = []
  for (const summary of runs) {
    const { run } = summary
    const customer = summary.items === 1 ? await customerOf(folder, summary) : ''
    const what = whatOf(summary, undone.get(run) ?? 0)
    rows.push({ run, when: when(Date.parse(summary.when)), what, customer, place: shownPlace(summary) })
  }
  return rows
}

/**
 * What a run did: `delete of 200 · 190 done · 2 undone`. The journal does not have all rows of a file whose import was
 * interrupted, so of an import it says what was done.
 */
function whatOf({ command, items, done, running, forgotten }: RunSummary, undone: number): string {
  const isUndone = undone > 0 && undone >= done
  return [
    `${command} of ${digits(command === 'import' ? done : items)}`,
    ...(running ? ['running'] : []),
    ...(done < items && command !== 'import' ? [`${digits(done)} done`] : []),
    ...(done < items && command === 'import' && !running ? ['incomplete'] : []),
    ...(undone > 0 ? [isUndone ? 'undone' : `${digits(undone)} undone`] : []),
    ...(forgotten ? ['erased'] : []),
  ].join(' · ')
}

/** The customer of a run of one: the e-mail, or the id if the journal has no e-mail; `erased` if it was erased. */
async function customerOf(folder: string, { run, forgotten, undoes }: RunSummary): Promise<string> {
  // A run that is damaged after its first line is reported by `runs show`.
  const itemsOf = async (id: string) => (await readRun(folder, id).catch(() => undefined))?.items
  const [only] = [...((await itemsOf(run))?.values() ?? [])]
  if (forgotten || only?.intent?.forgotten) return 'erased'
  const { outcome } = only ?? {}
  // An undo has no record of its own.
  const intent = undoes === undefined ? only?.intent : (await itemsOf(undoes))?.get(only?.item ?? '')?.intent
  const email = intent?.record?.email
  return typeof email === 'string' && email !== ''
    ? email
    : (outcome?.id ?? outcome?.newId ?? only?.item ?? '')
}

/** Formats epoch ms as local time: `2026-11-24 09:15`. */
function localTime(timeZone: string | undefined): (at: number) => string {
  const form = { dateStyle: 'short', timeStyle: 'short' } as const
  const formatter = (zone: string | undefined) =>
    new Intl.DateTimeFormat('sv-SE', { ...form, ...(zone ? { timeZone: zone } : {}) })
  let found: Intl.DateTimeFormat
  try {
    found = formatter(timeZone)
  } catch {
    // TZ has other forms than names of zones; Node understands them itself.
    found = formatter(undefined)
  }
  return (at) => found.format(at)
}
