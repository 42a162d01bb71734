import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'
import { type ColumnMap, columnsFor, fields } from './columns.ts'

/** The file formats of customers: the values of `--format`. */
export const formats = ['csv', 'ndjson', 'json'] as const
export type Format = (typeof formats)[number]

const extensions: Readonly<Record<string, Format>> = {
  csv: 'csv',
  tsv: 'csv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'json',
}

/** The format by a file's extension, ignoring case; undefined if the extension is unknown. */
export function formatOfName(name: string): Format | undefined {
  return extensions[extensionOf(name)]
}

/** Guesses the format from a text's first character: `[` is JSON, `{` is NDJSON, anything else is CSV. */
export function formatOfText(head: string): Format {
  const first = head.trimStart().charAt(0)
  if (first === '[') return 'json'
  return first === '{' ? 'ndjson' : 'csv'
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

/**
 * Guesses the delimiter of a CSV: a tab in a `.tsv`, else the one of comma, semicolon (used by spreadsheets in some
 * locales) and tab that finds the most fields in the header; a comma if in doubt.
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
