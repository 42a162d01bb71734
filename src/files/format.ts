import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'
import { type ColumnMap, columnsFor, fields } from './columns.ts'

/** How customers are written in a file: what `--format` takes. */
export const formats = ['csv', 'ndjson', 'json'] as const
export type Format = (typeof formats)[number]

const extensions: Readonly<Record<string, Format>> = {
  csv: 'csv',
  tsv: 'csv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'json',
}

/** The format that a file's name tells, in any case of letters; undefined where it tells none. */
export function formatOfName(name: string): Format | undefined {
  return extensions[extensionOf(name)]
}

/** The format of a text by its first sign: `[` begins an array, `{` the first of many objects, all else is CSV. */
export function formatOfText(head: string): Format {
  const first = head.trimStart().charAt(0)
  if (first === '[') return 'json'
  return first === '{' ? 'ndjson' : 'csv'
}

/**
 * Reads `--delimiter`: one character; `\t` and `tab` are the tab, which a shell does not let everybody type. Throws
 * `usage` for more than one character, and for a quote or a line end.
 */
export function parseDelimiter(text: string): string {
  if (text === '\\t' || text === 'tab') return '\t'
  if (text.length === 1 && !/["\r\n]/.test(text)) return text
  throw new CliError('usage', `--delimiter takes one character, not '${visible(text)}'`, {
    hint: 'for example --delimiter ";" or --delimiter tab',
  })
}

/**
 * The delimiter of a CSV that says nothing about it: a tab in a `.tsv`, else the one of comma, semicolon and tab (as
 * spreadsheets of other countries write it) under which the header names the most of the fields; a comma in doubt.
 */
export function likelyDelimiter(name: string, header: string, map: ColumnMap): string {
  if (extensionOf(name) === 'tsv') return '\t'
  let best = { delimiter: ',', named: 0 }
  for (const delimiter of [',', ';', '\t']) {
    const titles = header.split(delimiter).map((title) => title.replaceAll('"', ''))
    const named = fields.filter((field) => columnsFor(field, titles, map).length > 0).length
    if (named > best.named) best = { delimiter, named }
  }
  return best.delimiter
}

function extensionOf(name: string): string {
  return /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
}
