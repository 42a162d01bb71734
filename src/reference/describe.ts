import type { Argument, CommandUnknownOpts, Option } from '@commander-js/extra-typings'
import { type ErrorCode, exitCodes } from '../errors.ts'
import { type Guide, guideOf, optionDescription, topicNames, usageOf, wordsOf } from './layout.ts'
import { environment } from './topics.ts'

/**
 * The kind of a value. Without choices it follows from the name in brackets: `<file>` is a file, `<run>` a run in the
 * journal, `[command...]` the words of a command. A plural name with choices takes a comma-separated list of them.
 * Everything else is `text`.
 */
export type Kind = 'choice' | 'list' | 'file' | 'run' | 'command' | 'text'

/** The value of an option or an argument. */
export interface ValueFacts {
  readonly name: string
  readonly kind: Kind
  readonly choices: readonly string[]
}

export interface OptionFacts {
  /** As help shows them: `-y, --yes`, `--mode <mode>`. */
  readonly flags: string
  readonly long: string
  readonly short: string | undefined
  /** As help shows it, with choices and default. */
  readonly description: string
  readonly group: string | undefined
  /** Undefined for a switch. */
  readonly value: ValueFacts | undefined
  readonly default: unknown
}

export interface ArgumentFacts extends ValueFacts {
  readonly description: string
  readonly required: boolean
  readonly variadic: boolean
}

/** A command or a group of commands, as data. */
export interface CommandFacts extends Guide {
  /** The words after `orafi`. */
  readonly words: readonly string[]
  readonly summary: string
  readonly description: string
  readonly usage: string
  readonly arguments: readonly ArgumentFacts[]
  readonly options: readonly OptionFacts[]
  /** The names of the commands in it. */
  readonly commands: readonly string[]
  /** All exit codes of the command. */
  readonly allExits: readonly ExitCode[]
}

/** The whole command line as data, for completion, man page, docs and `orafi commands`. */
export interface Reference {
  readonly description: string
  readonly version: string
  readonly globalOptions: readonly OptionFacts[]
  readonly examples: readonly string[]
  /** In the order of the help, each group before its commands. */
  readonly commands: readonly CommandFacts[]
}

/** An exit code, its `error.code`, and its meaning for a command. */
export interface ExitCode {
  readonly exit: number
  readonly code: ErrorCode | undefined
  readonly meaning: string
}

/** The exit codes of every command, and the `error.code` of one of them that few commands have. */
const commonExits: readonly number[] = [0, 1, 2, 129, 130, 143]
const rare: ErrorCode = 'exists'

/** Describes a commander program. */
export function describe(program: CommandUnknownOpts): Reference {
  return {
    description: program.description(),
    version: program.version() ?? '',
    globalOptions: program.createHelp().visibleOptions(program).map(optionFacts),
    examples: guideOf(program).examples,
    commands: program.commands.flatMap(commandFacts),
  }
}

function commandFacts(command: CommandUnknownOpts): CommandFacts[] {
  const guide = guideOf(command)
  const own: CommandFacts = {
    ...guide,
    words: wordsOf(command).slice(1),
    summary: command.summary(),
    description: command.description(),
    usage: usageOf(command),
    arguments: command.registeredArguments.map(argumentFacts),
    options: command.options.filter((option) => !option.hidden).map(optionFacts),
    commands: command.commands.map((child) => child.name()),
    allExits: allExits(guide),
  }
  return [own, ...command.commands.flatMap(commandFacts)]
}

function argumentFacts(argument: Argument): ArgumentFacts {
  return {
    ...valueFacts(argument.name(), argument.argChoices),
    description: argument.description,
    required: argument.required,
    variadic: argument.variadic,
  }
}

function optionFacts(option: Option): OptionFacts {
  const name = /[<[]([^\]>.]+)/.exec(option.flags)?.[1]
  return {
    flags: option.flags,
    long: option.long ?? option.flags,
    short: option.short,
    description: optionDescription(option),
    group: option.helpGroupHeading,
    value: name === undefined ? undefined : valueFacts(name, option.argChoices),
    default: name === undefined ? undefined : option.defaultValue,
  }
}

function valueFacts(name: string, choices: readonly string[] | undefined): ValueFacts {
  return { name, kind: kindOf(name, choices), choices: choices ?? [] }
}

function kindOf(name: string, choices: readonly string[] | undefined): Kind {
  if (choices !== undefined) return name.endsWith('s') ? 'list' : 'choice'
  return name === 'file' || name === 'run' || name === 'command' ? name : 'text'
}

/** The common exit codes and the command's own, in order, with their meaning for it. */
function allExits({ exits = [] }: Guide): ExitCode[] {
  return exitCodes.flatMap((known) => {
    const found = exits.find(({ exit, code }) => exit === known.exit && (code ?? known.code) === known.code)
    if (found === undefined && (known.code === rare || !commonExits.includes(known.exit))) return []
    return [{ ...known, meaning: found?.meaning ?? known.meaning }]
  })
}

/** Incremented when a field of the document is removed or changes its meaning, not when one is added. */
const documentVersion = 1

/** What `orafi commands --json` prints. Missing values are null, so that all objects of a kind have the same keys. */
export function documentOf(reference: Reference): object {
  return {
    version: documentVersion,
    program: 'orafi',
    release: reference.version,
    description: reference.description,
    globalOptions: reference.globalOptions.map(optionOf),
    commands: reference.commands.map(commandOf),
    exitCodes: exitCodes.map(exitOf),
    environment: environment.flatMap(({ names, meaning }) => names.map((name) => ({ name, meaning }))),
    topics: topicNames,
  }
}

function commandOf(command: CommandFacts): object {
  const { words, summary, description, usage, options, examples, json, notes, allExits } = command
  return {
    command: words.join(' '),
    summary,
    description,
    usage,
    arguments: command.arguments.map(argumentOf),
    options: options.map(optionOf),
    commands: command.commands,
    json: json ?? null,
    notes: notes ?? null,
    examples,
    exitCodes: allExits.map(exitOf),
  }
}

function argumentOf({ description, required, variadic, ...value }: ArgumentFacts): object {
  return { ...takenOf(value), description, required, variadic }
}

function optionOf({ long, short, description, value, default: usual }: OptionFacts): object {
  return {
    option: long,
    short: short ?? null,
    description,
    value: value === undefined ? null : takenOf(value),
    default: usual ?? null,
  }
}

function takenOf({ name, kind, choices }: ValueFacts): object {
  return { name, kind, values: choices.length === 0 ? null : choices }
}

function exitOf({ exit, code, meaning }: ExitCode): object {
  return { exitCode: exit, code: code ?? null, meaning }
}
