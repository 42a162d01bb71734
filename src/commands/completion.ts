import { Argument, type Command, type CommandUnknownOpts } from '@commander-js/extra-typings'
import type { Context, Run } from '../context.ts'
import { completions } from '../reference/completion.ts'
import { describe } from '../reference/describe.ts'
import { guide } from '../reference/guide.ts'
import { type Shell, shellNames } from '../reference/shell-names.ts'

/** `orafi completion SHELL` */
export function define(command: Command, run: Run, whole: () => Promise<CommandUnknownOpts>): void {
  command
    .description('Print a script that completes commands, options and their values in your shell.')
    .addArgument(new Argument('<shell>', 'the shell to print a script for').choices(shellNames))
    .action(run(async (context, shell) => complete(context, await whole(), shell)))
  guide(command, {
    notes:
      'The script contains all completions and needs no network; print it again after an upgrade. The folder must exist and, for zsh, be in fpath. To try it in the current shell: source <(orafi completion bash); in fish: orafi completion fish | source.',
    examples: [
      'orafi completion bash > ~/.local/share/bash-completion/completions/orafi',
      'orafi completion zsh > ~/.zfunc/_orafi',
      'orafi completion fish > ~/.config/fish/completions/orafi.fish',
    ],
  })
}

async function complete({ world }: Context, program: CommandUnknownOpts, shell: Shell): Promise<void> {
  await world.stdout.write(completions[shell](describe(program)))
}
