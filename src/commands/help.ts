import type { Command, CommandUnknownOpts } from '@commander-js/extra-typings'
import leven from 'leven'
import type { Run } from '../context.ts'
import { CliError } from '../errors.ts'
import { guide } from '../reference/guide.ts'
import { topicNames } from '../reference/layout.ts'
import { topics, topicText } from '../reference/topics.ts'
import { visible } from '../visible.ts'

/** `orafi help customers delete` equals `orafi customers delete --help` (docs/contract.md#global-options). */
export function define(command: Command, run: Run, loadAll: () => Promise<CommandUnknownOpts>): void {
  command
    .description(`Show help for a command or a topic: ${topicNames.join(', ')}.`)
    .argument('[command...]', 'a command as typed, or a topic')
    .action(
      run(async ({ world }, words) => {
        const text = topicOf(words, world.stdout.columns || 80)
        if (text === undefined) return commandAt(await loadAll(), words).help()
        await world.stdout.write(text)
      }),
    )
  guide(command, {
    examples: ['orafi help customers delete', 'orafi help exit-codes', 'orafi help safety'],
  })
}

/** The text of a topic; undefined for a command, including one that is listed as a topic. */
function topicOf([name, ...more]: readonly string[], columns: number): string | undefined {
  if (more.length > 0 || !topicNames.some((one) => one === name)) return undefined
  const topic = topics.find((one) => one.name === name)
  return topic === undefined ? undefined : topicText(topic, Math.min(columns, 100))
}

function commandAt(root: CommandUnknownOpts, words: readonly string[]): CommandUnknownOpts {
  let command = root
  for (const word of words) {
    const child = command.commands.find((one) => one.name() === word)
    if (child === undefined) throw unknown(command, word)
    command = child
  }
  return command
}

function unknown(command: CommandUnknownOpts, word: string): CliError {
  const known = command.commands.map((one) => one.name())
  const near = nearest(word, command.parent === null ? [...known, ...topicNames] : known)
  return new CliError('usage', `no help for '${visible(word)}'`, {
    hint: near === undefined ? `available: ${known.join(', ')}` : `Did you mean ${near}?`,
  })
}

/** The maximum edit distance of a suggestion. */
const mostWrong = 3

/**
 * The known word closest to a mistyped one; undefined if none is close. Words that differ too much in length are not
 * compared, so that a long text costs nothing.
 */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const [best] = known
    .filter((word) => Math.abs(word.length - typed.length) <= mostWrong)
    .map((word) => ({ word, distance: leven(typed, word) }))
    .filter(
      ({ word, distance }) => distance <= mostWrong && distance <= Math.max(typed.length, word.length) * 0.6,
    )
    .sort((a, b) => a.distance - b.distance)
  return best?.word
}
