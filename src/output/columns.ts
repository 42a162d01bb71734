import { Chalk } from 'chalk'
import type { Customer } from '../api/customer.ts'
import { fieldOf } from '../customers/fields.ts'
import { careOf } from '../customers/guards.ts'
import { ExactNumber, stringifyExact } from '../exact.ts'
import { visible } from '../visible.ts'
import { modeTextOf, textOf } from './cells.ts'
import type { Column } from './result.ts'
import { shortened, widthOf } from './width.ts'

/** Text styles, for tables, messages and the review. Without colour the texts stay as they are, so write words. */
export interface Paint {
  /** Whether there is colour. */
  readonly colour: boolean
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
    colour,
    label: chalk.dim,
    quiet: chalk.dim,
    danger: chalk.red.bold,
    difference: chalk.yellow,
    good: chalk.green,
  }
}

/** A cell of a table. Its text is visible() and one line. */
export interface Cell {
  readonly text: string
  /** Width in terminal columns. */
  readonly width: number
  paint?(text: string): string
}

const customerColumns: readonly Column[] = [
  { key: 'id', title: 'ID' },
  {
    key: 'firstname',
    title: 'FIRST NAME',
    shortTitle: 'FIRST',
    label: 'First name',
    least: 6,
    drop: 5,
    usual: 14,
  },
  {
    key: 'lastname',
    title: 'LAST NAME',
    shortTitle: 'LAST',
    label: 'Last name',
    least: 6,
    drop: 4,
    usual: 14,
  },
  { key: 'email', title: 'EMAIL', label: 'Email', least: 20, shorten: 'middle', usual: 32 },
  { key: 'mode', title: 'MODE', label: 'Mode', wrap: 5, drop: 3, usual: 9 },
  { key: 'totalSpent', title: 'SPENT', label: 'Spent', align: 'right', wrap: 8, usual: 9 },
  { key: 'createdAt', title: 'CREATED', label: 'Created', drop: 2, hideEmpty: true },
  { key: 'updatedAt', title: 'UPDATED', label: 'Updated', drop: 1, hideEmpty: true },
]

/** The columns of customers. Columns named by `--fields` are never dropped or hidden. */
export function columnsOf(fields: readonly string[] | undefined): readonly Column[] {
  if (fields === undefined) return customerColumns
  return customerColumns
    .filter(({ key }) => fields.includes(key))
    .map((column) => ({ ...column, drop: undefined, hideEmpty: undefined }))
    .sort((one, other) => fields.indexOf(one.key) - fields.indexOf(other.key))
}

/** A cell of plain text, shortened before anything measures it. */
export function cellOf(text: string, paint?: Cell['paint']): Cell {
  const shown = visible(shortened(text))
  // A leading combining mark would combine with the cell before.
  const separate = /^\p{M}/u.test(shown) ? `\u25cc${shown}` : shown
  return { text: separate, width: widthOf(separate), ...(paint && { paint }) }
}

/** The cells of a customer, in the order of `columns`. `preview`: before a change, what makes it dangerous stands out. */
export function customerCells(
  customer: Customer,
  columns: readonly Column[],
  paint: Paint,
  { days, preview }: { readonly days: boolean; readonly preview: boolean },
): Cell[] {
  return columns.map(({ key }) => {
    if (key === 'mode') return modeCell(customer, paint, preview)
    const text = textOf(fieldOf(customer, key))
    if (key === 'totalSpent' && preview && careOf(customer).spent) {
      return cellOf(spentText(text, paint.colour) || 'UNKNOWN', paint.danger)
    }
    return cellOf(days && (key === 'createdAt' || key === 'updatedAt') ? dayOf(text) : text)
  })
}

/** The amount of somebody who has spent, as it stands out. */
export function spentText(text: string, colour: boolean): string {
  return colour || text === '' ? text : `SPENT ${text}`
}

function modeCell(customer: Customer, paint: Paint, preview: boolean): Cell {
  const text = modeTextOf(customer.mode)
  if (preview) return cellOf(text || 'NONE', careOf(customer).live ? paint.danger : paint.quiet)
  return cellOf(text, text.split(',').includes('LIVE') ? paint.danger : paint.quiet)
}

/** The fields of a customer that the API does not document, as labels and JSON. */
export function otherFields(customer: Customer): { label: string; text: string }[] {
  return Object.entries(customer)
    .filter(([key, value]) => !customerColumns.some((column) => column.key === key) && value !== undefined)
    .map(([key, value]) => ({
      label: visible(shortened(key)),
      text: visible(shortened(isNested(value) ? stringifyExact(value) : textOf(value), 10_000)),
    }))
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof ExactNumber)
}

/** The UTC date of an ISO 8601 time; anything else unchanged. */
export function dayOf(text: string): string {
  if (!/^\d{4}-\d\d-\d\dT/.test(text)) return text
  const time = Date.parse(text)
  // The year can have more than four digits, and a sign.
  return Number.isNaN(time) ? text : (new Date(time).toISOString().split('T')[0] ?? text)
}
