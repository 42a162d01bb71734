import { documentedFields, type Mode } from './api/customer.ts'
import { envSwitch } from './config/environment.ts'
import { CliError } from './errors.ts'
import type { Format } from './output/printer.ts'
import { visible } from './visible.ts'
import type { World } from './world.ts'

/** The parsed global options; times in seconds. */
export interface GlobalOptions {
  readonly json?: true | undefined
  readonly ndjson?: true | undefined
  readonly csv?: true | undefined
  readonly table?: true | undefined
  readonly fields?: string[] | undefined
  readonly excelSafe?: true | undefined
  /** Not global: an option of the commands that print customers. One character. */
  readonly delimiter?: string | undefined
  readonly test?: true | undefined
  readonly live?: true | undefined
  readonly profile?: string | undefined
  readonly sandbox?: true | undefined
  readonly timeout: number
  readonly retries: number
  readonly maxWait?: number | undefined
  readonly quiet?: true | undefined
  readonly debug?: true | undefined
  readonly input: boolean
  readonly color: boolean
}

/**
 * What a command prints on stdout: customers in every format, or a report as rows or JSON. `export` prints customers, or
 * writes them to a file whose name decides the format.
 */
export type Prints = 'customers' | 'export' | 'report'

/** The settings that follow from options and environment (docs/contract.md#global-options). */
export interface Settings {
  readonly format: Format
  /** The width of a table in a pipe, from COLUMNS; undefined if that is no width. */
  readonly columns: number | undefined
  readonly mode: Mode | undefined
  readonly sandbox: boolean
  readonly debug: boolean
  /** Whether the command may prompt, if there is a terminal to answer on. */
  readonly mayAsk: boolean
  /** How stderr says what the command is doing: on a line that moves, in lines that stay, or not at all. */
  readonly status: 'line' | 'log' | 'off'
  /** Words and whole lines only, for screen readers: no colour, symbols, spinners, redrawing or cursor keys. */
  readonly plain: boolean
  /** Colour on stdout and on stderr. */
  readonly colour: { readonly stdout: boolean; readonly stderr: boolean }
}

/** Throws `usage` for options that cannot be used together, or not with this command. */
export function settingsOf(options: GlobalOptions, prints: Prints, world: World): Settings {
  const { env, stdout, stderr } = world
  const ci = isSet(env.CI)
  const plain = isPlain(world)
  const debug = options.debug ?? envSwitch(env, 'ORAFI_DEBUG')
  return {
    format: formatOf(options, prints),
    columns: /^[1-9]\d{0,4}$/.test(env.COLUMNS ?? '') ? Number(env.COLUMNS) : undefined,
    mode: modeOf(options),
    sandbox: options.sandbox ?? envSwitch(env, 'ORAFI_SANDBOX'),
    debug,
    mayAsk: options.input && !ci && stderr.isTTY,
    status: options.quiet || debug ? 'off' : stderr.isTTY && !ci && !plain ? 'line' : 'log',
    plain,
    colour: { stdout: hasColour(options, world, stdout), stderr: hasColour(options, world, stderr) },
  }
}

/** Whether a variable of other programs is set (docs/contract.md#environment): to anything but empty, 0 and false. */
function isSet(value: string | undefined): boolean {
  return !['', '0', 'false'].includes((value ?? '').toLowerCase())
}

function formatOf(options: GlobalOptions, prints: Prints): Format {
  const formats = (['json', 'ndjson', 'csv', 'table'] as const).filter((format) => options[format])
  if (formats.length > 1) throw new CliError('usage', `--${formats.join(' and --')} cannot be used together`)
  const customersOnly = (['csv', 'fields', 'excelSafe'] as const).find(
    (option) => options[option] !== undefined,
  )
  if (prints === 'report' && customersOnly !== undefined) {
    const flag = customersOnly === 'excelSafe' ? 'excel-safe' : customersOnly
    throw new CliError('usage', `--${flag} only works with commands that print customers`)
  }
  const format = formats[0] ?? 'default'
  if (prints === 'customers') checkDelimiter(options, format)
  return format
}

/** Throws `usage` for `--delimiter` with another format than CSV. */
export function checkDelimiter({ delimiter }: GlobalOptions, format: Format): void {
  if (delimiter === undefined || format === 'csv') return
  const hint = format === 'default' ? 'add --csv' : 'leave out --delimiter'
  throw new CliError('usage', '--delimiter is only for CSV', { hint })
}

function modeOf(options: GlobalOptions): Mode | undefined {
  if (options.test && options.live) throw new CliError('usage', '--test and --live cannot be used together')
  if (options.live) return 'live'
  return options.test ? 'test' : undefined
}

/** Without TERM nothing is known of the terminal, except on Windows, which does not set it. */
function isPlain({ env, platform }: Pick<World, 'env' | 'platform'>): boolean {
  const dumb = platform === 'win32' ? ['dumb'] : ['dumb', '']
  return isSet(env.ACCESSIBLE) || dumb.includes(env.TERM ?? '')
}

/** `--no-color` and NO_COLOR take precedence (no-color.org); FORCE_COLOR also works in a pipe. */
export function hasColour(
  { color }: Pick<GlobalOptions, 'color'>,
  world: Pick<World, 'env' | 'platform'>,
  { isTTY }: { readonly isTTY: boolean },
): boolean {
  const { env } = world
  if (!color || (env.NO_COLOR ?? '') !== '') return false
  const forced = env.FORCE_COLOR
  if (forced !== undefined && forced !== '') return !['0', 'false'].includes(forced)
  return isTTY && !isPlain(world)
}

/** Other names of fields, without spaces and signs: the headings of tables, and what other tools call them. */
const fieldNames: Readonly<Record<string, readonly (typeof documentedFields)[number][]>> = {
  customerid: ['id'],
  first: ['firstname'],
  givenname: ['firstname'],
  last: ['lastname'],
  surname: ['lastname'],
  familyname: ['lastname'],
  name: ['firstname', 'lastname'],
  fullname: ['firstname', 'lastname'],
  mail: ['email'],
  emailaddress: ['email'],
  spent: ['totalSpent'],
  spend: ['totalSpent'],
  total: ['totalSpent'],
  amountspent: ['totalSpent'],
  created: ['createdAt'],
  updated: ['updatedAt'],
}

function fieldsNamed(typed: string): readonly string[] | undefined {
  const name = typed.toLowerCase().replace(/[\s_-]/g, '')
  const field = documentedFields.find((one) => one.toLowerCase() === name)
  return field === undefined ? (Object.hasOwn(fieldNames, name) ? fieldNames[name] : undefined) : [field]
}

/**
 * Parses `--fields id,email`: field names or table headings, in any case; fields of repeated flags
 * accumulate. Throws `usage`, with a list of the fields, for an unknown, repeated or empty name.
 */
export function parseFields(text: string, before: readonly string[] = []): string[] {
  const hint = `the fields are ${documentedFields.join(', ')}`
  const fields = text.split(',').flatMap((typed) => {
    const name = typed.trim()
    if (name === '') throw new CliError('usage', '--fields has an empty field name', { hint })
    const named = fieldsNamed(name)
    if (named === undefined) throw new CliError('usage', `unknown field ${visible(name)}`, { hint })
    return named
  })
  const repeated = fields.find((field, place) => fields.indexOf(field) !== place)
  if (repeated !== undefined) throw new CliError('usage', `--fields names ${repeated} twice`, { hint })
  return [...new Set([...before, ...fields])]
}
