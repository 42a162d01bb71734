import type { Customer } from '../api/customer.ts'
import type { Ending, Report } from './result.ts'

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
