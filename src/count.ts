/** A number for people: `1,904`. Not with `toLocaleString`, whose data take milliseconds to load. */
export function digits(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** A number of things for people: `1 customer`, `2,000 customers`. */
export function count(number: number, one: string, several = `${one}s`): string {
  return `${digits(number)} ${number === 1 ? one : several}`
}

/** A time span in one unit, rounded up: `8 s`, `2 min`, `3 h`, `4 days`. */
export function durationOf(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  if (seconds < 100) return `${seconds} s`
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 100) return `${minutes} min`
  const hours = Math.ceil(minutes / 60)
  return hours < 48 ? `${hours} h` : `${digits(Math.ceil(hours / 24))} days`
}

/**
 * When something happens: `in 8 s`, `in 2 min (14:03)`. The time is local; it has a date if it is a day away.
 * @param ms from now
 * @param at the same, as epoch ms
 */
export function whenIn(ms: number, at: number, shown = (time: string): string => time): string {
  if (ms < 100_000) return `in ${durationOf(ms)}`
  const local = new Date(at)
  const time = [local.getHours(), local.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':')
  const days = [local.getFullYear(), local.getMonth() + 1, local.getDate()]
  const date = ms < 86_400_000 ? '' : `${days.map((part) => String(part).padStart(2, '0')).join('-')} `
  return `in ${durationOf(ms)} (${shown(`${date}${time}`)})`
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** A time ago (ms), in its largest unit: `5 minutes ago`, or `just now`. */
export function ago(ms: number): string {
  const found = units.find(([, length]) => ms >= length)
  return found === undefined ? 'just now' : `${count(Math.round(ms / found[1]), found[0])} ago`
}
