import type { Customer } from '../api/customer.ts'

/** How a listing ended: what follows, and the cursor to go on from. */
export interface Ending {
  readonly hasNextPage: boolean
  readonly nextCursor: string | null
}

export interface One {
  readonly kind: 'one'
  readonly record: Customer
}

export interface Many {
  readonly kind: 'many'
  readonly records: AsyncIterable<Customer> | Iterable<Customer>
  /** Asked once the records have ended or failed. With it JSON is `{"data":[…],…}`, without it a bare array. */
  readonly ending?: (() => Ending) | undefined
}

/** A column of a report. Where no column has a title, the rows are keys with their values. */
export interface Column {
  readonly key: string
  readonly title: string
  readonly align?: 'right' | undefined
  /** The width in characters that the column may be cut to; without it, it is never cut. */
  readonly least?: number | undefined
}

export interface Report {
  readonly kind: 'report'
  /** What `--json` prints. */
  readonly document: unknown
  /** What everything else prints. */
  readonly rows: Iterable<Readonly<Record<string, string>>>
  readonly columns: readonly Column[]
  /** Where the rows are shown when no format was asked for; everywhere unless told otherwise. */
  readonly where?: Where | undefined
}

/** Where a report shows its rows: a command whose summary on stderr says it all shows none. */
export type Where = 'everywhere' | 'terminal' | 'pipe' | 'nowhere'

/** What a command has to say on stdout, whatever the format (docs/contract.md#streams-and-formats). */
export type Result = One | Many | Report

/** What the result is looked at through. */
export interface View {
  /** Whether a person sees it: control characters are made visible, JSON is indented. */
  readonly terminal: boolean
  /** Characters across. */
  readonly columns: number
  readonly colour: boolean
  /** The fields asked for, in their order; undefined where none were. */
  readonly fields: readonly string[] | undefined
  /** Guard cells that a spreadsheet would run as formulas. */
  readonly excelSafe: boolean
}

/** Many customers as text, piece by piece: `begin`, any number of `records`, `end`. */
export interface Serialiser {
  begin(): string
  records(batch: readonly Customer[]): string
  end(): string
}

/** One format: each kind of result as text. It knows of no streams, so that export can use it for files. */
export interface Writer {
  one(record: Customer): string
  /** @param ending asked by `end`; makes a JSON document of what is a bare array otherwise */
  many(ending?: () => Ending): Serialiser
  report(report: Report): string
}

/** The one signature that every format has. */
export type Layout = (view: View) => Writer

/** One customer. */
export function one(record: Customer): One {
  return { kind: 'one', record }
}

/** Customers as they come; an `ending` makes it a page of a listing. */
export function many(records: Many['records'], ending?: () => Ending): Many {
  return { kind: 'many', records, ending }
}

/** What is no customer: a JSON document, and the same as rows for people and pipes. */
export function report(
  document: unknown,
  rows: Report['rows'],
  columns: readonly Column[],
  where: Where = 'everywhere',
): Report {
  return { kind: 'report', document, rows, columns, where }
}
