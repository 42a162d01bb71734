import { Argument, type Command, type CommandUnknownOpts } from '@commander-js/extra-typings'
import type { Context, Run } from '../context.ts'
import { bashCompletion } from '../reference/bash.ts'
import { type Shell, shellNames } from '../reference/completion.ts'
import { describe, type Reference } from '../reference/describe.ts'
import { fishCompletion } from '../reference/fish.ts'
import { zshCompletion } from '../reference/zsh.ts'

const completions: Readonly<Record<Shell, (reference: Reference) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
}

/** `orafi completion SHELL` */
export function define(command: Command, run: Run, loadAll: () => Promise<CommandUnknownOpts>): void {
  command
    .addArgument(new Argument('<shell>', 'the shell to print a script for').choices(shellNames))
    .action(run(async (context, shell) => complete(context, await loadAll(), shell)))
}

async function complete({ world }: Context, program: CommandUnknownOpts, shell: Shell): Promise<void> {
  await world.stdout.write(completions[shell](describe(program)))
}
