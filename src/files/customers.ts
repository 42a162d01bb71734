import type { Customer } from '../api/customer.ts'
import { CliError } from '../errors.ts'
import { parseExact } from '../exact.ts'
import { visible } from '../visible.ts'
import { type CsvRow, rowsOf } from './csv.ts'
import { formatOfName, formatOfText } from './format.ts'
import type { Source } from './input.ts'
import { brokenJson, objectsOf } from './json.ts'
import { peek, textOf } from './text.ts'

/** What a CSV must have for its rows to be customers; the other documented fields are read where they are. */
const neededColumns = ['id', 'firstname', 'lastname', 'email'] as const

/**
 * Customers as an export wrote them (NDJSON, a JSON array, CSV): every field by value, `mode` of a CSV as the list it
 * was, `totalSpent` as a number. Throws `usage` naming the line, or the column, for what is no such file.
 */
export async function* readCustomers({ bytes, name }: Source): AsyncGenerator<Customer, void, undefined> {
  const { head, texts } = await peek(textOf(bytes, name))
  const format = formatOfName(name) ?? formatOfText(head)
  if (format === 'csv') yield* fromCsv(texts, name)
  else {
    for await (const objects of objectsOf(texts, name, format)) {
      for (const { text, line } of objects) {
        // Unlike an import, white space that JSON does not allow is skipped here too.
        if (format === 'ndjson' && text.trim() === '') continue
        yield customerIn(text, line, name)
      }
    }
  }
}

function customerIn(text: string, line: number, name: string): Customer {
  let value: unknown
  try {
    value = parseExact(text)
  } catch (error) {
    throw brokenJson(name, line, error instanceof Error ? visible(error.message) : 'it cannot be read')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw brokenJson(name, line, 'it is no customer')
  }
  const fields = value as Readonly<Record<string, unknown>>
  const { id } = fields
  if (typeof id !== 'string' || id === '') throw brokenJson(name, line, 'it has no id')
  return { ...fields, id }
}

async function* fromCsv(
  texts: AsyncGenerator<string>,
  name: string,
): AsyncGenerator<Customer, void, undefined> {
  let columns: readonly string[] | undefined
  for await (const rows of rowsOf(texts, name, ',')) {
    for (const row of rows) {
      if (columns === undefined) columns = checkedColumns(row.cells, name)
      else yield customerOf(row, columns, name)
    }
  }
}

/** Throws `usage` naming the columns that are missing. */
function checkedColumns(titles: readonly string[], name: string): readonly string[] {
  const missing = neededColumns.filter((column) => !titles.includes(column))
  if (missing.length === 0) return titles
  throw new CliError('usage', `${name} has no column ${missing.join(', ')}: it is no export of customers`, {
    hint: 'make one with: orafi customers export customers.ndjson',
  })
}

function customerOf({ cells, line }: CsvRow, columns: readonly string[], name: string): Customer {
  const fields = Object.fromEntries(
    columns.map((column, place) => [column, fieldOf(column, cells[place] ?? '')]),
  )
  const { id } = fields
  if (typeof id !== 'string' || id === '') throw new CliError('usage', `${name}, line ${line}: it has no id`)
  return { ...fields, id }
}

/** A cell as the field that it was before it was written. */
function fieldOf(column: string, cell: string): unknown {
  if (column === 'mode') return cell === '' ? [] : cell.split(',')
  // An empty cell is how what is unknown was written; a name can be empty itself.
  if (cell === '' && ['totalSpent', 'createdAt', 'updatedAt'].includes(column)) return null
  if (column === 'totalSpent' && /^-?\d+(\.\d+)?$/.test(cell)) return parseExact(cell)
  return cell
}
