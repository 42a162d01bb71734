import type { Argument, CommandUnknownOpts, Help, Option } from '@commander-js/extra-typings'
import data from './guides.json' with { type: 'json' }

/** What `guides.json` says of a command; its own file has its arguments and options. */
export interface Guide {
  /** The heading in the help of the program, for it and the commands that follow. */
  readonly heading?: string
  /** Its arguments, as the help of the program shows them. */
  readonly takes?: string
  /** For the help of the program: a few words. */
  readonly summary: string
  readonly description: string
  /** Two or more command lines to copy. */
  readonly examples: readonly string[]
  /**
   * Exit codes besides those of every command (0, 1, 2 and the interrupted ones): the meaning for this command if that is
   * more specific than the usual one, and the `error.code` if the exit code has several.
   */
  readonly exits?: readonly { readonly exit: number; readonly meaning?: string; readonly code?: string }[]
  /** What `--json` prints. */
  readonly json?: string
  /** Further paragraphs, separated by empty lines. */
  readonly notes?: string
}

/** Every command by its words, in the order of the help, each group before its commands. */
export const guides: Readonly<Record<string, Guide>> = data

/** What the help, the man page, docs/ and `orafi commands` say of a command. */
export function guideOf(command: CommandUnknownOpts): Guide {
  return guides[wordsOf(command).join(' ')] ?? { summary: '', description: '', examples: [] }
}

/** The topics of `orafi help`. */
export const topicNames = ['exit-codes', 'environment', 'formats', 'safety', 'sandbox'] as const

/** The layout of the help, for commander's `configureHelp`. */
export const helpLayout = {
  // Groups also list their commands.
  subcommandDescription: (command: CommandUnknownOpts) =>
    [command.summary(), command.commands.map((one) => one.name()).join(', ')].filter(Boolean).join(': '),
  optionDescription,
  argumentDescription: (argument: Argument) => withChoices(argument.description, argument.argChoices),
  formatHelp,
}

/** The words of a command, including the name of the program. */
export function wordsOf(command: CommandUnknownOpts): string[] {
  const own = [command.name()]
  return command.parent === null ? own : [...wordsOf(command.parent), ...own]
}

/** `orafi customers get <id...> [options]` */
export function usageOf(command: CommandUnknownOpts): string {
  const rest = command.commands.length > 0 ? ['<command>'] : argumentsOf(command)
  return [...wordsOf(command), ...rest, '[options]'].join(' ')
}

/** The description of an option, with its choices and default. */
export function optionDescription(option: Option): string {
  const text = withChoices(option.description, option.argChoices)
  const { defaultValue, defaultValueDescription } = option
  if (defaultValue === undefined || option.isBoolean()) return text
  return `${text} (default: ${defaultValueDescription ?? String(defaultValue)})`
}

function withChoices(text: string, choices: readonly string[] | undefined): string {
  if (choices === undefined || choices.every((choice) => text.includes(choice))) return text
  return `${text}: ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`
}

function argumentsOf(command: CommandUnknownOpts): string[] {
  return command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`
    return argument.required ? `<${name}>` : `[${name}]`
  })
}

/** Commands come first, for users who type `orafi` alone. */
function formatHelp(command: CommandUnknownOpts, helper: Help): string {
  const width = helper.helpWidth ?? 80
  const { examples, json, notes } = guideOf(command)
  const paragraphs = [json === undefined ? '' : `With --json: ${json}`, ...(notes?.split('\n\n') ?? [])]
  const sections = [
    `Usage: ${usageOf(command)}`,
    helper.boxWrap(command.description(), width),
    ...itemSections(command, helper),
    ...paragraphs.filter((text) => text !== '').map((text) => helper.boxWrap(text, width)),
    exitSection(command, helper),
    command.parent === null ? '' : globalSection(command, helper),
    section(
      'Examples:',
      examples.map((line) => `  $ ${line}`),
    ),
    command.parent === null ? helper.boxWrap(more, width) : '',
  ]
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [title, ...lines].join('\n')
}

function itemSections(command: CommandUnknownOpts, helper: Help): string[] {
  const options = command.parent === null ? helper.visibleOptions(command) : command.options
  const groups = [
    ...grouped(
      command.commands,
      (one) => one.helpGroup() || 'Commands:',
      (one) => [helper.subcommandTerm(one), helper.subcommandDescription(one)],
    ),
    ...grouped(
      command.registeredArguments,
      () => 'Arguments:',
      (one) => [one.name(), helper.argumentDescription(one)],
    ),
    ...grouped(
      options.filter((one) => !one.hidden),
      (one) => one.helpGroupHeading ?? 'Options:',
      (one) => [one.flags, helper.optionDescription(one)],
    ),
  ]
  const width = Math.max(0, ...groups.flatMap(([, rows]) => rows.map(([term]) => term.length)))
  return groups.map(([title, rows]) =>
    section(
      title,
      rows.map(([term, text]) => helper.formatItem(term, width, text, helper)),
    ),
  )
}

type Row = readonly [term: string, text: string]

function grouped<Item>(
  items: readonly Item[],
  groupOf: (item: Item) => string,
  rowOf: (item: Item) => Row,
): [string, Row[]][] {
  const groups = new Map<string, Row[]>()
  for (const item of items) {
    const rows = groups.get(groupOf(item)) ?? []
    groups.set(groupOf(item), [...rows, rowOf(item)])
  }
  return [...groups]
}

function exitSection(command: CommandUnknownOpts, helper: Help): string {
  const rows = ownMeanings(guideOf(command)).map(([exit, meaning]) =>
    helper.formatItem(exit, 3, meaning, helper),
  )
  return section('Exit codes (for all of them, see orafi help exit-codes):', rows)
}

/** The exit codes that mean something more specific for a command. */
export function ownMeanings({ exits = [] }: Guide): (readonly [exit: string, meaning: string])[] {
  return exits.flatMap(({ exit, meaning }) =>
    meaning === undefined ? [] : [[String(exit), meaning] as const],
  )
}

/** The global options by name only: their descriptions would bury the command's own options. */
function globalSection(command: CommandUnknownOpts, helper: Help): string {
  let root = command
  while (root.parent !== null) root = root.parent
  const groups = grouped(
    helper.visibleOptions(root),
    (one) => (one.helpGroupHeading ?? 'Other options:').replace(/ options:$/, ''),
    (one) => [one.long ?? one.flags, ''],
  )
  const width = Math.max(...groups.map(([name]) => name.length))
  const rows = groups.map(([name, options]) =>
    helper.formatItem(name, width, options.map(([flag]) => flag).join(' '), helper),
  )
  return section('Global options (explained in orafi --help):', rows)
}

const more = `Global options can be given before or after any command. Learn more with orafi help COMMAND, or orafi help TOPIC: ${topicNames.join(', ')}.`
