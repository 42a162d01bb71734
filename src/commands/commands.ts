import type { Command, CommandUnknownOpts } from '@commander-js/extra-typings'
import type { Context, Run } from '../context.ts'
import { report } from '../output/result.ts'
import { describe, documentOf } from '../reference/describe.ts'
import { guide } from '../reference/guide.ts'

/** `orafi commands` */
export function define(command: Command, run: Run, loadAll: () => Promise<CommandUnknownOpts>): void {
  command
    .description('List every command. With --json, describe every option, value, default and exit code.')
    .action(run(async (context) => list(context, await loadAll())))
  guide(command, {
    json: '{"version": 1, "program", "release", "description", "globalOptions", "commands": [{"command", "summary", "description", "usage", "arguments", "options", "commands", "json", "notes", "examples", "exitCodes"}], "exitCodes", "environment", "topics"}. An option whose "value" is null takes no value; "values" lists the accepted values, or is null if any are. "version" is incremented when something is removed or changes meaning.',
    examples: [
      'orafi commands',
      `orafi commands --json | jq -r '.commands[] | select(.exitCodes[].exitCode == 6).command'`,
    ],
  })
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
