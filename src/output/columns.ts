import { Chalk } from 'chalk'
import type { Customer } from '../api/customer.ts'
import { fieldOf } from '../customers/fields.ts'
import { visible } from '../visible.ts'
import { modeTextOf, textOf } from './cells.ts'
import type { Column } from './result.ts'
import { shortened, widthOf } from './width.ts'

/** Text styles, for tables, messages and the review. Without colour the texts stay as they are, so write words. */
export interface Paint {
  label(text: string): string
  quiet(text: string): string
  /** LIVE, DELETE and amounts spent: what makes a change dangerous. Words are capitals with and without colour. */
  danger(text: string): string
  /** What differs between records. */
  difference(text: string): string
  /** What is kept or was done. */
  good(text: string): string
}

/** A terminal to draw a whole screen on. */
export interface Surface {
  readonly columns: number
  /** Undefined if unknown. */
  readonly rows: number | undefined
  readonly paint: Paint
}

/** @param colour whether to use colour; the environment is not consulted */
export function createPaint(colour: boolean): Paint {
  const chalk = new Chalk({ level: colour ? 1 : 0 })
  return {
    label: chalk.dim,
    quiet: chalk.dim,
    danger: chalk.red.bold,
    difference: chalk.yellow,
    good: chalk.green,
  }
}

/** A column of a table. */
export interface TableColumn {
  readonly key: string
  /** Longest first; a narrow column shows a shorter one. */
  readonly titles: readonly string[]
  /** The name of the column if each record is a block of lines. */
  readonly label: string
  readonly align?: 'right' | undefined
  /** The minimum width to cut to; without it, cells are never cut. */
  readonly least?: number | undefined
  /** Columns with a value can be dropped, lowest first. */
  readonly drop?: number | undefined
  /** Hidden while all its cells are empty. */
  readonly hideEmpty?: boolean | undefined
}

/** A cell of a table. Its text is visible() and one line. */
export interface Cell {
  readonly text: string
  /** Width in terminal columns. */
  readonly width: number
  paint?(text: string): string
}

const customerColumns: readonly TableColumn[] = [
  { key: 'id', titles: ['ID'], label: 'ID' },
  { key: 'firstname', titles: ['FIRST NAME', 'FIRST'], label: 'First name', least: 6 },
  { key: 'lastname', titles: ['LAST NAME', 'LAST'], label: 'Last name', least: 6 },
  { key: 'email', titles: ['EMAIL'], label: 'Email' },
  { key: 'mode', titles: ['MODE'], label: 'Mode', drop: 3 },
  { key: 'totalSpent', titles: ['SPENT'], label: 'Spent', align: 'right' },
  { key: 'createdAt', titles: ['CREATED'], label: 'Created', drop: 2, hideEmpty: true },
  { key: 'updatedAt', titles: ['UPDATED'], label: 'Updated', drop: 1, hideEmpty: true },
]

/** The columns of customers. Columns named by `--fields` are never dropped or hidden. */
export function columnsOf(fields: readonly string[] | undefined): readonly TableColumn[] {
  if (fields === undefined) return customerColumns
  return customerColumns
    .filter(({ key }) => fields.includes(key))
    .map((column) => ({ ...column, drop: undefined, hideEmpty: undefined }))
    .sort((one, other) => fields.indexOf(one.key) - fields.indexOf(other.key))
}

/** The columns of a report. */
export function reportColumns(columns: readonly Column[]): readonly TableColumn[] {
  return columns.map((column) => ({ ...column, titles: [column.title], label: column.title }))
}

/** A cell of plain text, shortened before anything measures it. */
export function cellOf(text: string): Cell {
  const shown = visible(shortened(text))
  // A leading combining mark would combine with the cell before.
  const separate = /^\p{M}/u.test(shown) ? `\u25cc${shown}` : shown
  return { text: separate, width: widthOf(separate) }
}

/** The cells of a customer, in the order of `columns`. @param days whether to show dates without time, as in tables */
export function customerCells(
  customer: Customer,
  { columns, paint, days }: { columns: readonly TableColumn[]; paint: Paint; days: boolean },
): Cell[] {
  return columns.map(({ key }) => {
    if (key === 'mode') return modeCell(customer[key], paint)
    const text = textOf(fieldOf(customer, key))
    return cellOf(days && (key === 'createdAt' || key === 'updatedAt') ? dayOf(text) : text)
  })
}

function modeCell(mode: unknown, paint: Paint): Cell {
  const text = modeTextOf(mode)
  return { ...cellOf(text), paint: text.split(',').includes('LIVE') ? paint.danger : paint.quiet }
}

/** The UTC date of an ISO 8601 time; anything else unchanged. */
export function dayOf(text: string): string {
  if (!/^\d{4}-\d\d-\d\dT/.test(text)) return text
  const time = Date.parse(text)
  // The year can have more than four digits, and a sign.
  return Number.isNaN(time) ? text : (new Date(time).toISOString().split('T')[0] ?? text)
}
