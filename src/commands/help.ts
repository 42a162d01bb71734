import type { Command, CommandUnknownOpts } from '@commander-js/extra-typings'
import type { Run } from '../context.ts'
import { CliError } from '../errors.ts'
import { topicNames, wordsOf } from '../reference/layout.ts'
import { meantCommand, nearest } from '../reference/suggestions.ts'
import synonyms from '../reference/synonyms.json' with { type: 'json' }
import { topics, topicText } from '../reference/topics.ts'
import { visible } from '../visible.ts'

/** `orafi help customers delete` equals `orafi customers delete --help` (docs/contract.md#global-options). */
export function define(command: Command, run: Run, loadAll: () => Promise<CommandUnknownOpts>): void {
  command.argument('[command...]', 'a command or a topic').action(
    run(async ({ world }, words) => {
      const text = topicOf(words, world.stdout.columns || 80)
      if (text === undefined) return commandAt(await loadAll(), words).help()
      await world.stdout.write(text)
    }),
  )
}

/** The text of a topic; undefined for a command, including one that is listed as a topic. */
function topicOf([name, ...more]: readonly string[], columns: number): string | undefined {
  if (more.length > 0 || !topicNames.some((one) => one === name)) return undefined
  const topic = topics.find((one) => one.name === name)
  return topic === undefined ? undefined : topicText(topic, Math.min(columns, 100))
}

function commandAt(root: CommandUnknownOpts, words: readonly string[]): CommandUnknownOpts {
  let command = root
  for (const [index, word] of words.entries()) {
    const child = command.commands.find((one) => one.name() === word)
    if (child === undefined) throw unknown(command, words.slice(index))
    command = child
  }
  return command
}

function unknown(command: CommandUnknownOpts, words: readonly string[]): CliError {
  const [word = ''] = words
  const known = command.commands.map((one) => one.name())
  return new CliError('usage', `no help for '${visible(word)}'`, {
    hint: meantHelp(command, words) ?? `available: ${known.join(', ')}`,
  })
}

function meantHelp(command: CommandUnknownOpts, words: readonly string[]): string | undefined {
  const phrase = words.join(' ').toLowerCase()
  const topics: readonly string[] = command.parent === null ? topicNames : []
  const topicWords: Readonly<Record<string, string>> = synonyms.topicWords
  const commands = command.commands.map((one) => one.name())
  const near = nearest(words[0] ?? '', [...commands, ...topics])
  const topic =
    topics.find((name) => topicWords[name]?.split(', ').includes(phrase)) ??
    topics.find((name) => name === near)
  if (topic !== undefined) return `Did you mean ${topic}?`
  const meant = meantCommand(command, words)
  if (meant === undefined || typeof meant === 'string') return meant
  const path = wordsOf(meant).slice(1).join(' ')
  return `Did you mean ${meant.parent === command ? meant.name() : path}?`
}
