import { bitsOf, type Mode, modesOf, type StoredCustomer } from './customer.ts'
import type { Shop } from './shop.ts'

/**
 * The lines of the sandbox's log. The first one says which shop it is and which
 * places have been given away; each of the others sets or empties a place, so
 * that reading a line twice changes nothing.
 */
export interface Header extends Shop {
  /** Places before this one are never given away again. */
  readonly next: number
}

export type Entry =
  | { readonly op: 'put'; readonly place: number; readonly customer: StoredCustomer }
  | { readonly op: 'delete'; readonly place: number }

export function headerLine(header: Header): string {
  return `${JSON.stringify({ v: 2, type: 'sandbox', ...header })}\n`
}

export function entryLine(entry: Entry): string {
  if (entry.op === 'delete') return `{"delete":${entry.place}}\n`
  const { modes, ...customer } = entry.customer
  return `${JSON.stringify({ put: entry.place, ...customer, mode: modesOf(modes) })}\n`
}

/** The header, or undefined when the line is none that this version wrote. */
export function readHeader(line: string): Header | undefined {
  const value = readObject(line)
  if (value?.v !== 2 || value.type !== 'sandbox') return undefined
  const { customers, seed, next } = value
  return isPlace(customers) && isPlace(next) && typeof seed === 'number' && Number.isSafeInteger(seed)
    ? { customers, seed, next }
    : undefined
}

/** Is this the first line of version 1, whose shop had other customers? */
export function isOldHeader(line: string): boolean {
  const value = readObject(line)
  return value?.v === 1 && value.type === 'sandbox'
}

/** The entry, or undefined when the line is damaged. */
export function readEntry(line: string): Entry | undefined {
  const value = readObject(line)
  if (!value) return undefined
  if (isPlace(value.delete)) return { op: 'delete', place: value.delete }
  const { put, firstname, lastname, email, mode, totalSpent, createdAt, updatedAt } = value
  const texts = typeof firstname === 'string' && typeof lastname === 'string' && typeof email === 'string'
  const numbers = isNumber(totalSpent) && isPlace(createdAt) && isPlace(updatedAt)
  if (!isPlace(put) || !texts || !numbers || !isModes(mode)) return undefined
  return {
    op: 'put',
    place: put,
    customer: { firstname, lastname, email, modes: bitsOf(mode), totalSpent, createdAt, updatedAt },
  }
}

function readObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number'
}

function isPlace(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function isModes(value: unknown): value is Mode[] {
  return Array.isArray(value) && value.length > 0 && value.every((mode) => mode === 'test' || mode === 'live')
}
