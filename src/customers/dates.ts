import type { Customer } from '../api/customer.ts'

/** Bounds on `createdAt`, in epoch ms: at or after `after`, before `before` (contract, "customers"). */
export interface CreatedBetween {
  readonly after?: number | undefined
  readonly before?: number | undefined
}

const isoForm =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i

/**
 * An ISO 8601 date, or date and time, as epoch ms: UTC unless it says otherwise. Undefined for anything else, for
 * days that no calendar has (2026-02-30) too, which `Date.parse` would move to March.
 */
export function parseIsoDate(text: string): number | undefined {
  const match = isoForm.exec(text.trim())
  if (match === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  const milliseconds = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'))
  if (minute > 59 || second > 59 || hour > 23) return undefined
  const made = new Date(0)
  // Date.UTC would take the years 0 to 99 for 1900 to 1999.
  made.setUTCFullYear(year, month - 1, day)
  if (made.getUTCMonth() !== month - 1 || made.getUTCDate() !== day) return undefined
  made.setUTCHours(hour, minute, second, milliseconds)
  const offset = offsetMinutes(match[8])
  return offset === undefined ? undefined : made.getTime() - offset * 60_000
}

function offsetMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(3).replace(':', '') || 0)
  if (hours > 14 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

/** A predicate for the bounds. A customer whose `createdAt` is no date is within no bounds. */
export function createdWithin(bounds: CreatedBetween): (customer: Customer) => boolean {
  const { after = Number.NEGATIVE_INFINITY, before = Number.POSITIVE_INFINITY } = bounds
  return (customer) => {
    const created = typeof customer.createdAt === 'string' ? parseIsoDate(customer.createdAt) : undefined
    return created !== undefined && created >= after && created < before
  }
}
