import { join } from 'node:path'
import type { Command } from '@commander-js/extra-typings'
import { defaultBaseUrl } from '../../config/environment.ts'
import type { Context, Run } from '../../context.ts'
import type { CliError } from '../../errors.ts'
import { listRuns } from '../../journal/list.ts'
import type { RunSummary } from '../../journal/read.ts'
import { type Column, report } from '../../output/result.ts'
import { guide } from '../../reference/guide.ts'

const columns: readonly Column[] = [
  { key: 'run', title: 'RUN' },
  { key: 'command', title: 'COMMAND' },
  { key: 'items', title: 'ITEMS', align: 'right' },
  { key: 'done', title: 'DONE', align: 'right' },
  { key: 'state', title: 'STATE' },
  { key: 'place', title: 'WHERE' },
  { key: 'who', title: 'WHO', least: 6 },
]

/** `orafi runs list` */
export function define(command: Command, run: Run): void {
  command.description('List the runs recorded on this machine, newest first.').action(run(list))
  guide(command, {
    json: '{"data": [{"run", "when", "who", "command", "identity", "items", "done"}]}',
    notes:
      'A run is one delete, import or undo. ITEMS is the number of customers it covers, DONE the number that succeeded; the state is "running", "forgotten" or empty.',
    examples: ['orafi runs list', "orafi runs list --json | jq -r '.data[0].run'"],
  })
}

async function list(context: Context): Promise<void> {
  const { state } = await context.folders()
  const damaged: CliError[] = []
  const runs = await listRuns(join(state, 'runs'), context.world.owner, (error) => damaged.push(error))
  await context.print(report({ data: runs.map(documentOf) }, runs.map(rowOf), columns))
  if (runs.length === 0 && damaged.length === 0) await context.note('no runs yet')
  const [first, ...others] = damaged
  for (const error of others) await context.warn(`warning: ${error.message}`)
  if (first) throw first
}

function documentOf({ run, when, who, command, identity, items, done }: RunSummary): object {
  return { run, when, who, command, identity, items, done }
}

function rowOf(summary: RunSummary): Record<string, string> {
  const { run, who, command, identity, items, done, running, forgotten } = summary
  const state = running ? 'running' : forgotten ? 'forgotten' : ''
  // The default base URL is left out.
  const place = identity.startsWith(`${defaultBaseUrl} `)
    ? identity.slice(defaultBaseUrl.length + 1)
    : identity
  return { run, who, command, place, items: String(items), done: String(done), state }
}
