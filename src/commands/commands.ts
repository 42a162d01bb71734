import type { Command, CommandUnknownOpts } from '@commander-js/extra-typings'
import type { Context, Run } from '../context.ts'
import { report } from '../output/result.ts'
import { describe, documentOf } from '../reference/describe.ts'

/** `orafi commands` */
export function define(command: Command, run: Run, loadAll: () => Promise<CommandUnknownOpts>): void {
  command.action(run(async (context) => list(context, await loadAll())))
}

async function list(context: Context, program: CommandUnknownOpts): Promise<void> {
  const reference = describe(program)
  const rows = reference.commands
    .filter(({ commands }) => commands.length === 0)
    .map(({ words, summary }) => ({ command: words.join(' '), summary }))
  const columns = [
    { key: 'command', title: 'COMMAND' },
    { key: 'summary', title: 'WHAT IT DOES', least: 20 },
  ]
  await context.print(report(documentOf(reference), rows, columns))
}
