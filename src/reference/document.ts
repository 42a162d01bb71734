import { exitCodes } from '../errors.ts'
import type { ArgumentFacts, CommandFacts, ExitCode, OptionFacts, Reference, ValueFacts } from './describe.ts'
import { environment } from './environment.ts'
import { topicNames } from './topic-names.ts'

/** Raised when something in the document goes away or changes its meaning; what is added raises nothing. */
const documentVersion = 1

/** What `orafi commands --json` prints. What is not there is null, so that every object of a kind has the same keys. */
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
