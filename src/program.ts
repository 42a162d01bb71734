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
import { guides, helpLayout } from './reference/layout.ts'
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

/** A command's file. `define` adds arguments, options and action; `loadAll` is for commands that describe all others. */
interface CommandFile {
  define(command: Command, run: Run, loadAll: () => Promise<CommandUnknownOpts>): void
}

/** The files of all commands but groups. Only that of the command that runs is loaded. */
const files: Readonly<Record<string, () => Promise<CommandFile>>> = {
  'customers list': () => import('./commands/customers/list.ts'),
  'customers count': () => import('./commands/customers/count.ts'),
  'customers get': () => import('./commands/customers/get.ts'),
  'customers find': () => import('./commands/customers/find.ts'),
  'customers create': () => import('./commands/customers/create.ts'),
  'customers delete': () => import('./commands/customers/delete.ts'),
  'customers duplicates': () => import('./commands/customers/duplicates.ts'),
  'customers compare': () => import('./commands/customers/compare.ts'),
  'customers import': () => import('./commands/customers/import.ts'),
  'customers export': () => import('./commands/customers/export.ts'),
  'runs list': () => import('./commands/runs/list.ts'),
  'runs show': () => import('./commands/runs/show.ts'),
  'runs undo': () => import('./commands/runs/undo.ts'),
  'runs forget': () => import('./commands/runs/forget.ts'),
  login: () => import('./commands/login.ts'),
  logout: () => import('./commands/logout.ts'),
  whoami: () => import('./commands/whoami.ts'),
  use: () => import('./commands/use.ts'),
  'sandbox serve': () => import('./commands/sandbox/serve.ts'),
  'sandbox reset': () => import('./commands/sandbox/reset.ts'),
  help: () => import('./commands/help.ts'),
  completion: () => import('./commands/completion.ts'),
  commands: () => import('./commands/commands.ts'),
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
  refuseUnknown(program)
  for (const [path, { heading, takes, summary, description }] of Object.entries(guides)) {
    const [, ...words] = path.split(' ')
    const [name = ''] = words.slice(-1)
    if (name === '') continue
    if (heading !== undefined) program.commandsGroup(heading)
    const group = program.commands.find((one) => words.length > 1 && one.name() === words[0])
    const parent: CommandUnknownOpts = group ?? program
    const command = parent.command(name).summary(summary).description(description)
    command.hook('preSubcommand', (_, child) => load(child))
    usages.set(command, takes === undefined ? name : `${name} ${takes}`)
    const file = files[words.join(' ')]
    if (file === undefined) refuseUnknown(command)
    else unloaded.set(command, file)
  }
  checkValues(program, check)
  return { program, loadAll }
}

/** Commander would print the help of a group for an unknown command in it. */
function refuseUnknown(group: CommandUnknownOpts): void {
  group.on('beforeHelp', () => {
    const [word] = group.args
    const isKnown = group.commands.some((command) => command.name() === word)
    if (word !== undefined && !word.startsWith('-') && !isKnown)
      group.error(`error: unknown command '${word}'`, { code: 'commander.unknownCommand' })
  })
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
    .description(guides.orafi?.description ?? '')
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
    .option('--table', 'print a table even in a pipe (width: COLUMNS or 80)')
    .option(
      '--excel-safe',
      "with --csv: add a byte order mark, and ' before cells that Excel would run as formulas",
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
      'maximum wait for a rate limit (default: 60; no limit for commands that read or change many customers)',
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
