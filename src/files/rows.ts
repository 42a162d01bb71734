import { type NewCustomer, newCustomerFields } from '../api/customer.ts'
import { typedEmail } from '../email.ts'
import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'
import type { CsvRow } from './csv.ts'
import { splitName } from './full-name.ts'
import {
  type ColumnField,
  type ColumnMap,
  columnFields,
  type Defaults,
  headingError,
  isHeadingRow,
  isNumbered,
  type Match,
  matchHeadings,
} from './headings.ts'
import type { TwiceReadable } from './input.ts'
import { invalidJson } from './json.ts'
import { type CsvFile, type FileForm, type FileOptions, type JsonFile, openFile } from './records.ts'
import { badLine, discard, inBatches, joined } from './text.ts'

/** The original row, for `--rejects`: the cells of a CSV row, or the source text of a JSON object. */
export type Raw = readonly string[] | string

/** A checked row of the input. */
export interface Row {
  /** The line on which it starts, from 1. */
  readonly line: number
  /** From 0, not counting the header and blank rows. */
  readonly index: number
  /** Values are cleaned (see `cleaned`); a missing or non-string value is empty. */
  readonly customer: NewCustomer
  /** Why it cannot be sent, phrased to follow "line 3:"; empty if it can. */
  readonly problems: readonly string[]
  /** The line of an earlier row with its e-mail, if it is to be left out for that. */
  readonly repeats?: number
  /** Whether its problem is another row with its e-mail. */
  readonly isRefusedAsRepeat?: boolean
  readonly raw: Raw
}

/** How a file was understood. */
export interface Shape extends FileForm {
  /** The header of a CSV; empty for JSON. */
  readonly columns: readonly string[]
  /** Of the heading row of a CSV. */
  readonly line: number | undefined
  /** Which heading, or key of the first object, became which field; undefined if there is none. */
  readonly mapping: Readonly<Partial<Record<ColumnField, string>>> | undefined
}

export interface RowSource extends Shape {
  /** The rows, in blocks (see `inBatches`). To be called once. */
  rows(): AsyncGenerator<readonly Row[]>
}

export interface RowOptions extends FileOptions {
  readonly map?: ColumnMap | undefined
  readonly defaults?: Defaults | undefined
  /** What is wrong with a value, in words that follow the field's name. */
  readonly problemOf: (field: keyof NewCustomer, value: string) => string | undefined
}

/**
 * Reads customers from CSV, NDJSON or JSON (docs/contract.md#files). A row that cannot be sent has `problems`. Input that
 * cannot be divided into rows throws `usage` with the file and line, here or while rows are read. Memory stays bounded:
 * only one piece of the input is held at a time, and no row is longer than `longestLine`.
 */
export async function openRows(input: TwiceReadable, options: RowOptions): Promise<RowSource> {
  const { map = {}, defaults = {} } = options
  const file = await openFile(input, options, {
    isHeading: (cells) => isHeadingRow(cells, map),
    isRequired: (cells) => !isNumbered(map) || !cells.some((cell) => /\S@\S/.test(cell)),
  })
  if (file.format !== 'csv') return jsonRows(file, map, defaults, options)
  const { line = 1, samples, rows, ...form } = file
  const headings = file.headings ?? samples[0]?.map((_, index) => `#${index + 1}`) ?? []
  if (headings.length === 0)
    throw new CliError('usage', `${file.name} is empty`, {
      hint: 'a CSV starts with a header: firstname,lastname,email',
    })
  const match = matchHeadings(headings, map, defaults, samples)
  if (match.ambiguous.length + match.missing.length > 0) {
    await discard(rows)
    throw headingError(match, map, { headings, samples, name: file.name, line })
  }
  const mapping = mappingOf(match, headings)
  return {
    ...form,
    line: file.headings === undefined ? undefined : line,
    columns: headings,
    mapping,
    rows: () => csvCustomers(rows, headings, match, options),
  }
}

function mappingOf({ columns }: Match, headings: readonly string[]): Shape['mapping'] {
  return Object.fromEntries(
    columnFields.flatMap((field) => {
      const column = columns[field]
      return column === undefined ? [] : [[field, headings[column] ?? '']]
    }),
  )
}

async function* csvCustomers(
  batches: CsvFile['rows'],
  headings: readonly string[],
  match: Match,
  { defaults = {}, problemOf }: RowOptions,
): AsyncGenerator<readonly Row[]> {
  const { columns } = match
  const needed = Math.max(...Object.values(columns)) + 1
  let index = 0

  function row({ cells, line, problem }: CsvRow): Row {
    const values: Partial<Record<ColumnField, string>> = {}
    for (const field of columnFields) {
      const column = columns[field]
      if (column !== undefined) values[field] = withoutGuard(cells[column] ?? '')
    }
    const { customer, problems } = checked(values, match, defaults, problemOf)
    // Its cells may be in the wrong columns, so problems of single fields would mislead.
    const other = problems.length > 0 && isHeadingRow(cells, {}) ? 'is another header' : undefined
    const shape = problem ?? other ?? raggedness(cells, headings.length, needed)
    // Among the rejects it must not fit the header, or it would pass as fixed.
    const raw = problem === undefined ? cells : [...cells, ...headings.slice(cells.length), problem]
    return { line, index: index++, customer, problems: shape === undefined ? problems : [shape], raw }
  }

  // Files that were joined have their header again and again.
  const isHeader = ({ cells }: CsvRow): boolean =>
    cells.length === headings.length && cells.every((cell, place) => cell === headings[place])
  for await (const batch of batches) yield batch.filter((each) => !isHeader(each)).map(row)
}

/**
 * What is wrong with a row's number of cells: it ends before a needed cell, or has more cells than the header that are
 * not empty. Phrased to follow "line 3"; undefined if nothing is.
 */
export function raggedness(cells: readonly string[], width: number, needed: number): string | undefined {
  const isLong = cells.slice(width).some((cell) => cell.trim() !== '')
  return isLong || cells.length < needed
    ? `has ${cells.length} cells where the header has ${width}`
    : undefined
}

/** Undoes the `'` that `--excel-safe` puts before a cell that a spreadsheet would run as a formula. */
export function withoutGuard(cell: string): string {
  return /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell
}

async function jsonRows(
  file: JsonFile,
  map: ColumnMap,
  defaults: Defaults,
  { problemOf }: RowOptions,
): Promise<RowSource> {
  const { objects, ...form } = file
  const { name, format } = file
  /** By the keys of an object: most objects of a file have the same. */
  const matches = new Map<string, Match>()

  function matchOf(object: Readonly<Record<string, unknown>>): Match {
    const keys = Object.keys(object)
    const signature = keys.join('\0')
    const known = matches.get(signature)
    if (known !== undefined) return known
    const match = matchHeadings(keys, map, defaults, [sampleOf(object)])
    if (matches.size < mostSignatures) matches.set(signature, match)
    return match
  }

  /** Names the `--map` for a field that the first object has under another key. */
  function unmatchedNote(object: Readonly<Record<string, unknown>>, line: number): readonly string[] {
    const match = matchOf(object)
    const headings = Object.keys(object)
    const samples = [sampleOf(object)]
    const { message, hint = '' } = headingError(match, map, { headings, samples, name, line })
    return match.missing.length > 0 && hint.includes('--map ') ? [`${message} (${hint})`] : []
  }

  function read(json: Readonly<Record<string, unknown>>): Pick<Row, 'customer' | 'problems'> {
    const object = unwrapped(json)
    const keys = Object.keys(object)
    const match = matchOf(object)
    const { columns, ambiguous } = match
    const values: Partial<Record<ColumnField, unknown>> = {}
    for (const field of columnFields) {
      const column = columns[field] ?? ambiguous.find((one) => one.field === field)?.columns[0]
      if (column !== undefined) values[field] = object[keys[column] ?? '']
    }
    const twice = ambiguous.map(({ field, columns: places }) => {
      const [one = '', other = ''] = places.map((place) => `'${visible(keys[place] ?? '')}'`)
      return `has ${field} twice: as ${one} and as ${other}`
    })
    const { customer, problems } = checked(values, match, defaults, problemOf)
    return { customer, problems: twice.length === 0 ? problems : [...twice, ...problems] }
  }

  const top = await objects.next()
  const batches = joined(top.done ? [] : top.value, objects)
  async function* rows(): AsyncGenerator<readonly Row[]> {
    let index = 0
    for await (const batch of batches) {
      yield* inBatches<Row>((into) => {
        for (const { text, line } of batch)
          into.push({ line, index: index++, ...read(parsedObject(text, name, line, format)), raw: text })
      })
    }
  }
  const [first] = top.done ? [] : top.value
  const object =
    first === undefined ? undefined : unwrapped(parsedObject(first.text, name, first.line, format))
  const mapping = object === undefined ? undefined : mappingOf(matchOf(object), Object.keys(object))
  const notes = object === undefined ? [] : unmatchedNote(object, first?.line ?? 1)
  return { ...form, notes: [...form.notes, ...notes], line: undefined, columns: [], mapping, rows }
}

/** The texts in an object, as the cells of a row. */
function sampleOf(object: Readonly<Record<string, unknown>>): string[] {
  return Object.values(object).map((value) => (typeof value === 'string' ? value : ''))
}

/** The members of an object in which APIs wrap the fields of a record. */
const wrappers = ['properties', 'attributes', 'fields', 'node'] as const

/** An object with the fields of its wrapper, if it has one, as `properties.email`. */
function unwrapped(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const wrapper = wrappers.find((key) => typeof object[key] === 'object' && object[key] !== null)
  if (wrapper === undefined) return object
  const inner = Object.entries(object[wrapper] ?? {}).map(([key, value]) => [`${wrapper}.${key}`, value])
  return { ...object, ...Object.fromEntries(inner) }
}

/** How many different sets of keys are remembered. */
const mostSignatures = 1000

/** The object that a JSON text is. Throws `usage` with the line. */
export function parsedObject(
  ...[text, name, line, format, parse]: Parameters<typeof parsedJson>
): Readonly<Record<string, unknown>> {
  const value = parsedJson(text, name, line, format, parse)
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>
  throw badLine(name, line, 'is not a JSON object')
}

/** The value of a JSON text. Throws `usage` with the line. */
export function parsedJson(
  text: string,
  name: string,
  line: number,
  format: string,
  parse: (text: string) => unknown = JSON.parse,
): unknown {
  try {
    return parse(text)
  } catch {
    const reason =
      format === 'json' ? 'the value that starts there cannot be parsed' : 'expected one JSON object per line'
    throw invalidJson(name, line, reason)
  }
}

/** The customer in a row, cleaned and checked. A field whose value is not a string has none. */
function checked(
  values: Readonly<Partial<Record<ColumnField, unknown>>>,
  { columns }: Match,
  defaults: Defaults,
  problemOf: RowOptions['problemOf'],
): Pick<Row, 'customer' | 'problems'> {
  const text = (field: ColumnField): string => {
    const value = values[field]
    return typeof value === 'string' ? cleaned(field, value) : ''
  }
  const whole = columns.fullname === undefined ? undefined : text('fullname')
  const names =
    whole === undefined ? { firstname: text('firstname'), lastname: text('lastname') } : splitName(whole)
  const customer = {
    firstname: names.firstname || (defaults.firstname ?? ''),
    lastname: names.lastname || (defaults.lastname ?? ''),
    email: text('email'),
  }
  const wrong = whole === undefined ? undefined : problemOfCell(whole)
  if (wrong !== undefined) return { customer, problems: [`name ${wrong}`] }
  let problems = none
  for (const field of newCustomerFields) {
    const source = whole === undefined || field === 'email' ? field : 'fullname'
    const problem = problemOfValue(
      field,
      customer[field],
      values[source],
      field === 'email' ? undefined : whole,
      problemOf,
    )
    if (problem === undefined) continue
    const short = longestProblem.exec(problem)?.[0] ?? ''
    problems = [...problems, `${field} ${short}${short.length < problem.length ? '…' : ''}`]
  }
  return { customer, problems }
}

const none: readonly string[] = []

/** A problem may quote a cell, which can be a megabyte long. */
const longestProblem = /^.{0,200}/su

/** @param given the value in the file · `whole` is the whole name if it was split */
function problemOfValue(
  field: keyof NewCustomer,
  value: string,
  given: unknown,
  whole: string | undefined,
  problemOf: RowOptions['problemOf'],
): string | undefined {
  if (field === 'email' && value.split('@').length > 2 && /[\s,;|/]/.test(value))
    return `holds several addresses, of which only one can be used: '${visible(value)}'`
  if (value !== '') return problemOfCell(value) ?? problemOf(field, value)
  const hint = field === 'email' ? '' : ` (to fill it: --default ${field}=-)`
  if (given === undefined || given === null) return `is missing${hint}`
  if (typeof given !== 'string') return 'is not a string'
  if (whole === undefined || whole === '') return `is empty${hint}`
  const start = longestShown.exec(whole)?.[0] ?? ''
  return `is missing: '${visible(start)}' cannot be divided into two names${hint}`
}

const longestShown = /^.{0,60}/su

/** What programs write where there is no value. `Null` and `Nan` are names. */
const placeholders =
  /^(?:NULL|null|\(null\)|\\N|N\/A|n\/a|#N\/A|#REF!|#NAME\?|#VALUE!|#DIV\/0!|undefined|None|NaN|nan|\[object Object\])$/

/** A replacement character, or UTF-8 that was read as Windows-1252: `FÃ©lix`. */
const misread = /\ufffd|[ÃÂØÙ][\u0080-\u00bf]/

/** What is wrong with a name or e-mail that no person typed; undefined if nothing is. */
function problemOfCell(value: string): string | undefined {
  if (placeholders.test(value)) return `is the placeholder '${value}', not a value`
  if (/^'.*'$/s.test(value) && value.length > 1) return `is in single quotes: '${visible(value)}'`
  if (/^[“„‘«`].*[”“’»`´]$/su.test(value)) return `is in quotes: '${visible(value)}'`
  if (misread.test(value)) return `was damaged by a wrong encoding: '${visible(value)}'`
  return undefined
}

/**
 * A value as it will be sent: without surrounding space, a line break or tab within a name as one space, the address of
 * `mailto:`, `Name <address>` and `[Name](address)`, and an address without invisible characters.
 */
export function cleaned(field: ColumnField, value: string): string {
  if (field !== 'email') {
    const trimmed = value.trim()
    return plain.test(trimmed) ? trimmed : trimmed.replace(/\s+/g, (gap) => (lineBreak.test(gap) ? ' ' : gap))
  }
  if (simpleAddress.test(value)) return value
  const address = typedEmail(value)
  const inner = /^(?:[^<>]*<([^<>]+)>|\[[^[\]]*\]\(([^()]+)\))$/.exec(address)
  return typedEmail(inner?.[1] ?? inner?.[2] ?? address).replace(/^mailto:([^?]*).*$/is, '$1')
}

const lineBreak = /[\t\r\n\v\f\u2028\u2029]/

/** Printable ASCII, which needs no cleaning. */
const plain = /^[\x20-\x7e]*$/
const simpleAddress = /^[\w.+-]+@[\w.-]+$/
