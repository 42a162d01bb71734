import type { Customer } from '../api/customer.ts'
import { stringifyExact } from '../exact.ts'
import { picked } from './cells.ts'
import type { Ending, Layout, Serialiser, View } from './result.ts'

/** One JSON document: indented by two for a person, compact for a program, never held in memory whole. */
export const json: Layout = (view) => ({
  one: (record) => `${stringifyExact(picked(record, view.fields), indentOf(view))}\n`,
  many: (ending) => (view.terminal ? indented(view, ending) : compact(view, ending)),
  report: ({ document }) => `${stringifyExact(document, indentOf(view))}\n`,
})

function indentOf({ terminal }: View): number | undefined {
  return terminal ? 2 : undefined
}

function compact({ fields }: View, ending: (() => Ending) | undefined): Serialiser {
  let before = ''
  return {
    begin: () => (ending === undefined ? '[' : '{"data":['),
    records(batch) {
      if (batch.length === 0) return ''
      // The brackets of the batch are not those of the document.
      const text = before + stringifyExact(batch.map((record) => picked(record, fields))).slice(1, -1)
      before = ','
      return text
    },
    end: () => (ending === undefined ? ']\n' : `],${stringifyExact(ending()).slice(1)}\n`),
  }
}

function indented({ fields }: View, ending: (() => Ending) | undefined): Serialiser {
  const margin = ending === undefined ? '\n  ' : '\n    '
  let before = ''
  return {
    begin: () => (ending === undefined ? '[' : '{\n  "data": ['),
    records(batch) {
      let text = ''
      for (const record of batch) {
        // A newline inside a value is escaped, so each one in the text begins a line.
        text += before + margin + stringifyExact(picked(record, fields), 2).replaceAll('\n', margin)
        before = ','
      }
      return text
    },
    end() {
      if (ending === undefined) return before === '' ? ']\n' : '\n]\n'
      return `${before === '' ? '' : '\n  '}],\n${stringifyExact(ending(), 2).slice(2)}\n`
    },
  }
}

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
