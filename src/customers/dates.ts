import type { Customer } from '../api/customer.ts'
import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'

/** Bounds on the creation date, in epoch ms: at or after `after`, before `before` (docs/contract.md#listing). */
export interface CreatedBetween {
  readonly after?: number | undefined
  readonly before?: number | undefined
}

const isoPattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i

/**
 * Parses an ISO 8601 date, or date and time, to epoch ms; UTC unless it has an offset. Undefined for anything else,
 * including impossible days such as 2026-02-30, which `Date.parse` moves to March.
 */
export function parseIsoDate(text: string): number | undefined {
  const match = isoPattern.exec(text.trim())
  if (match === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  const milliseconds = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'))
  if (minute > 59 || second > 59 || hour > 23) return undefined
  const made = new Date(0)
  // Date.UTC maps the years 0 to 99 to 1900 to 1999.
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

/**
 * The creation date to print: the top-level `createdAt` exactly as sent, else the earliest
 * `userCustomers[].createdAt`, else null (docs/orafi-api.md#customer).
 */
export function createdAtOf({ createdAt, userCustomers }: Customer): unknown {
  return createdAt ?? earliestLink(userCustomers)?.text ?? null
}

/** The creation time in epoch ms; undefined if it is missing or not a valid date. */
export function createdTimeOf({ createdAt, userCustomers }: Customer): number | undefined {
  return createdAt === undefined || createdAt === null ? earliestLink(userCustomers)?.time : timeOf(createdAt)
}

interface KnownDate {
  /** As sent. */
  readonly text: string
  /** Epoch ms. */
  readonly time: number
}

/** The earliest date of the links to businesses; undefined if any is invalid, since it might be the earliest. */
function earliestLink(links: unknown): KnownDate | undefined {
  let earliest: KnownDate | undefined
  for (const link of Array.isArray(links) ? links : []) {
    const text: unknown = link?.createdAt
    if (text === undefined || text === null) continue
    const time = timeOf(text)
    if (typeof text !== 'string' || time === undefined) return undefined
    if (earliest === undefined || time < earliest.time) earliest = { text, time }
  }
  return earliest
}

function timeOf(value: unknown): number | undefined {
  return typeof value === 'string' ? parseIsoDate(value) : undefined
}

/** `c`, eight base-36 digits of the time in ms, sixteen more (docs/orafi-api.md#customer). */
const cuidPattern = /^c([0-9a-z]{8})[0-9a-z]{16}$/

/** No cuid is older; epoch ms. */
const firstCuid = Date.UTC(2012, 0)

/**
 * The time in a cuid, in epoch ms, accurate to a few ms; undefined for other ids. It is undocumented, so it only
 * decides which of two records is older if their dates do not.
 */
export function cuidTimeOf({ id }: Customer): number | undefined {
  const digits = cuidPattern.exec(id)?.[1]
  const time = digits === undefined ? 0 : Number.parseInt(digits, 36)
  return time < firstCuid ? undefined : time
}

/**
 * A predicate for the bounds. Throws `api_error` for a customer whose creation date is unknown, since both including
 * and excluding it could be wrong (docs/contract.md#dates).
 */
export function createdWithin(bounds: CreatedBetween): (customer: Customer) => boolean {
  const { after = Number.NEGATIVE_INFINITY, before = Number.POSITIVE_INFINITY } = bounds
  return (customer) => {
    const created = createdTimeOf(customer)
    if (created === undefined) throw unknownDate(customer)
    return created >= after && created < before
  }
}

function unknownDate({ id }: Customer): CliError {
  return new CliError(
    'api_error',
    `the API sent customer ${visible(id)} without a valid creation date, so it cannot be filtered by date`,
    { hint: 'list the customers without --created-after and --created-before, and filter the output' },
  )
}
