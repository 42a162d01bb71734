import { Readable } from 'node:stream'
import { documentedFields } from '../api/customer.ts'
import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'
import { type CsvRow, cellsOf, csvRows, type HeadLine, linesOfHead } from './csv.ts'
import { detectEncoding, type Encoding, textOf } from './decode.ts'
import type { TwiceReadable } from './input.ts'
import { type JsonElement, objectsOf, startOfList } from './json.ts'
import { joined, type Peeked, peek } from './text.ts'

/** The file formats of customers: the values of `--format`. */
export const formats = ['csv', 'ndjson', 'json'] as const
export type Format = (typeof formats)[number]

/** What people may say about a file; the rest is detected. */
export interface FileOptions {
  readonly format?: Format | undefined
  /** Checked by `parseEncoding`. */
  readonly encoding?: string | undefined
  /** Of a CSV; one character, checked by `parseDelimiter`. */
  readonly delimiter?: string | undefined
  /** How many lines come before the header of a CSV. */
  readonly skipLines?: number | undefined
}

/** What was found out about a file. */
export interface FileForm {
  readonly name: string
  readonly format: Format
  readonly encoding: Encoding
  /** Of a CSV. */
  readonly delimiter: string
  /** Decisions that people should know about, one sentence each. */
  readonly notes: readonly string[]
}

/** A CSV file: its heading row, if it has one, and the rows below it. */
export interface CsvFile extends FileForm {
  readonly format: 'csv'
  /** Undefined if there is no heading row. */
  readonly headings: readonly string[] | undefined
  /** The line of the heading row, else of the first row; undefined if the file is empty. */
  readonly line: number | undefined
  /** Some of the first rows below the heading row. */
  readonly samples: readonly (readonly string[])[]
  /** To be read once. */
  readonly rows: AsyncGenerator<readonly CsvRow[]>
}

/** An NDJSON or JSON file. */
export interface JsonFile extends FileForm {
  readonly format: 'ndjson' | 'json'
  /** To be read once. */
  readonly objects: AsyncGenerator<readonly JsonElement[]>
}

/** How a command recognises the heading row of a CSV. */
export interface HeadingRule {
  /** Whether cells are a heading row. */
  isHeading(cells: readonly string[]): boolean
  /** Whether the first row is the heading row if no row is recognised. */
  isRequired(first: readonly string[]): boolean
  /** Whether a file without a heading row is a list, one value per line, in which a quote is part of a value. */
  readonly isList?: true
  /** Whether blanks around cells are kept, as in a file that `orafi` wrote. */
  readonly keepsBlanks?: true
}

/** The heading row must be among the first lines; also enough to find the delimiter. */
const searchedLines = 20

/**
 * Opens a file of customers or ids: finds its encoding and format, and for a CSV its delimiter and heading row
 * (docs/contract.md#files).
 * @throws CliError `usage` for files that are not text and for options that do not fit
 */
export async function openFile(
  input: TwiceReadable,
  options: FileOptions,
  rule: HeadingRule,
): Promise<CsvFile | JsonFile> {
  const encoding = await detectEncoding(input, options.encoding)
  const { name } = input
  const { head, rest } = await peek(textOf(input, encoding), (options.skipLines ?? 0) + searchedLines)
  const format = options.format ?? formatOfText(head) ?? formatOfName(name) ?? 'csv'
  const form = { name, encoding, notes: encoding.note === undefined ? [] : [encoding.note] }
  try {
    if (format === 'csv') return await openCsv(form, { head, rest }, options, rule)
    const unfit = options.delimiter === undefined ? undefined : '--delimiter'
    const flag = options.skipLines === undefined ? unfit : '--skip-lines'
    if (flag !== undefined) throw new CliError('usage', `${name} is read as ${format}: ${flag} is for CSV`)
  } catch (error) {
    await rest.return(undefined)
    throw error
  }
  return { ...form, format, delimiter: ',', objects: objectsOf(joined(head, rest), name, format) }
}

async function openCsv(
  { notes, ...form }: Pick<FileForm, 'name' | 'encoding' | 'notes'>,
  { head, rest }: Peeked,
  { delimiter: given, skipLines }: FileOptions,
  rule: HeadingRule,
): Promise<CsvFile> {
  const { name } = form
  const all = linesOfHead(head).slice(0, (skipLines ?? 0) + searchedLines)
  const separator = separatorOf(all[0])
  const start = skipLines ?? (separator === undefined ? 0 : 1)
  const lines = all.filter(({ text, number }) => number > start && /[^\s,;|"]/.test(text))
  const wanted = given ?? separator
  // Whoever says how many lines to skip says where the header is.
  const searched = skipLines === undefined ? lines : lines.slice(0, 1)
  const heading = findHeading(searched, wanted === undefined ? delimitersFor(name) : [wanted], rule)
  const isOwn = heading === undefined && given === undefined && lines.length > 0 && lines.every(isOwnTsv)
  const delimiter = isOwn ? '\t' : (wanted ?? heading?.delimiter ?? likelyDelimiter(lines))
  const first = heading?.line ?? lines[0]
  const parsed = csvRows(joined(head.slice(first?.offset ?? head.length), rest), name, {
    delimiter,
    firstLine: first?.number,
    trim: rule.keepsBlanks !== true,
    quoted: !isOwn && (heading !== undefined || rule.isList !== true),
  })
  // An id may contain a comma.
  const isWhole = heading === undefined || rule.isList === true
  const rows = isWhole ? parsed : unquotedRows(parsed, name, delimiter)
  const batch = await firstRows(rows)
  const [row, ...below] = batch
  const isHeading = ({ cells }: CsvRow): boolean => heading !== undefined || rule.isRequired(cells)
  const hasHeading = row !== undefined && !isOwn && isHeading(row)
  const headings = hasHeading ? row.cells : undefined
  const data = hasHeading ? below : batch
  return {
    ...form,
    format: 'csv',
    delimiter,
    notes: [...notes, ...headingNotes(name, lines, headings && row?.line, isOwn)],
    headings: isOwn ? documentedFields : headings,
    line: row?.line,
    samples: data.slice(0, searchedLines).map(({ cells }) => cells),
    rows: joined(data, rows),
  }
}

/** A line that is one cell in quotes. */
const inQuotes = /^\s*"((?:[^"]|"")*)"\s*$/

/** Divides rows that were put in quotes as a whole: programs do that when they save a CSV as text. */
async function* unquotedRows(
  rows: AsyncGenerator<readonly CsvRow[]>,
  name: string,
  delimiter: string,
): AsyncGenerator<readonly CsvRow[]> {
  for await (const batch of rows) {
    const whole = batch.filter(
      ({ cells: [cell = ''], cells: { length } }) =>
        length === 1 && cell.includes(delimiter) && cell.split('"').length % 2 === 1,
    )
    if (whole.length === 0) {
      yield batch
      continue
    }
    const text = whole.map(({ cells: [cell = ''] }) => cell.replace(/[\r\n]+/g, ' ')).join('\n')
    const divided = new Map<CsvRow | undefined, readonly string[]>()
    for await (const inner of csvRows(Readable.from([text]), name, { delimiter }))
      for (const { cells, line } of inner) divided.set(whole[line - 1], cells)
    yield batch.map((row) => ({ ...row, cells: divided.get(row) ?? row.cells }))
  }
}

/** The heading row, and at least one row below it if there is one: the first piece may hold the heading row alone. */
async function firstRows(rows: AsyncGenerator<readonly CsvRow[]>): Promise<CsvRow[]> {
  const batch: CsvRow[] = []
  for (let next = await rows.next(); !next.done; next = await rows.next()) {
    batch.push(...next.value)
    if (batch.length > 1) break
  }
  return batch
}

function headingNotes(
  name: string,
  lines: readonly HeadLine[],
  heading: number | undefined,
  isOwn: boolean,
): string[] {
  if (isOwn) return [`${name} has no header and is read as TSV printed by orafi`]
  const isBelow = heading !== undefined && lines.some(({ number }) => number < heading)
  return isBelow ? [`${name}: the header was found on line ${heading}; what is above it is skipped`] : []
}

/** The delimiter in a first line such as `sep=;`, which Excel reads and writes. */
function separatorOf(line: HeadLine | undefined): string | undefined {
  return /^\s*"?sep=(.)"?\s*$/i.exec(line?.text ?? '')?.[1]
}

/** The first line that is a heading row, with the delimiter that shows it. */
function findHeading(
  lines: readonly HeadLine[],
  delimiters: readonly string[],
  rule: HeadingRule,
): { line: HeadLine; delimiter: string } | undefined {
  for (const line of lines) {
    const text = inQuotes.exec(line.text)?.[1]?.replaceAll('""', '"')
    const delimiter = delimiters.find(
      (each) =>
        rule.isHeading(cellsOf(line.text, each)) ||
        (text?.includes(each) === true && rule.isHeading(cellsOf(text, each))),
    )
    if (delimiter !== undefined) return { line, delimiter }
  }
  return undefined
}

/** The delimiters to try, in order. */
const delimiters = [',', ';', '\t', '|']

function delimitersFor(name: string): readonly string[] {
  return extensionOf(name) === 'tsv' ? ['\t', ...delimiters] : delimiters
}

/** The delimiter that divides the most lines into the same number of cells as the first one; a comma if in doubt. */
function likelyDelimiter(lines: readonly HeadLine[]): string {
  let best = { delimiter: ',', count: 0 }
  for (const delimiter of delimiters) {
    const widths = lines.map(({ text }) => cellsOf(text, delimiter).length)
    const count = widths.filter((width) => width > 1 && width === widths[0]).length
    if (count > best.count) best = { delimiter, count }
  }
  return best.delimiter
}

/** Whether a line is one that `orafi customers list` prints in a pipe: all documented fields, without a header. */
function isOwnTsv({ text }: HeadLine): boolean {
  const cells = text.split('\t')
  const isMode = /^(?:(?:test|live)(?:,(?:test|live))*)?$/i
  return (
    cells.length === documentedFields.length && /\S@\S/.test(cells[3] ?? '') && isMode.test(cells[4] ?? '')
  )
}

/**
 * Parses `--delimiter`: one character, or `\t` or `tab` for a tab, which is hard to type in a shell. Throws `usage` for
 * more than one character, a quote or a line end.
 */
export function parseDelimiter(text: string): string {
  if (text === '\\t' || text === 'tab') return '\t'
  if (text.length === 1 && !/["\r\n]/.test(text)) return text
  throw new CliError('usage', `--delimiter takes one character, not '${visible(text)}'`, {
    hint: 'for example --delimiter ";" or --delimiter tab',
  })
}

/** The format by the first characters of a text: those of JSON cannot be mistaken. Undefined for anything else. */
function formatOfText(head: string): Format | undefined {
  if (/^\s*\[\s*[[{\]"\d]/.test(head)) return 'json'
  if (!/^\s*\{\s*["}\r\n]/.test(head)) return undefined
  const first = head.trimStart().split(/\r?\n/, 1)[0]?.trimEnd() ?? ''
  // One object a line, unless the first line is only the start of an object, or a whole document.
  return !first.endsWith('}') || startOfList(head) !== undefined ? 'json' : 'ndjson'
}

const extensions: Readonly<Record<string, Format>> = {
  csv: 'csv',
  tsv: 'csv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'json',
}

/** The format by a file's extension, ignoring case and `.gz`; undefined if the extension is unknown. */
export function formatOfName(name: string): Format | undefined {
  return extensions[extensionOf(name)]
}

function extensionOf(name: string): string {
  return /\.([^./\\]+?)(?:\.gz)?$/i.exec(name)?.[1]?.toLowerCase() ?? ''
}
