import { CliError } from '../errors.ts'
import { isUnmistakable, visible } from '../visible.ts'
import type { CsvRow } from './csv.ts'
import { rowsOf } from './csv.ts'
import { type Bytes, firstLine, type Line, linesOf, peek, textOf } from './text.ts'

/** An id and the line it stands on, as it was found. */
interface Found {
  readonly id: unknown
  readonly line: number
}

/** Lines, as they are read: in blocks. */
type Lines = AsyncIterable<readonly Line[]>

/** The longest id that is taken: it becomes part of an address; characters. */
const longestId = 512

/**
 * White space, commas, quotes, and whatever a reader would not see: signs that a line is not what was meant. What
 * TSV shows instead of such a character is refused as well (see `isUnmistakable`): it would be another customer's id.
 */
const noId = /[\s,"'`\p{C}\p{Z}]/u

/**
 * The ids in a file or on stdin, each once, in the order in which they were first met: one a line (a first line `id`
 * is a header), NDJSON objects with `id`, or CSV with a column `id` (docs/contract.md#ids-from-a-file). `name` is how
 * the file is called in messages. Reads everything before it returns: an id that cannot be one must be known before
 * the first is used. Throws `usage` naming the line, and when no id is left.
 */
export async function readIds(bytes: Bytes, name: string): Promise<string[]> {
  const { head, texts } = await peek(textOf(bytes, name))
  const ids = new Set<string>()
  for await (const { id, line } of found(head, texts, name)) ids.add(checked(id, name, line))
  if (ids.size === 0)
    throw new CliError('usage', `${name} holds no ids`, { hint: 'one id a line, for example' })
  return [...ids]
}

function found(head: string, text: AsyncIterable<string>, name: string): AsyncIterable<Found> {
  const first = firstLine(head)
  if (first.startsWith('{') || first.startsWith('[')) return fromJson(linesOf(text, name), name)
  if (isIdTitle(first.replace(/^"(.*)"$/, '$1'))) return fromColumn(linesOf(text, name))
  const delimiter = delimiterOf(first)
  if (delimiter !== undefined) return fromCsv(rowsOf(text, name, delimiter), name)
  return fromLines(linesOf(text, name))
}

/** The column `id` says that a line is a CSV's header. Spreadsheets part columns by commas, semicolons or tabs. */
function delimiterOf(first: string): ',' | ';' | '\t' | undefined {
  const cells = (delimiter: string): string[] =>
    first.split(delimiter).map((cell) => cell.replaceAll('"', ''))
  for (const delimiter of [',', ';', '\t'] as const) {
    if (cells(delimiter).some(isIdTitle)) return delimiter
  }
  return /[,"\t]/.test(first) ? ',' : undefined
}

function isIdTitle(title: string): boolean {
  return title.trim().toLowerCase() === 'id'
}

async function* fromLines(blocks: Lines): AsyncGenerator<Found> {
  for await (const lines of blocks) {
    for (const { text, number } of lines) if (!isBlank(text)) yield { id: text, line: number }
  }
}

/** A header and nothing but ids: a list, or a CSV of one column, whose cells may be quoted. */
async function* fromColumn(blocks: Lines): AsyncGenerator<Found> {
  let isHeader = true
  for await (const lines of blocks) {
    for (const { text, number } of lines) {
      if (isBlank(text)) continue
      if (!isHeader) yield { id: text.replace(/^"(.*)"$/, '$1'), line: number }
      isHeader = false
    }
  }
}

async function* fromJson(blocks: Lines, name: string): AsyncGenerator<Found> {
  for await (const lines of blocks) {
    for (const { text, number } of lines)
      if (!isBlank(text)) yield { id: idOfObject(text, name, number), line: number }
  }
}

function idOfObject(text: string, name: string, number: number): unknown {
  const hint = 'one JSON object a line, each with an `id`, as --ndjson prints them'
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new CliError('usage', `${name}, line ${number} is not a JSON object`, { hint })
  }
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined
  if (typeof id !== 'string')
    throw new CliError('usage', `${name}, line ${number} has no \`id\` that is a text`, { hint })
  return id
}

async function* fromCsv(blocks: AsyncIterable<readonly CsvRow[]>, name: string): AsyncGenerator<Found> {
  let column: number | undefined
  for await (const rows of blocks) {
    for (const { cells, line } of rows) {
      if (column === undefined) column = idColumn(cells, name, line)
      else yield { id: cells[column], line }
    }
  }
}

function idColumn(titles: readonly string[], name: string, line: number): number {
  const hint = 'one id a line, or a CSV whose first line names its columns, one of them `id`'
  const exact = titles.flatMap((title, index) => (title === 'id' ? [index] : []))
  const columns =
    exact.length > 0 ? exact : titles.flatMap((title, index) => (isIdTitle(title) ? [index] : []))
  const [column, another] = columns
  if (column === undefined) {
    throw new CliError(
      'usage',
      `${name}, line ${line} is neither an id nor a CSV header with a column \`id\``,
      { hint },
    )
  }
  if (another !== undefined) throw new CliError('usage', `${name} has more than one column \`id\``, { hint })
  return column
}

function checked(id: unknown, name: string, line: number): string {
  if (typeof id !== 'string' || id === '') throw noSuchId(name, line, 'has no id')
  if (noId.test(id))
    throw noSuchId(
      name,
      line,
      `holds white space, a comma, a quote or a control character in its id ${quoted(id)}`,
    )
  if (!isUnmistakable(id))
    throw noSuchId(name, line, `holds a control character, or what is shown for one, in its id ${quoted(id)}`)
  if (id === '.' || id === '..') throw noSuchId(name, line, `has '${id}', which cannot be an id`)
  if (id.length > longestId)
    throw noSuchId(name, line, `has an id longer than ${longestId} characters: ${quoted(id)}`)
  return id
}

/** The beginning of an id: the line that is taken for one can be a megabyte long. */
function quoted(id: string): string {
  const beginning = /^.{0,100}/su.exec(id)?.[0] ?? ''
  return `'${visible(beginning)}${beginning.length < id.length ? '…' : ''}'`
}

function noSuchId(name: string, line: number, why: string): CliError {
  return new CliError('usage', `${name}, line ${line} ${why}`, {
    hint: 'nothing was done; correct the line and try again',
  })
}

/** Not `trim()`: it would also take away a byte order mark, and with it the sign that files were joined. */
function isBlank(line: string): boolean {
  return /^[ \t\r\f\v]*$/.test(line)
}
