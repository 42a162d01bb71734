import type { Customer } from '../api/customer.ts'
import { CliError } from '../errors.ts'
import { parseExact } from '../exact.ts'
import { visible } from '../visible.ts'
import { type CsvRow, rowsOf } from './csv.ts'
import { formatOfName, formatOfText } from './format.ts'
import type { Source } from './input.ts'
import { invalidJson, objectsOf } from './json.ts'
import { badLine, peek, textOf } from './text.ts'

/** The columns that a CSV must have; the other documented fields are optional. */
const neededColumns = ['id', 'firstname', 'lastname', 'email'] as const

/**
 * Reads customers from an export (NDJSON, a JSON array, CSV). A CSV's cells become the values that they were: `mode` a
 * list, `totalSpent` a number. Throws `usage` with the line, or the columns, if the file is not a customer export.
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
    throw invalidJson(name, line, error instanceof Error ? visible(error.message) : 'it cannot be read')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badLine(name, line, 'is not a JSON object')
  }
  const fields = value as Readonly<Record<string, unknown>>
  const { id } = fields
  if (typeof id !== 'string' || id === '') throw badLine(name, line, 'has no id')
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

function checkedColumns(titles: readonly string[], name: string): readonly string[] {
  const missing = neededColumns.filter((column) => !titles.includes(column))
  if (missing.length === 0) return titles
  throw new CliError('usage', `${name} has no column ${missing.join(', ')}: it is not a customer export`, {
    hint: 'create one with: orafi customers export customers.ndjson',
  })
}

function customerOf({ cells, line }: CsvRow, columns: readonly string[], name: string): Customer {
  const fields = Object.fromEntries(
    columns.map((column, place) => [column, fieldOf(column, cells[place] ?? '')]),
  )
  const { id } = fields
  if (typeof id !== 'string' || id === '') throw badLine(name, line, 'has no id')
  return { ...fields, id }
}

/** A cell as the value that was exported. */
function fieldOf(column: string, cell: string): unknown {
  if (column === 'mode') return cell === '' ? [] : cell.split(',')
  // An export writes null as an empty cell; names may be empty strings.
  if (cell === '' && ['totalSpent', 'createdAt', 'updatedAt'].includes(column)) return null
  if (column === 'totalSpent' && /^-?\d+(\.\d+)?$/.test(cell)) return parseExact(cell)
  return cell
}
