import { Help } from '@commander-js/extra-typings'
import { exitCodes } from '../errors.ts'
import data from './topics.json' with { type: 'json' }

/** All environment variables (docs/contract.md#environment). */
export const environment: readonly { readonly names: readonly string[]; readonly meaning: string }[] =
  data.environment

type Items = readonly (readonly [term: string, text: string])[]

/** A paragraph, a list of terms with their meaning, or command lines. */
export type Block = string | { readonly items: Items } | { readonly commands: readonly string[] }

/** A help topic, for the terminal, the man page and docs/. */
export interface Topic {
  readonly name: string
  readonly title: string
  readonly blocks: readonly Block[]
}

/** A block in `topics.json`: a paragraph, command lines, terms, or the name of one of the `tables`. */
type StoredBlock =
  | string
  | {
      readonly commands?: readonly string[]
      readonly items?: Readonly<Record<string, string>>
      readonly table?: string
    }

/** Lists that are not in `topics.json`, by their names there. */
const tables: Readonly<Record<string, Items>> = {
  'exit-codes': exitCodes.map(({ exit, code, meaning }) => [
    String(exit),
    code === undefined ? meaning : `${code}: ${meaning}`,
  ]),
  environment: environment.map(({ names, meaning }) => [names.join(', '), meaning]),
}

/** All topics except `sandbox`, which is the help of the command of that name. */
export const topics: readonly Topic[] = data.topics.map(({ blocks, ...topic }) => ({
  ...topic,
  blocks: blocks.map(blockOf),
}))

function blockOf(block: StoredBlock): Block {
  if (typeof block === 'string') return block
  const { commands, items = {}, table = '' } = block
  return commands === undefined ? { items: tables[table] ?? Object.entries(items) } : { commands }
}

/** Wraps a text at `width` characters; lines after the first are indented by `indent` spaces. */
function wrapped(text: string, width: number, indent = 0): string {
  // Commander leaves texts as they are on narrow terminals.
  const help = Object.assign(new Help(), { minWidthToWrap: 0 })
  return help.boxWrap(text, Math.max(0, width - indent)).replaceAll('\n', `\n${' '.repeat(indent)}`)
}

/** A topic as text, wrapped at `width` characters. */
export function topicText(topic: Topic, width: number): string {
  return `${topic.title}\n\n${topic.blocks.map((block) => blockText(block, width)).join('\n\n')}\n`
}

/** Terms up to this many characters are printed beside their text, longer ones above it. */
const longestBeside = 18

function blockText(block: Block, width: number): string {
  if (typeof block === 'string') return wrapped(block, width)
  if ('commands' in block) return block.commands.map((line) => `  $ ${line}`).join('\n')
  const terms = block.items.map(([term]) => term.length).filter((length) => length <= longestBeside)
  const indent = Math.max(...terms) + 4
  return block.items
    .map(([term, text]) => {
      const beside =
        term.length <= longestBeside ? `  ${term.padEnd(indent - 2)}` : `  ${term}\n${' '.repeat(indent)}`
      return beside + wrapped(text, width, indent)
    })
    .join('\n')
}
