import { Command, type CommandUnknownOpts, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { documentedFields } from './api/customer.ts'
import * as commands from './commands/commands.ts'
import * as completion from './commands/completion.ts'
import * as customersCreate from './commands/customers/create.ts'
import * as customersDelete from './commands/customers/delete.ts'
import * as customersDuplicates from './commands/customers/duplicates.ts'
import * as customersExport from './commands/customers/export.ts'
import * as customersFind from './commands/customers/find.ts'
import * as customersGet from './commands/customers/get.ts'
import * as customersImport from './commands/customers/import.ts'
import * as customersList from './commands/customers/list.ts'
import { customers, runs, sandbox } from './commands/groups.ts'
import * as help from './commands/help.ts'
import * as login from './commands/login.ts'
import * as logout from './commands/logout.ts'
import { count, seconds, secondsOrNone } from './commands/options.ts'
import * as runsForget from './commands/runs/forget.ts'
import * as runsList from './commands/runs/list.ts'
import * as runsShow from './commands/runs/show.ts'
import * as runsUndo from './commands/runs/undo.ts'
import * as sandboxReset from './commands/sandbox/reset.ts'
import * as sandboxServe from './commands/sandbox/serve.ts'
import * as use from './commands/use.ts'
import * as whoami from './commands/whoami.ts'
import type { Context, Run } from './context.ts'
import type { GlobalOptions, Prints } from './globals.ts'
import { parseFields } from './output/fields.ts'
import { guide } from './reference/guide.ts'
import { helpLayout } from './reference/layout.ts'
import { version } from './version.ts'

/** What a program needs of the outside: where its own text goes, how wide that is, and how a context is opened. */
export interface Surroundings {
  readonly columns: number | undefined
  /** Help and version, for stdout; commander writes and does not wait. */
  out(text: string): void
  open(globals: GlobalOptions, prints: Prints): Context
}

/**
 * The command tree. Every command's file adds itself below its parent. Errors in parsing come out as commander's
 * own, for `main` to translate.
 */
export function buildProgram(surroundings: Surroundings): CommandUnknownOpts {
  const program = root(surroundings)
  const run: Run =
    (work, prints = 'report') =>
    async (...args) => {
      await work(surroundings.open(program.opts(), prints), ...args)
    }
  program.commandsGroup('Commands:')
  const ofCustomers = customers(program)
  for (const one of [
    customersList,
    customersGet,
    customersFind,
    customersCreate,
    customersDelete,
    customersDuplicates,
    customersImport,
    customersExport,
  ]) {
    one.define(ofCustomers, run)
  }
  const ofRuns = runs(program)
  for (const one of [runsList, runsShow, runsUndo, runsForget]) one.define(ofRuns, run)
  program.commandsGroup('Keys and profiles:')
  for (const one of [login, logout, whoami, use]) one.define(program, run)
  program.commandsGroup('Trying and learning:')
  const ofSandbox = sandbox(program)
  for (const one of [sandboxServe, sandboxReset]) one.define(ofSandbox, run)
  for (const one of [help, completion, commands]) one.define(program, run)
  guardValues(program, new Set(flagsOf(program)))
  return program
}

function root(surroundings: Surroundings) {
  const width = (): number => surroundings.columns || 80
  const program = new Command('orafi')
    .description('Manage the customers of an Orafi account.')
    .exitOverride()
    .configureOutput({
      writeOut: surroundings.out,
      // Commander sends help here when a subcommand is missing; its errors are rendered by `main`.
      writeErr: surroundings.out,
      outputError: () => undefined,
      getOutHelpWidth: width,
      getErrHelpWidth: width,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp(helpLayout)
    .helpCommand(false)
    .optionsGroup('Output options:')
    .option('--json', 'one JSON document on stdout; errors as JSON on stderr')
    .option('--ndjson', 'one JSON record a line, as they arrive')
    .option('--csv', 'CSV with a header row (RFC 4180)')
    .option('--excel-safe', "with --csv: guard cells that a spreadsheet would run, with a leading '")
    .addOption(
      new Option('--fields <names>', 'columns to print, in this order, with commas between')
        .choices(documentedFields)
        .argParser(parseFields),
    )
    .optionsGroup('Account options:')
    .option('--test', 'insist on a test key')
    .option('--live', 'insist on a live key')
    .option('--profile <name>', 'use the keys of this stored profile')
    .option('--sandbox', 'work on an Orafi inside this process; no key, no network')
    .optionsGroup('Request options:')
    .addOption(
      new Option('--timeout <seconds>', 'for one attempt of one request')
        .argParser(seconds)
        .default(30, '30'),
    )
    .addOption(
      new Option('--retries <n>', 'how often a request is tried again').argParser(count).default(3, '3'),
    )
    .addOption(
      new Option(
        '--max-wait <seconds>',
        'longest single wait for a rate limit (60; no limit in bulk)',
      ).argParser(secondsOrNone),
    )
    .optionsGroup('Terminal options:')
    .option('-q, --quiet', 'no notes and no progress on stderr')
    .option('--debug', 'show each request, its status and its time on stderr')
    .option('--no-input', 'never ask')
    .option('--no-color', 'no colour')
    .optionsGroup('Other options:')
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show the help of a command')
  guide(program, {
    examples: [
      'orafi customers list --sandbox --spent ABOVE500USDT',
      "orafi customers find 'melvin charles' --json",
      'orafi customers delete --ids-from old.csv --dry-run',
    ],
  })
  return program
}

/**
 * `--firstname --json` would take the flag for the name (and print no JSON). A value that is one of our own flags is
 * refused wherever an option takes a value.
 */
function guardValues(command: CommandUnknownOpts, flags: ReadonlySet<string>): void {
  for (const option of command.options) {
    if (!option.required) continue
    const parse = option.parseArg
    option.parseArg = <T>(value: string, previous: T): T => {
      if (flags.has(value))
        throw new InvalidArgumentError(`${value} is a flag; ${option.long} needs a value before it.`)
      return parse === undefined ? (value as T) : parse(value, previous)
    }
  }
  for (const child of command.commands) guardValues(child, flags)
}

function flagsOf(command: CommandUnknownOpts): string[] {
  const own = command.options.flatMap((option) =>
    [option.long, option.short].filter((flag) => flag !== undefined),
  )
  return [...own, '--help', '-h', ...command.commands.flatMap(flagsOf)]
}
