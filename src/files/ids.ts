import { isEmail } from '../email.ts'
import { CliError } from '../errors.ts'
import { isUnmistakable, visible } from '../visible.ts'
import type { CsvRow } from './csv.ts'
import { matchHeadings, spellingOf } from './headings.ts'
import type { TwiceReadable } from './input.ts'
import { type CsvFile, openFile } from './records.ts'
import { cleaned, parsedJson, raggedness } from './rows.ts'
import { badLine } from './text.ts'

/** A customer that a file names: by id, by e-mail, or by both, which must then be one record. */
export interface NamedCustomer {
  readonly id: string | undefined
  readonly email: string | undefined
  readonly line: number
}

/** In characters. An id becomes part of a URL. */
const longestId = 512

/**
 * White space, commas, quotes and invisible characters: signs that a value is not just an id. Escaped forms of them, as
 * TSV output shows them, are refused too (see `isUnmistakable`): they would be another customer's id.
 */
const notInIds = /[\s,"'`\p{C}\p{Z}]/u

/**
 * Reads the ids and e-mails in a file or on stdin, in order: one per line (a first line `id` or `email` is a header),
 * or any file of customers with a column `id` or an e-mail column (docs/contract.md#ids-from-a-file). Reads everything
 * before it returns, so that nothing is used if any line is wrong.
 * @param onNote is called for what people should know about how the file is read
 * @throws CliError `usage` with the line for a value that is neither, or if there are none
 */
export async function readNamed(
  input: TwiceReadable,
  onNote: (note: string) => Promise<void>,
): Promise<NamedCustomer[]> {
  const isHeading = (cells: readonly string[]): boolean => placesIn(cells) !== undefined
  const file = await openFile(
    input,
    {},
    { isHeading, isRequired: () => false, isList: true, keepsBlanks: true },
  )
  for (const note of file.notes) await onNote(note)
  const named: NamedCustomer[] = []
  if (file.format === 'csv') {
    const read = rowReader(file)
    for await (const rows of file.rows) for (const row of rows) named.push(read(row))
  } else {
    for await (const batch of file.objects) {
      for (const { text, line } of batch)
        named.push(fromJson(parsedJson(text, input.name, line, file.format), line, input.name))
    }
  }
  if (named.length === 0)
    throw new CliError('usage', `${input.name} contains no ids`, {
      hint: 'for example one id or e-mail per line',
    })
  return named
}

/** The columns of ids and e-mails in a heading row. Undefined if it has neither. */
function placesIn(cells: readonly string[]): { id: readonly number[]; email: readonly number[] } | undefined {
  if (cells.some((cell) => /\S@\S/.test(cell))) return undefined
  const having = (matches: (cell: string) => boolean): number[] =>
    cells.flatMap((cell, index) => (matches(cell) ? [index] : []))
  const exact = having((cell) => cell.trim() === 'id')
  const id = exact.length > 0 ? exact : having((cell) => ['id', 'customerid'].includes(spellingOf(cell)))
  const { columns, ambiguous } = matchHeadings(cells, {})
  const several = ambiguous.find(({ field }) => field === 'email')?.columns
  const email = several ?? (columns.email === undefined ? [] : [columns.email])
  return id.length + email.length > 0 ? { id, email } : undefined
}

/** Reads the rows of a list or of a CSV with headings. */
function rowReader({ headings, name, line }: CsvFile): (row: CsvRow) => NamedCustomer {
  const places = headings === undefined ? undefined : placesIn(headings)
  if (headings === undefined || places === undefined) {
    return ({ cells, line, problem }) => {
      const [only = ''] = cells
      if (problem !== undefined) throw badLine(name, line, problem)
      if (cells.length > 1)
        throw new CliError(
          'usage',
          `${name}, line ${line} is neither an id nor a header with a column \`id\``,
          {
            hint: 'one id or e-mail per line, or a CSV whose first line names its columns, one of them `id` or `email`',
          },
        )
      return fromText(only, line, name)
    }
  }
  for (const [field, columns] of Object.entries(places)) {
    if (columns.length < 2) continue
    const titles = columns.map((column) => `'${visible(headings[column] ?? '')}'`).join(', ')
    throw new CliError('usage', `${name}, line ${line} has more than one column \`${field}\`: ${titles}`, {
      hint: 'remove or rename all but one of them',
    })
  }
  const [id] = places.id
  const [email] = places.email
  const needed = Math.max(id ?? 0, email ?? 0) + 1
  return ({ cells, line, problem }) => {
    const refused = problem ?? raggedness(cells, headings.length, needed)
    if (refused !== undefined) throw badLine(name, line, refused)
    return fromParts(id === undefined ? '' : cells[id], email === undefined ? '' : cells[email], line, name)
  }
}

function fromJson(value: unknown, line: number, name: string): NamedCustomer {
  if (typeof value === 'string') return fromText(value, line, name)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const { id, email } = value as Readonly<Record<string, unknown>>
    const isText = (part: unknown): boolean => part === undefined || part === null || typeof part === 'string'
    if (isText(id) && isText(email) && (id ?? email) !== undefined && (id ?? email) !== null)
      return fromParts(String(id ?? ''), String(email ?? ''), line, name)
  }
  throw new CliError('usage', `${name}, line ${line} has no \`id\` or \`email\` that is a string`, {
    hint: 'one JSON object per line, each with an `id` or an `email`, as --ndjson prints them',
  })
}

/** An id or an e-mail. */
function fromText(text: string, line: number, name: string): NamedCustomer {
  return text.includes('@') ? fromParts('', text, line, name) : fromParts(text, '', line, name)
}

function fromParts(
  id: string | undefined,
  email: string | undefined,
  line: number,
  name: string,
): NamedCustomer {
  const hasId = id !== undefined && id !== ''
  const hasEmail = email !== undefined && email.trim() !== ''
  // A column of ids may hold e-mails: they are no ids.
  if (hasId && id.includes('@')) {
    if (hasEmail && cleaned('email', email) !== cleaned('email', id))
      throw badLine(name, line, `has two e-mails: ${quoted(id)} and ${quoted(email)}`)
    return fromParts('', id, line, name)
  }
  if (!hasId && !hasEmail) throw badLine(name, line, 'has no id')
  return {
    id: hasId ? checkedId(id, name, line) : undefined,
    // Beside an id it is only compared: accounts hold e-mails that are none.
    email: hasEmail ? (hasId ? cleaned('email', email) : checkedEmail(email, name, line)) : undefined,
    line,
  }
}

function checkedEmail(text: string, name: string, line: number): string {
  // A plain list may have its e-mails in quotes, which are no part of an address like this.
  const email = cleaned('email', text.replace(/^"(.*)"$/, '$1'))
  if (!isEmail(email)) throw badLine(name, line, `is neither an id nor an e-mail address: ${quoted(text)}`)
  return email
}

function checkedId(id: string, name: string, line: number): string {
  const refused = (problem: string): CliError => badLine(name, line, problem)
  if (notInIds.test(id))
    throw refused(`contains white space, a comma, a quote or a control character in its id ${quoted(id)}`)
  if (!isUnmistakable(id))
    throw refused(`contains a control character, or the escaped form of one, in its id ${quoted(id)}`)
  if (id === '.' || id === '..') throw refused(`has '${id}', which cannot be an id`)
  if (id.length > longestId) throw refused(`has an id longer than ${longestId} characters: ${quoted(id)}`)
  return id
}

/** The start of a value: a wrong one can be a megabyte long. */
function quoted(text: string): string {
  const beginning = /^.{0,100}/su.exec(text)?.[0] ?? ''
  return `'${visible(beginning)}${beginning.length < text.length ? '…' : ''}'`
}
