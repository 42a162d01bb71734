import type { Customer } from '../api/customer.ts'
import type { PageInfo } from '../api/envelope.ts'

export interface One {
  readonly kind: 'one'
  readonly record: Customer
}

export interface Many {
  readonly kind: 'many'
  readonly records: AsyncIterable<Customer> | Iterable<Customer>
  /** Called after the last record or an error. With it, JSON is `{"data":[…],…}`; without it, a plain array. */
  readonly pageInfo?: (() => PageInfo) | undefined
  /** Resolves once so many customers were read that a table shows the rows so far, even if there are few. */
  readonly readEnough?: Promise<void> | undefined
}

/** A column of a table. */
export interface Column {
  readonly key: string
  readonly title: string
  /** For a narrow column. */
  readonly shortTitle?: string | undefined
  /** The name of the column if each record is a block of lines; the title by default. */
  readonly label?: string | undefined
  /** For numbers. */
  readonly align?: 'right' | undefined
  /** The minimum width to shorten to; without it, cells are never shortened. */
  readonly least?: number | undefined
  /** In a preview: the width to wrap to, between words only, before cells of other columns wrap. */
  readonly wrap?: number | undefined
  /** Where to shorten: at the end, or in the middle (e-mails). */
  readonly shorten?: 'middle' | undefined
  /**
   * When the column is dropped: dates 1 and 2, then 3, all before anything is shortened; 4 and 5 after that. In a preview
   * only dates are.
   */
  readonly drop?: 1 | 2 | 3 | 4 | 5 | undefined
  /** Hidden if all its cells are empty. */
  readonly hideEmpty?: boolean | undefined
  /** The width to leave for rows that follow, if there is room. */
  readonly usual?: number | undefined
  /** In a report: shown in tables only, or in the other formats only. */
  readonly where?: 'table' | 'others' | undefined
  /** In a table: on a line of its own, above the row if it differs from the row before, or below it. */
  readonly line?: 'above' | 'below' | undefined
}

export interface Report {
  readonly kind: 'report'
  /** For `--json` and `--ndjson`. */
  readonly document: unknown
  /** For every other format. */
  readonly rows: Iterable<Readonly<Record<string, string>>>
  /** How a table shows it, if not as the rows. */
  readonly draw?: ((view: View) => string) | undefined
  /** If no column has a title, the rows are names with values. */
  readonly columns: readonly Column[]
  /** Where the rows are shown without a format flag; default everywhere. */
  readonly where?: Where | undefined
}

/** Where a report shows its rows. `nowhere`: the summary on stderr is enough. */
export type Where = 'everywhere' | 'terminal' | 'pipe' | 'nowhere'

/** The result of a command, for any format (docs/contract.md#streams-and-formats). */
export type Result = One | Many | Report

/** How a result is shown. */
export interface View {
  /** Whether stdout is a terminal: control characters are made visible, JSON is indented. */
  readonly terminal: boolean
  /** The width of the terminal. */
  readonly columns: number
  readonly colour: boolean
  /** Whether the customers are shown before a change: nothing is shortened, and what makes it dangerous stands out. */
  readonly preview?: boolean | undefined
  /** The fields of `--fields`, in their order; undefined for all. */
  readonly fields: readonly string[] | undefined
  /** Whether CSV is for a spreadsheet: a byte order mark, and cells that it would run as formulas escaped. */
  readonly excelSafe: boolean
  /** The delimiter of CSV, one character; a comma by default. */
  readonly delimiter?: string | undefined
}

/** Serialises customers in pieces: `begin`, any number of `records`, `end`. */
export interface Serialiser {
  /** How many records the first piece has if they arrive one by one, unless they end or enough was read before. */
  readonly firstRows?: number
  begin(): string
  /** @param last whether no more records follow, if that is known */
  records(batch: readonly Customer[], last?: boolean): string
  end(): string
}

/** Renders each kind of result as text in one format. Independent of streams, so that export can use it for files. */
export interface Writer {
  one(record: Customer): string
  /** @param pageInfo called by `end`; without it, JSON is a plain array */
  many(pageInfo?: () => PageInfo): Serialiser
  report(report: Report): string
}

/** A format. */
export type Layout = (view: View) => Writer

/** One customer. */
export function one(record: Customer): One {
  return { kind: 'one', record }
}

/** Many customers; with `pageInfo`, a page of a listing. */
export function many(records: Many['records'], pageInfo?: () => PageInfo, readEnough?: Promise<void>): Many {
  return { kind: 'many', records, pageInfo, readEnough }
}

/** A result other than customers: a JSON document, and rows for terminals and pipes. */
export function report(
  document: unknown,
  rows: Report['rows'],
  columns: readonly Column[],
  where: Where = 'everywhere',
): Report {
  return { kind: 'report', document, rows, columns, where }
}
