import type { ArgumentFacts, OptionFacts, Reference } from './describe.ts'
import { topicNames } from './layout.ts'

/** The supported shells. */
export const shellNames = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shellNames)[number]

/** A position in a command line, and what may follow there. */
export interface Node {
  /** The words so far, after `orafi`. */
  readonly words: readonly string[]
  readonly children: readonly Child[]
  readonly options: readonly OptionFacts[]
  readonly arguments: readonly ArgumentFacts[]
}

export interface Child {
  readonly name: string
  readonly summary: string
}

/** The program itself, every command and group, and `help` with the same words below it. */
export function nodesOf({ commands }: Reference): Node[] {
  const childrenOf = (words: readonly string[]): Child[] =>
    commands
      .filter(
        (one) => one.words.length === words.length + 1 && words.every((word, at) => one.words[at] === word),
      )
      .map(({ words: own, summary }) => ({ name: own.at(-1) ?? '', summary }))
  const plain = commands.map(({ words, options, arguments: taken }) => {
    const known = words.length === 1 && words[0] === 'help'
    return {
      words,
      options,
      children: known ? [...childrenOf([]), ...topicsBeside(childrenOf([]))] : childrenOf(words),
      arguments: known ? [] : taken,
    }
  })
  const groups = commands.filter((one) => one.commands.length > 0)
  const below = groups.map(({ words }) => node(['help', ...words], childrenOf(words)))
  return [node([], childrenOf([])), ...plain, ...below]
}

function node(words: readonly string[], children: readonly Child[]): Node {
  return { words, children, options: [], arguments: [] }
}

/** The topics, without those that have the name of a command. */
function topicsBeside(commands: readonly Child[]): Child[] {
  return topicNames
    .filter((topic) => commands.every(({ name }) => name !== topic))
    .map((name) => ({ name, summary: 'a topic' }))
}

/** All spellings of an option: `-y` and `--yes`. */
export function spellings({ long, short }: OptionFacts): string[] {
  return short === undefined ? [long] : [short, long]
}

/** Whether all values are in upper case; then completion ignores the case of what was typed. */
export function inCapitals(choices: readonly string[]): boolean {
  return choices.every((choice) => choice === choice.toUpperCase())
}
