import { join } from 'node:path'
import type { Command } from '@commander-js/extra-typings'
import type { Context, Run } from '../../context.ts'
import type { RunItem } from '../../journal/read.ts'
import { type Column, report } from '../../output/result.ts'
import { guide } from '../../reference/guide.ts'

const columns: readonly Column[] = [
  { key: 'item', title: 'ITEM' },
  { key: 'outcome', title: 'OUTCOME' },
  { key: 'newId', title: 'NEW ID' },
  { key: 'email', title: 'EMAIL' },
  { key: 'message', title: 'MESSAGE', least: 10 },
]

/** `orafi runs show RUN` */
export function define(parent: Command, run: Run): void {
  const command = parent
    .command('show')
    .summary('show what became of each item of a run')
    .description('Show what a run was about and what became of each item.')
    .argument('<run>', 'its id, as orafi runs list shows it')
    .action(run(show))
  guide(command, {
    exits: [[3, 'there is no such run']],
    json: 'the run, and in "data" its items; an "outcome" of null is unknown. With --ndjson an item a line. Both hold the deleted records whole.',
    examples: [
      'orafi runs show 20261124-081535-k3f9',
      "orafi runs show 20261124-081535-k3f9 --json | jq '.data[].record'",
    ],
  })
}

async function show(context: Context, id: string): Promise<void> {
  const [{ readRun }, { isDone }] = await Promise.all([
    import('../../journal/read.ts'),
    import('../../journal/records.ts'),
  ])
  const { state } = await context.folders()
  const { header, forgotten, items } = await readRun(join(state, 'runs'), id)
  const { v: _, type: __, ...about } = header
  const all = [...items.values()]
  const done = all.filter(({ outcome }) => outcome !== undefined && isDone(outcome)).length
  await context.print(
    report(
      { ...about, forgotten, items: all.length, done, data: all.map(documentOf) },
      all.map(rowOf),
      columns,
    ),
  )
  const { when, who, command, identity, undoes } = about
  const what = undoes === undefined ? command : `${command} of ${undoes}`
  await context.note(`${what} · ${when} · ${who} · ${identity}`)
  if (forgotten) await context.note('its personal data was erased; it cannot be undone')
}

function documentOf({ item, intent, outcome }: RunItem): object {
  const { item: _, at: intended, ...before } = intent ?? { item, at: undefined }
  const { item: __, at: ended, outcome: name = null, ...after } = outcome ?? { item, at: undefined }
  const times = { intendedAt: timeOf(intended), endedAt: timeOf(ended) }
  return { item, outcome: name, ...after, ...times, ...before }
}

function timeOf(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString()
}

function rowOf({ item, intent, outcome }: RunItem): Record<string, string> {
  const email = intent?.record?.email
  return {
    item,
    outcome: outcome?.outcome ?? 'unknown',
    newId: outcome?.newId ?? outcome?.id ?? '',
    email: typeof email === 'string' ? email : '',
    message: outcome?.message ?? '',
  }
}
