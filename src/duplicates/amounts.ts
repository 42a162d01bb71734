import { ExactNumber } from '../exact.ts'

/** A decimal number: 0.<digits> times ten to the power. */
interface Decimal {
  readonly sign: -1 | 0 | 1
  readonly digits: string
  readonly power: bigint
}

/** Whether a value is a number, as the API documents amounts; of any precision. */
export function isAmount(value: unknown): value is number | ExactNumber {
  return value instanceof ExactNumber || (typeof value === 'number' && Number.isFinite(value))
}

/** Compares two amounts exactly: negative if `a` is less than `b`, 0 if equal, positive if greater. */
export function compareAmounts(a: number | ExactNumber, b: number | ExactNumber): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const one = decimal(String(a))
  const other = decimal(String(b))
  if (one.sign !== other.sign) return one.sign - other.sign
  if (one.power !== other.power) return one.power < other.power ? -one.sign : one.sign
  return one.digits === other.digits ? 0 : one.digits < other.digits ? -one.sign : one.sign
}

function decimal(text: string): Decimal {
  const [, minus = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  const all = whole + fraction
  const significant = all.replace(/^0+/, '')
  const digits = significant.slice(0, endOfDigits(significant))
  if (digits === '') return { sign: 0, digits, power: 0n }
  const power = BigInt(exponent) + BigInt(whole.length - (all.length - significant.length))
  return { sign: minus === '' ? 1 : -1, digits, power }
}

/** The index of the first trailing zero. `/0+$/` takes quadratic time on a long number with many zeros. */
function endOfDigits(digits: string): number {
  let end = digits.length
  while (digits[end - 1] === '0') end -= 1
  return end
}
