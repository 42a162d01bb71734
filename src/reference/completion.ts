import type { ArgumentFacts, OptionFacts, Reference } from './describe.ts'
import { topicNames } from './layout.ts'

/** The shells that there is completion for. */
export const shellNames = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shellNames)[number]

/** A place in a command line, and what may follow there; what completion scripts are made of. */
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

/** Every command and group, the program itself first; and `help`, below which the same words stand again. */
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

/** A topic that is the name of a command is offered as the command. */
function topicsBeside(commands: readonly Child[]): Child[] {
  return topicNames
    .filter((topic) => commands.every(({ name }) => name !== topic))
    .map((name) => ({ name, summary: 'a topic' }))
}

/** `-y` and `--yes`: all that an option may be typed as. */
export function spellings({ long, short }: OptionFacts): string[] {
  return short === undefined ? [long] : [short, long]
}

/** Whether all values are in capitals: then they are offered whatever case was typed. */
export function inCapitals(choices: readonly string[]): boolean {
  return choices.every((choice) => choice === choice.toUpperCase())
}
