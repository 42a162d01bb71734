/** A number for people: `1,904`. Not with `toLocaleString`, whose data take milliseconds to load. */
export function digits(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** A number of things for people: `1 customer`, `2,000 customers`. */
export function count(number: number, one: string, several = `${one}s`): string {
  return `${digits(number)} ${number === 1 ? one : several}`
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
