import type { Customer } from '../api/customer.ts'
import { stringifyExact } from '../exact.ts'
import { picked } from './cells.ts'
import type { Layout } from './layout.ts'

/** One JSON record a line, on a terminal too. */
export const ndjson: Layout = ({ fields }) => {
  const lineOf = (record: Customer): string => `${stringifyExact(picked(record, fields))}\n`
  return {
    one: lineOf,
    many: () => ({
      begin: () => '',
      records: (batch) => batch.map(lineOf).join(''),
      end: () => '',
    }),
    report: ({ document }) =>
      recordsOf(document)
        .map((record) => `${stringifyExact(record)}\n`)
        .join(''),
  }
}

/** A report that lists (`{"data":[…]}`) has a record a line, as a listing of customers has; others are one record. */
function recordsOf(document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document
  const listed =
    typeof document === 'object' && document !== null && 'data' in document ? document.data : undefined
  return Array.isArray(listed) ? listed : [document]
}
