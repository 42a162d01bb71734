import type { Customer } from '../api/customer.ts'
import { CliError } from '../errors.ts'
import { parseExact } from '../exact.ts'
import type { CsvRow } from './csv.ts'
import type { TwiceReadable } from './input.ts'
import { openFile } from './records.ts'
import { parsedObject, raggedness, withoutGuard } from './rows.ts'
import { badLine, discard } from './text.ts'

/** The columns that a CSV must have; the other documented fields are optional. */
const neededColumns = ['id', 'firstname', 'lastname', 'email'] as const

/**
 * Reads customers from what `orafi` printed or exported: NDJSON, JSON, CSV or TSV, compressed or not. Cells become the
 * values that they were: `mode` a list, `totalSpent` a number. Throws `usage` with the line, or the columns, if the
 * file does not hold customers.
 * @param onNote is called for what people should know about how the file is read
 */
export async function* readCustomers(
  input: TwiceReadable,
  onNote: (note: string) => Promise<void>,
): AsyncGenerator<Customer, void, undefined> {
  const { name } = input
  const isHeading = (cells: readonly string[]): boolean => missingIn(cells).length === 0
  const file = await openFile(input, {}, { isHeading, isRequired: () => true, keepsBlanks: true })
  for (const note of file.notes) await onNote(note)
  if (file.format !== 'csv') {
    for await (const batch of file.objects) {
      for (const { text, line } of batch)
        yield withId(parsedObject(text, name, line, file.format, parseExact), name, line)
    }
    return
  }
  const { headings = [] } = file
  const missing = missingIn(headings)
  if (missing.length > 0) {
    await discard(file.rows)
    throw new CliError('usage', `${name} has no column ${missing.join(', ')}: it is not a customer export`, {
      hint: 'create one with: orafi customers export customers.ndjson',
    })
  }
  const columns = headings.map((heading) => heading.trim())
  for await (const rows of file.rows) for (const row of rows) yield customerOf(row, columns, name)
}

function missingIn(headings: readonly string[]): readonly string[] {
  return neededColumns.filter((column) => !headings.some((heading) => heading.trim() === column))
}

function withId(fields: Readonly<Record<string, unknown>>, name: string, line: number): Customer {
  if (hasId(fields)) return fields
  throw badLine(name, line, 'has no id')
}

function hasId(fields: Readonly<Record<string, unknown>>): fields is Customer {
  return typeof fields.id === 'string' && fields.id !== ''
}

function customerOf({ cells, line, problem }: CsvRow, columns: readonly string[], name: string): Customer {
  const refused = problem ?? raggedness(cells, columns.length, columns.length)
  if (refused !== undefined) throw badLine(name, line, refused)
  const pairs = columns.map((column, place) => [column, fieldOf(column, cells[place] ?? '')] as const)
  return withId(Object.fromEntries(pairs.filter(([column]) => column !== '')), name, line)
}

/** A cell as the value that was exported. */
function fieldOf(column: string, written: string): unknown {
  const cell = withoutGuard(written)
  if (column === 'mode') return cell === '' ? [] : cell.split(',').map((mode) => mode.trim())
  // An export writes null as an empty cell; names may be empty strings.
  if (cell === '' && ['totalSpent', 'createdAt', 'updatedAt'].includes(column)) return null
  if (column === 'totalSpent' && /^-?\d+(\.\d+)?$/.test(cell)) return parseExact(cell)
  return cell
}
