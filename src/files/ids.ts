import { CliError } from '../errors.ts'
import { isUnmistakable, visible } from '../visible.ts'
import { type CsvRow, rowsOf } from './csv.ts'
import { type Bytes, badLine, firstLine, type Line, linesOf, peek, textOf } from './text.ts'

/** An unchecked id and its line. */
interface Found {
  readonly id: unknown
  readonly line: number
}

/** In characters. An id becomes part of a URL. */
const longestId = 512

/**
 * White space, commas, quotes and invisible characters: signs that the line is not just an id. Escaped forms of them, as
 * TSV output shows them, are refused too (see `isUnmistakable`): they would be another customer's id.
 */
const notInIds = /[\s,"'`\p{C}\p{Z}]/u

/**
 * Reads the ids in a file or on stdin, without repeats, in the order of their first occurrence: one id per line (a first
 * line `id` is a header), NDJSON objects with `id`, or CSV with a column `id` (docs/contract.md#ids-from-a-file). `name`
 * is the file's name in messages. Reads everything before it returns, so that no id is used if any is invalid. Throws
 * `usage` with the line, or if there are no ids.
 */
export async function readIds(bytes: Bytes, name: string): Promise<string[]> {
  const { head, texts } = await peek(textOf(bytes, name))
  const ids = new Set<string>()
  for await (const { id, line } of found(head, texts, name)) ids.add(checked(id, name, line))
  if (ids.size === 0)
    throw new CliError('usage', `${name} contains no ids`, { hint: 'for example one id per line' })
  return [...ids]
}

function found(head: string, texts: AsyncIterable<string>, name: string): AsyncIterable<Found> {
  const first = firstLine(head)
  const lines = linesOf(texts, name)
  if (/^[{[]/.test(first))
    return fromLines(lines, false, ({ text, number }) => idOfObject(text, name, number))
  // A list with a header, or a CSV of one column, whose cells may be quoted.
  if (isIdTitle(unquoted(first))) return fromLines(lines, true, ({ text }) => unquoted(text))
  const delimiter = delimiterOf(first)
  if (delimiter !== undefined) return fromCsv(rowsOf(texts, name, delimiter), name)
  return fromLines(lines, false, ({ text }) => text)
}

/** A line with a column `id` is a CSV header. Spreadsheets separate columns by commas, semicolons or tabs. */
function delimiterOf(first: string): string | undefined {
  const named = [',', ';', '\t'].find((delimiter) =>
    first.split(delimiter).some((cell) => isIdTitle(cell.replaceAll('"', ''))),
  )
  return named ?? (/[,"\t]/.test(first) ? ',' : undefined)
}

function isIdTitle(title: string): boolean {
  return title.trim().toLowerCase() === 'id'
}

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/, '$1')
}

async function* fromLines(
  batches: AsyncIterable<readonly Line[]>,
  hasHeader: boolean,
  idOf: (line: Line) => unknown,
): AsyncGenerator<Found> {
  let isHeader = hasHeader
  for await (const lines of batches) {
    for (const line of lines) {
      // Not `trim()`: it would also remove a byte order mark, which shows that files were concatenated.
      if (/^[ \t\r\f\v]*$/.test(line.text)) continue
      if (!isHeader) yield { id: idOf(line), line: line.number }
      isHeader = false
    }
  }
}

function idOfObject(text: string, name: string, number: number): unknown {
  const hint = 'one JSON object per line, each with an `id`, as --ndjson prints them'
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new CliError('usage', `${name}, line ${number} is not a JSON object`, { hint })
  }
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined
  if (typeof id !== 'string')
    throw new CliError('usage', `${name}, line ${number} has no \`id\` that is a string`, { hint })
  return id
}

async function* fromCsv(batches: AsyncIterable<readonly CsvRow[]>, name: string): AsyncGenerator<Found> {
  let column: number | undefined
  for await (const rows of batches) {
    for (const { cells, line } of rows) {
      if (column === undefined) column = idColumn(cells, name, line)
      else yield { id: cells[column], line }
    }
  }
}

function idColumn(titles: readonly string[], name: string, line: number): number {
  const hint = 'one id per line, or a CSV whose first line names its columns, one of them `id`'
  const matching = (matches: (title: string) => boolean): number[] =>
    titles.flatMap((title, index) => (matches(title) ? [index] : []))
  const exact = matching((title) => title === 'id')
  const [column, another] = exact.length > 0 ? exact : matching(isIdTitle)
  if (another !== undefined) throw new CliError('usage', `${name} has more than one column \`id\``, { hint })
  if (column !== undefined) return column
  throw new CliError(
    'usage',
    `${name}, line ${line} is neither an id nor a CSV header with a column \`id\``,
    { hint },
  )
}

function checked(id: unknown, name: string, line: number): string {
  const refused = (problem: string): CliError => badLine(name, line, problem)
  if (typeof id !== 'string' || id === '') throw refused('has no id')
  if (notInIds.test(id))
    throw refused(`contains white space, a comma, a quote or a control character in its id ${quoted(id)}`)
  if (!isUnmistakable(id))
    throw refused(`contains a control character, or the escaped form of one, in its id ${quoted(id)}`)
  if (id === '.' || id === '..') throw refused(`has '${id}', which cannot be an id`)
  if (id.length > longestId) throw refused(`has an id longer than ${longestId} characters: ${quoted(id)}`)
  return id
}

/** The start of an id: an invalid one can be a megabyte long. */
function quoted(id: string): string {
  const beginning = /^.{0,100}/su.exec(id)?.[0] ?? ''
  return `'${visible(beginning)}${beginning.length < id.length ? '…' : ''}'`
}
