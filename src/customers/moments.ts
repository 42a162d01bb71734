import { parseIsoDate } from './dates.ts'

/** A point in time as typed; it may depend on when the command runs. */
export interface Moment {
  /** As typed. */
  readonly text: string
  /** Whether it depends on `now`. */
  readonly relative: boolean
  /** In epoch ms. @param now epoch ms */
  at(now: number): number
}

const day = 86_400_000

/** The length of each unit in ms. Months have no fixed length; `m` alone could be minutes. */
const units: Readonly<Record<string, number>> = {
  min: 60_000,
  h: 3_600_000,
  d: day,
  w: 7 * day,
  y: 365 * day,
}

const agePattern =
  /^(?:last |past |-|p)?(\d{1,5}|an?|one)?[ -]?(?:(min)(?:ute)?s?|(h)(?:(?:ou)?rs?)?|(d)(?:ays?)?|(w)(?:(?:ee)?ks?)?|(mo)(?:nth)?s?|(y)(?:(?:ea)?rs?)?)(?: ago| old)?$/

/** An age such as 90d, 12w, 1y, 3 weeks or 6 months; undefined for anything else. */
export function parseAge(typed: string): Moment | undefined {
  const [, amount, ...names] = agePattern.exec(plain(typed)) ?? []
  const unit = names.find((name) => name !== undefined)
  if (amount === undefined || unit === undefined) return undefined
  const count = /^\d/.test(amount) ? Number(amount) : 1
  return moment(typed, (now) =>
    unit === 'mo' ? monthsBefore(now, count) : now - count * (units[unit] ?? Number.NaN),
  )
}

/**
 * A point in time: an ISO date or the start of a day, month, quarter or year in UTC (`2026-01-31`, `2026-01`, `Jan 2026`,
 * `2026-Q1`, `2026`), a Unix time, a word (`yesterday`, `this month`, `monday`), or an age (`7d`, `3 days ago`).
 * Undefined for anything else, including 01/02/2026, which people read in two ways.
 */
export function parseMoment(typed: string): Moment | undefined {
  const text = plain(typed)
  const fixed = parseIsoDate(text) ?? parseOtherDate(text) ?? unixTime(text)
  if (fixed !== undefined) return { text: typed, relative: false, at: () => fixed }
  const start = Object.hasOwn(starts, text) ? starts[text] : undefined
  if (start !== undefined) return moment(typed, start)
  const weekday = weekdays.indexOf(text.replace(/^(?:last|on) /, ''))
  if (weekday >= 0) return moment(typed, (now) => dayStart(now, -((weekdayOf(now) - weekday + 6) % 7) - 1))
  return parseAge(typed)
}

function plain(typed: string): string {
  return typed.trim().toLowerCase().replace(/\s+/g, ' ')
}

function moment(text: string, at: (now: number) => number): Moment {
  // Years before 0000 have no ISO date.
  return { text, relative: true, at: (now) => Math.max(at(now), -62_167_219_200_000) }
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** 0 for Monday, in UTC. */
function weekdayOf(time: number): number {
  return (new Date(time).getUTCDay() + 6) % 7
}

/** The start of a day in UTC. @param shift in days */
function dayStart(time: number, shift = 0): number {
  return Math.floor(time / day) * day + shift * day
}

/** The start of a month in UTC. @param shift in months */
function monthStart(time: number, shift = 0): number {
  const date = new Date(time)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + shift)
}

/** The same day and time some months before, or the last day of that month. */
function monthsBefore(time: number, count: number): number {
  const start = monthStart(time, -count)
  const last = new Date(monthStart(start, 1) - 1).getUTCDate()
  return start + (Math.min(new Date(time).getUTCDate(), last) - 1) * day + (time - dayStart(time))
}

/** Words, and when they start. Weeks start on Monday. */
const starts: Readonly<Record<string, (now: number) => number>> = {
  now: (now) => now,
  today: (now) => dayStart(now),
  yesterday: (now) => dayStart(now, -1),
  tomorrow: (now) => dayStart(now, 1),
  'this week': (now) => dayStart(now, -weekdayOf(now)),
  'last week': (now) => dayStart(now, -weekdayOf(now) - 7),
  'this month': (now) => monthStart(now),
  'last month': (now) => monthStart(now, -1),
  'this year': (now) => Date.UTC(new Date(now).getUTCFullYear(), 0),
  'last year': (now) => Date.UTC(new Date(now).getUTCFullYear() - 1, 0),
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const monthName =
  '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\\.?'
const datePatterns = [
  /^(?<year>\d{4})(?:[-/.](?<month>\d{1,2})(?:[-/.](?<day>\d{1,2}))?)?$/,
  /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})$/,
  /^(?<year>\d{4})-?q(?<quarter>[1-4])$/,
  new RegExp(`^(?:(?<day>\\d{1,2})(?:st|nd|rd|th)?[ -])?(?<name>${monthName})[ ,-]+(?<year>\\d{4})$`),
  new RegExp(`^(?<name>${monthName}) (?<day>\\d{1,2})(?:st|nd|rd|th)?,? (?<year>\\d{4})$`),
]

/** A date that is not ISO, whose year is certain. */
function parseOtherDate(text: string): number | undefined {
  const found = datePatterns.map((pattern) => pattern.exec(text)?.groups).find((groups) => groups)
  if (found === undefined) return undefined
  const { year, quarter, name } = found
  const named = name === undefined ? undefined : monthNames.indexOf(name.slice(0, 3)) + 1
  const month = named ?? (quarter === undefined ? (found.month ?? 1) : Number(quarter) * 3 - 2)
  return parseIsoDate(`${year}-${`${month}`.padStart(2, '0')}-${(found.day ?? '1').padStart(2, '0')}`)
}

/** Seconds or milliseconds since 1970, as Stripe and `date +%s` write them. */
function unixTime(text: string): number | undefined {
  const [, digits] = /^@?(\d{10}|\d{13})$/.exec(text) ?? []
  if (digits === undefined) return undefined
  return Number(digits) * (digits.length === 10 ? 1000 : 1)
}
