/** A number for people: `1,904`. Not with `toLocaleString`, whose data take milliseconds to load. */
export function digits(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** A number of things for people: `1 customer`, `2,000 customers`. */
export function count(number: number, one: string, several = `${one}s`): string {
  return `${digits(number)} ${number === 1 ? one : several}`
}
