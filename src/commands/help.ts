import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'

/** `orafi help customers delete` equals `orafi customers delete --help` (contract, "Global options"). */
export function define(parent: CommandUnknownOpts): void {
  parent
    .command('help')
    .description('Show the help of a command.')
    .argument('[command...]', 'its words, as typed')
    .action((words: string[]) => commandAt(parent, words).help())
}

function commandAt(root: CommandUnknownOpts, words: readonly string[]): CommandUnknownOpts {
  let command = root
  for (const word of words) {
    const child = command.commands.find((one) => one.name() === word || one.aliases().includes(word))
    if (child === undefined) {
      throw new CliError('usage', `unknown command '${visible(word)}'`, {
        hint: `the commands are: ${command.commands.map((one) => one.name()).join(', ')}`,
      })
    }
    command = child
  }
  return command
}
