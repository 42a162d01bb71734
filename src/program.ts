import {
  Command,
  type CommandUnknownOpts,
  InvalidArgumentError,
  type Option,
} from '@commander-js/extra-typings'
import { documentedFields } from './api/customer.ts'
import { isRepeatable, repeatable, seconds, secondsOrNone, wholeNumber } from './commands/options.ts'
import type { Context, Run } from './context.ts'
import { CliError } from './errors.ts'
import { type GlobalOptions, type Prints, parseFields } from './globals.ts'
import { helpLayout } from './reference/layout.ts'
import { shellWord } from './shell-word.ts'
import { version } from './version.ts'
import { visible } from './visible.ts'

/** Where the program writes help, how wide the terminal is, and how a command opens its context. */
export interface ProgramOptions {
  readonly columns: number | undefined
  /** Writes help and version to stdout. Commander does not wait for it. */
  out(text: string): void
  open(globals: GlobalOptions, prints: Prints): Context
}

/** A command's file. `define` adds arguments, options, action and help; `loadAll` is for commands that describe all others. */
interface CommandFile {
  define(command: Command, run: Run, loadAll: () => Promise<CommandUnknownOpts>): void
}

/** A command's usage, its summary, and its file; for a group of commands, its description. */
type Entry = readonly [usage: string, summary: string, load: (() => Promise<CommandFile>) | string]

/** Every command, in the order and under the headings of the help. Only the file of the command that runs is loaded. */
const commands: Readonly<Record<string, readonly Entry[]>> = {
  'Commands:': [
    ['customers', 'the customers of an account', 'List, count, look up, create and delete customers.'],
    ['customers list', 'list customers (20 by default)', () => import('./commands/customers/list.ts')],
    ['customers count', 'count customers', () => import('./commands/customers/count.ts')],
    ['customers get <id...>', 'show customers by id or e-mail', () => import('./commands/customers/get.ts')],
    [
      'customers find <text...>',
      'find customers by e-mail or name',
      () => import('./commands/customers/find.ts'),
    ],
    ['customers create', 'create a customer', () => import('./commands/customers/create.ts')],
    [
      'customers delete [id...]',
      'show customers, ask for confirmation and delete them',
      () => import('./commands/customers/delete.ts'),
    ],
    [
      'customers duplicates',
      'find duplicate customers; deletes nothing',
      () => import('./commands/customers/duplicates.ts'),
    ],
    [
      'customers compare <id> <other-id>',
      'explain how likely two customers are one person',
      () => import('./commands/customers/compare.ts'),
    ],
    [
      'customers import <file>',
      'create customers from a file, each exactly once',
      () => import('./commands/customers/import.ts'),
    ],
    [
      'customers export [file]',
      'write all customers to a file or standard output',
      () => import('./commands/customers/export.ts'),
    ],
    ['runs', 'view and undo changes made from this machine', 'View and undo changes made from this machine.'],
    [
      'runs list',
      'list past changes made from this machine, newest first',
      () => import('./commands/runs/list.ts'),
    ],
    ['runs show <run>', 'show the outcome of each item of a run', () => import('./commands/runs/show.ts')],
    [
      'runs undo <run> [id...]',
      'undo a run as far as the API allows',
      () => import('./commands/runs/undo.ts'),
    ],
    [
      'runs forget [what...]',
      'permanently erase personal data from the journal',
      () => import('./commands/runs/forget.ts'),
    ],
  ],
  'Keys and profiles:': [
    ['login', 'check an API key and store it on this machine', () => import('./commands/login.ts')],
    ['logout', 'remove stored keys', () => import('./commands/logout.ts')],
    [
      'whoami',
      'show which key is in use and whether the API accepts it',
      () => import('./commands/whoami.ts'),
    ],
    ['use [mode]', 'set the default profile and mode', () => import('./commands/use.ts')],
  ],
  'Trying and learning:': [
    [
      'sandbox',
      'a local copy of Orafi with fake customers, to practise on',
      'A local copy of Orafi with fake customers, to practise on.',
    ],
    [
      'sandbox serve',
      'run the sandbox as a server for other programs',
      () => import('./commands/sandbox/serve.ts'),
    ],
    ['sandbox reset', 'reset the sandbox to its initial data', () => import('./commands/sandbox/reset.ts')],
    ['help [command...]', 'show help for a command or a topic', () => import('./commands/help.ts')],
    ['completion <shell>', 'print a shell completion script', () => import('./commands/completion.ts')],
    [
      'commands',
      'list every command; with --json, for editors and agents',
      () => import('./commands/commands.ts'),
    ],
  ],
}

/** The command tree. Each command's file is loaded when the command is parsed. */
export function buildProgram(options: ProgramOptions): CommandUnknownOpts {
  const { program } = createTree(options)
  return program
}

/** The command tree with every command's file loaded, for help, completion and the man page. */
export async function buildWholeProgram(options: ProgramOptions): Promise<CommandUnknownOpts> {
  return createTree(options).loadAll()
}

function createTree(options: ProgramOptions) {
  const program = root(options)
  const check: FlagCheck = { flags: new Set(), suspects: [] }
  const run: Run =
    (work, prints = 'report') =>
    async (...args) => {
      if (check.suspects.length > 0) await loadAll()
      for (const { value, option } of check.suspects) {
        if (check.flags.has(value)) throw new CliError('usage', flagAsValue(value, option))
      }
      // docs/contract.md#keys-in-sight
      const key = args
        .flat()
        .find((word) => typeof word === 'string' && /^ora_(test|live)_\S{23,}$/.test(word))
      if (key !== undefined) throw (await import('./reference/suggestions.ts')).keyError(String(key))
      const context = options.open({ ...program.opts(), ...outputOptions(args, prints) }, prints)
      // An error is printed after the status line was erased.
      await work(context, ...args).finally(() => context.status(undefined))
    }
  const usages = new Map<CommandUnknownOpts, string>()
  const unloaded = new Map<CommandUnknownOpts, () => Promise<CommandFile>>()

  const load = async (command: CommandUnknownOpts): Promise<void> => {
    const file = unloaded.get(command)
    if (file === undefined) return
    unloaded.delete(command)
    const { define } = await file()
    define(command as Command, run, loadAll)
    checkValues(command, check)
  }
  const loadAll = async (): Promise<CommandUnknownOpts> => {
    for (const command of [...unloaded.keys()]) await load(command)
    return program
  }

  program.configureHelp({ ...helpLayout, subcommandTerm: (command) => usages.get(command) ?? command.name() })
  program.hook('preSubcommand', (_, command) => load(command))
  for (const [heading, entries] of Object.entries(commands)) {
    program.commandsGroup(heading)
    for (const [usage, summary, file] of entries) {
      const words = usage.split(' ')
      const group = program.commands.find((one) => one.name() === words[0])
      const parent: CommandUnknownOpts = group ?? program
      const [name = '', ...args] = group === undefined ? words : words.slice(1)
      const command = parent.command(name).summary(summary)
      command.hook('preSubcommand', (_, child) => load(child))
      usages.set(command, [name, ...args].join(' '))
      if (typeof file === 'string') command.description(file)
      else unloaded.set(command, file)
    }
  }
  checkValues(program, check)
  return { program, loadAll }
}

/** The output options that a command has itself. The `--delimiter` of import is that of its input. */
function outputOptions(args: readonly unknown[], prints: Prints): Pick<GlobalOptions, 'delimiter'> {
  const command = args.at(-1)
  if (prints === 'report' || !(command instanceof Command)) return {}
  const { delimiter }: Pick<GlobalOptions, 'delimiter'> = command.opts()
  return { delimiter }
}

function root(options: ProgramOptions) {
  const width = (): number => options.columns || 80
  const program = new Command('orafi')
    .description('Manage the customers of an Orafi account.')
    .exitOverride()
    .configureOutput({
      writeOut: options.out,
      // Commander sends help here when a subcommand is missing; its errors are rendered by `main`.
      writeErr: options.out,
      outputError: () => undefined,
      getOutHelpWidth: width,
      getErrHelpWidth: width,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .helpCommand(false)
    .optionsGroup('Output options:')
    .option('--json', 'print one JSON document; errors are JSON on stderr')
    .option('--ndjson', 'print one JSON record per line as results arrive')
    .option('--csv', 'print CSV with a header row (RFC 4180)')
    .option('--table', 'print a table in a pipe too (COLUMNS or 80 wide)')
    .option(
      '--excel-safe',
      "with --csv: for Excel: adds a byte order mark, and ' before cells that Excel would run as formulas",
    )
    .addOption(
      repeatable(
        '--fields <names>',
        'comma-separated list of columns to print, in this order',
        parseFields,
        documentedFields,
      ),
    )
    .optionsGroup('Account options:')
    .option('--test', 'require a test key')
    .option('--live', 'require a live key')
    .option('--profile <name>', 'use the keys of this profile')
    .option('--sandbox', 'use the built-in sandbox: no key, no network')
    .optionsGroup('Request options:')
    .option('--timeout <seconds>', 'timeout for each attempt of a request', seconds, 30)
    .option('--retries <n>', 'how many times to retry a failed request', wholeNumber, 3)
    .option(
      '--max-wait <seconds>',
      'maximum wait for a rate limit (default: 60; no limit in bulk)',
      secondsOrNone,
    )
    .optionsGroup('Terminal options:')
    .option('-q, --quiet', 'hide notes and progress on stderr')
    .option('--debug', 'log each request with its status and duration on stderr')
    .option('--no-input', 'never prompt')
    .option('--no-color', 'turn off colour')
    .optionsGroup('Other options:')
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show help')
  return program
}

/** Values of options that look like flags. Which are flags is only known once every command's file is loaded. */
interface FlagCheck {
  readonly flags: Set<string>
  readonly suspects: { readonly value: string; readonly option: Option }[]
}

/**
 * Checks the values of a command's options: a flag is no value (`--firstname --json` would create a customer named
 * `--json`), choices are accepted in any case, and a second, different value never replaces the first.
 */
function checkValues(command: CommandUnknownOpts, { flags, suspects }: FlagCheck): void {
  for (const option of [...command.options, { long: '--help', short: '-h' }])
    for (const flag of [option.long, option.short]) if (flag !== undefined && flag !== null) flags.add(flag)
  for (const option of command.options) {
    if (!option.required) continue
    const parse = option.parseArg
    const choices = option.argChoices
    let first: { typed: string; parsed: unknown } | undefined
    option.parseArg = <T>(typed: string, previous: T): T => {
      if (flags.has(typed)) throw new InvalidArgumentError(flagAsValue(typed, option))
      if (typed.startsWith('-')) suspects.push({ value: typed, option })
      const value = choiceOf(typed, choices)
      const parsed = parse === undefined ? (value as T) : parse(value, previous)
      if (isRepeatable(option)) return parsed
      if (first !== undefined && first.typed !== typed && first.parsed !== parsed)
        throw twoValues(option, first.typed, typed)
      first = { typed, parsed }
      return parsed
    }
  }
  for (const argument of command.registeredArguments) {
    const { argChoices: choices, parseArg: parse } = argument
    if (choices === undefined || parse === undefined) continue
    argument.parseArg = <T>(typed: string, previous: T): T => parse(choiceOf(typed, choices), previous)
  }
}

function choiceOf(typed: string, choices: readonly string[] | undefined): string {
  return choices?.find((choice) => choice.toLowerCase() === typed.toLowerCase()) ?? typed
}

function twoValues({ long }: Option, first: string, second: string): CliError {
  return new CliError(
    'usage',
    `${long} is given twice, with different values: ${visible(shellWord(first))} and ${visible(shellWord(second))}`,
    { hint: `keep one of them: ${long} takes one value` },
  )
}

function flagAsValue(value: string, option: Option): string {
  return `${value} is a flag; ${option.long} needs a value before it.`
}
