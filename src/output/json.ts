import type { Customer } from '../api/customer.ts'
import type { PageInfo } from '../api/envelope.ts'
import { stringifyExact } from '../exact.ts'
import { picked } from './cells.ts'
import type { Layout, Serialiser, View } from './result.ts'

/** One JSON document: indented on a terminal, else compact. It is never held in memory as a whole. */
export const json: Layout = (view) => ({
  one: (record) => `${stringifyExact(picked(record, view.fields), indentOf(view))}\n`,
  many: (pageInfo) => (view.terminal ? indented(view, pageInfo) : compact(view, pageInfo)),
  report: ({ document }) => `${stringifyExact(document, indentOf(view))}\n`,
})

function indentOf({ terminal }: View): number | undefined {
  return terminal ? 2 : undefined
}

function compact({ fields }: View, pageInfo: (() => PageInfo) | undefined): Serialiser {
  let before = ''
  return {
    begin: () => (pageInfo === undefined ? '[' : '{"data":['),
    records(batch) {
      if (batch.length === 0) return ''
      // Without the brackets of the batch.
      const text = before + stringifyExact(batch.map((record) => picked(record, fields))).slice(1, -1)
      before = ','
      return text
    },
    end: () => (pageInfo === undefined ? ']\n' : `],${stringifyExact(pageInfo()).slice(1)}\n`),
  }
}

function indented({ fields }: View, pageInfo: (() => PageInfo) | undefined): Serialiser {
  const margin = pageInfo === undefined ? '\n  ' : '\n    '
  let before = ''
  return {
    begin: () => (pageInfo === undefined ? '[' : '{\n  "data": ['),
    records(batch) {
      let text = ''
      for (const record of batch) {
        // Newlines inside values are escaped, so these are all line breaks of the layout.
        text += before + margin + stringifyExact(picked(record, fields), 2).replaceAll('\n', margin)
        before = ','
      }
      return text
    },
    end() {
      if (pageInfo === undefined) return before === '' ? ']\n' : '\n]\n'
      return `${before === '' ? '' : '\n  '}],\n${stringifyExact(pageInfo(), 2).slice(2)}\n`
    },
  }
}

/** One JSON record per line, also on a terminal. */
export const ndjson: Layout = ({ fields }) => {
  const lineOf = (record: Customer): string => `${stringifyExact(picked(record, fields))}\n`
  return {
    one: lineOf,
    many: () => ({ begin: () => '', records: (batch) => batch.map(lineOf).join(''), end: () => '' }),
    report: ({ document }) =>
      recordsOf(document)
        .map((record) => `${stringifyExact(record)}\n`)
        .join(''),
  }
}

/** The records of a report: the elements of an array or of `{"data":[…]}`; any other document is one record. */
function recordsOf(document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document
  const listed =
    typeof document === 'object' && document !== null && 'data' in document ? document.data : undefined
  return Array.isArray(listed) ? listed : [document]
}
