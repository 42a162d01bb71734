import { CliError } from '../errors.ts'
import {
  type ColumnMap,
  createFieldFinder,
  type Field,
  fieldColumns,
  fields,
  type ObjectFields,
} from './columns.ts'
import type { CsvRow } from './csv.ts'
import { csvRows, raggedness } from './csv.ts'
import { type Format, formatOfName, formatOfText, likelyDelimiter, parseDelimiter } from './format.ts'
import { invalidJson, objectsOf } from './json.ts'
import { type Bytes, badLine, firstLine, inBatches, joined, type Peeked, peek, textOf } from './text.ts'

/** The original row, for `--rejects`: the cells of a CSV row, or the source text of a JSON object. */
export type Raw = readonly string[] | string

/** A checked row of the input. */
export interface Row {
  /** The line on which it starts, from 1. */
  readonly line: number
  /** From 0, not counting the header and blank rows. */
  readonly index: number
  /** Values are trimmed; a missing or non-string value is empty. */
  readonly customer: Readonly<Record<Field, string>>
  /** Why it cannot be sent, phrased to follow "line 3:"; empty if it can. */
  readonly problems: readonly string[]
  readonly raw: Raw
}

/** The format of the input, for writing its rows again. */
export interface Shape {
  readonly format: Format
  /** The header of a CSV; empty for JSON. */
  readonly columns: readonly string[]
  /** Of a CSV. */
  readonly delimiter: string
}

export interface RowSource extends Shape {
  /** The rows, in blocks (see `inBatches`). To be asked for once. */
  rows(): AsyncGenerator<readonly Row[]>
}

export interface RowOptions {
  /** Without it the name's extension tells the format, else the text's first sign. */
  readonly format?: Format | undefined
  /** Of a CSV; one character. Without it the header tells. */
  readonly delimiter?: string | undefined
  readonly map?: ColumnMap | undefined
  /** What is wrong with a value, in words that follow the field's name. */
  readonly problemOf: (field: Field, value: string) => string | undefined
}

/**
 * Reads customers from CSV, NDJSON or a JSON array (docs/contract.md#import). A row that cannot be sent has `problems`.
 * Input that is not valid CSV or JSON throws `usage` with the file and line, here or while rows are read, since there is
 * no telling where the next row starts. Memory stays bounded: only one piece of the input is held at a time, and no row
 * is longer than `longestLine`. `name` is the input's name in messages.
 */
export async function openRows(bytes: Bytes, name: string, options: RowOptions): Promise<RowSource> {
  const peeked = await peek(textOf(bytes, name))
  try {
    return await sourceOf(peeked, name, options)
  } catch (error) {
    await peeked.close()
    throw error
  }
}

async function sourceOf({ head, texts }: Peeked, name: string, options: RowOptions): Promise<RowSource> {
  const format = options.format ?? formatOfName(name) ?? formatOfText(head)
  const map = options.map ?? {}
  if (format !== 'csv') {
    if (options.delimiter !== undefined)
      throw new CliError('usage', `${name} is read as ${format}: --delimiter is for CSV`)
    const rows = (): AsyncGenerator<readonly Row[]> => objectRows(texts, name, format, map, options)
    return { format, columns: [], delimiter: ',', rows }
  }
  const delimiter =
    options.delimiter === undefined
      ? likelyDelimiter(name, firstLine(head), map)
      : parseDelimiter(options.delimiter)
  const records = csvRows(texts, name, delimiter)
  const first = await records.next()
  const header = first.value?.[0]
  if (first.done || header === undefined)
    throw new CliError('usage', `${name} is empty`, {
      hint: 'a CSV starts with a header: firstname,lastname,email',
    })
  const { cells: columns, line } = header
  const at = fieldColumns(columns, map, name, line)
  const rest = joined(first.value.slice(1), records)
  return { format, columns, delimiter, rows: () => cellRows(rest, columns.length, at, options) }
}

async function* cellRows(
  batches: AsyncIterable<readonly CsvRow[]>,
  width: number,
  at: Readonly<Record<Field, number>>,
  { problemOf }: RowOptions,
): AsyncGenerator<readonly Row[]> {
  let index = 0

  function row({ cells, line }: CsvRow): Row {
    const customer = {
      firstname: (cells[at.firstname] ?? '').trim(),
      lastname: (cells[at.lastname] ?? '').trim(),
      email: (cells[at.email] ?? '').trim(),
    }
    const ragged = raggedness(cells.length, width)
    // Its cells may be in the wrong columns, so problems of single fields would mislead.
    const problems = ragged === undefined ? problemsOf(customer, problemOf) : [ragged]
    return { line, index: index++, customer, problems, raw: cells }
  }

  for await (const records of batches) yield records.map(row)
}

async function* objectRows(
  texts: AsyncIterable<string>,
  name: string,
  format: 'json' | 'ndjson',
  map: ColumnMap,
  { problemOf }: RowOptions,
): AsyncGenerator<readonly Row[]> {
  const find = createFieldFinder(map)
  let index = 0
  for await (const batch of objectsOf(texts, name, format)) {
    yield* inBatches<Row>((rows) => {
      for (const { text, line } of batch) {
        const { customer, problems } = checked(find(parsedObject(text, name, line, format)), problemOf)
        rows.push({ line, index: index++, customer, problems, raw: text })
      }
    })
  }
}

function parsedObject(text: string, name: string, line: number, format: Format): object {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const reason =
      format === 'json' ? 'the value that starts there cannot be parsed' : 'expected one JSON object per line'
    throw invalidJson(name, line, reason)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw badLine(name, line, 'is not a JSON object')
}

function checked(
  { values, problems: found }: ObjectFields,
  problemOf: RowOptions['problemOf'],
): Pick<Row, 'customer' | 'problems'> {
  const text = (field: Field): string => {
    const value = values[field]
    return typeof value === 'string' ? value.trim() : ''
  }
  const customer = { firstname: text('firstname'), lastname: text('lastname'), email: text('email') }
  const problems = problemsOf(customer, (field, value) => {
    const given = values[field]
    if (given === undefined || given === null) return 'is missing'
    return typeof given === 'string' ? problemOf(field, value) : 'is not a string'
  })
  return { customer, problems: found.length === 0 ? problems : [...found, ...problems] }
}

const none: readonly string[] = []

/** A problem may quote a cell, which can be a megabyte long. */
const longestProblem = /^.{0,200}/su

function problemsOf(
  customer: Readonly<Record<Field, string>>,
  problemOf: RowOptions['problemOf'],
): readonly string[] {
  let problems = none
  for (const field of fields) {
    const problem = problemOf(field, customer[field])
    if (problem === undefined) continue
    const short = longestProblem.exec(problem)?.[0] ?? ''
    problems = [...problems, `${field} ${short}${short.length < problem.length ? '…' : ''}`]
  }
  return problems
}
