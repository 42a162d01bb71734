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
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0))
  const milliseconds = Math.floor(Number(`0.${match[7] ?? '0'}`) * 1000)
  const utc = Date.UTC(
    year ?? 0,
    (month ?? 1) - 1,
    day ?? 1,
    hour ?? 0,
    minute ?? 0,
    second ?? 0,
    milliseconds,
  )
  const made = new Date(utc)
  const sameDay = made.getUTCMonth() === (month ?? 1) - 1 && made.getUTCDate() === day
  if (!sameDay || (minute ?? 0) > 59 || (second ?? 0) > 59 || (hour ?? 0) > 23) return undefined
  const offset = offsetMinutes(match[8])
  return offset === undefined ? undefined : utc - offset * 60_000
}

function offsetMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(3).replace(':', '') || 0)
  if (hours > 14 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

/** A predicate for the bounds. A customer whose `createdAt` is no date is in no bounds but the empty ones. */
export function createdWithin(bounds: CreatedBetween): (customer: Customer) => boolean {
  const { after = Number.NEGATIVE_INFINITY, before = Number.POSITIVE_INFINITY } = bounds
  if (bounds.after === undefined && bounds.before === undefined) return () => true
  return (customer) => {
    const created = typeof customer.createdAt === 'string' ? parseIsoDate(customer.createdAt) : undefined
    return created !== undefined && created >= after && created < before
  }
}
