import { Command, type CommandUnknownOpts, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { documentedFields } from './api/customer.ts'
import { define as commands } from './commands/commands.ts'
import { define as completion } from './commands/completion.ts'
import { define as customersCreate } from './commands/customers/create.ts'
import { define as customersDelete } from './commands/customers/delete.ts'
import { define as customersDuplicates } from './commands/customers/duplicates.ts'
import { define as customersExport } from './commands/customers/export.ts'
import { define as customersFind } from './commands/customers/find.ts'
import { define as customersGet } from './commands/customers/get.ts'
import { define as customersImport } from './commands/customers/import.ts'
import { define as customersList } from './commands/customers/list.ts'
import { customers, runs, sandbox } from './commands/groups.ts'
import { define as help } from './commands/help.ts'
import { define as login } from './commands/login.ts'
import { define as logout } from './commands/logout.ts'
import { count, seconds, secondsOrNone } from './commands/options.ts'
import { define as runsForget } from './commands/runs/forget.ts'
import { define as runsList } from './commands/runs/list.ts'
import { define as runsShow } from './commands/runs/show.ts'
import { define as runsUndo } from './commands/runs/undo.ts'
import { define as sandboxReset } from './commands/sandbox/reset.ts'
import { define as sandboxServe } from './commands/sandbox/serve.ts'
import { define as use } from './commands/use.ts'
import { define as whoami } from './commands/whoami.ts'
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

/** What defines the commands of a group, by their names; asked for when it is needed, for then it is loaded. */
const leaves = {
  customers: {
    list: () => customersList,
    get: () => customersGet,
    find: () => customersFind,
    create: () => customersCreate,
    delete: () => customersDelete,
    duplicates: () => customersDuplicates,
    import: () => customersImport,
    export: () => customersExport,
  },
  runs: { list: () => runsList, show: () => runsShow, undo: () => runsUndo, forget: () => runsForget },
  sandbox: { serve: () => sandboxServe, reset: () => sandboxReset },
}
type Group = keyof typeof leaves

/** The one command of a group that a command line runs. */
interface Leaf {
  readonly group: Group
  readonly name: string
}

/**
 * The command tree. Every command's file adds itself below its parent. Errors in parsing come out as commander's
 * own, for `main` to translate. A command line that needs just one command, and says nothing that another one might
 * know better, is given a tree of that one: making all of them takes a tenth of a start.
 */
export function buildProgram(surroundings: Surroundings, argv: readonly string[] = []): CommandUnknownOpts {
  const leaf = leafOf(argv)
  if (leaf !== undefined) {
    const program = treeOf(surroundings, leaf)
    const flags = new Set(flagsOf(program))
    if (argv.every((word) => !word.startsWith('-') || flags.has(word.split('=', 1)[0] ?? ''))) return program
  }
  return treeOf(surroundings)
}

function leafOf([first = '', name = '']: readonly string[]): Leaf | undefined {
  const group = (Object.keys(leaves) as Group[]).find((one) => one === first)
  return group !== undefined && Object.hasOwn(leaves[group], name) ? { group, name } : undefined
}

/** The whole tree, or the root and one command of a group. */
function treeOf(surroundings: Surroundings, only?: Leaf): CommandUnknownOpts {
  const program = root(surroundings)
  const run: Run =
    (work, prints = 'report') =>
    async (...args) => {
      await work(surroundings.open(program.opts(), prints), ...args)
    }
  const defineGroup = (group: Group, make: (parent: Command) => Command): void => {
    if (only !== undefined && only.group !== group) return
    const parent = make(program)
    for (const [name, define] of Object.entries(leaves[group])) {
      if (only === undefined || only.name === name) define()(parent, run)
    }
  }
  program.commandsGroup('Commands:')
  defineGroup('customers', (parent) => customers(parent))
  defineGroup('runs', (parent) => runs(parent))
  program.commandsGroup('Keys and profiles:')
  if (only === undefined) for (const define of [login, logout, whoami, use]) define(program, run)
  program.commandsGroup('Trying and learning:')
  defineGroup('sandbox', (parent) => sandbox(parent))
  if (only === undefined) for (const define of [help, completion, commands]) define(program, run)
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
