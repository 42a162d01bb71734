import { isUtf8 } from 'node:buffer'
import type { Mode } from './customer.ts'
import { isSpendingRange, spendingRanges } from './ranges.ts'
import type { PageQuery } from './records.ts'
import type { NewCustomer } from './store.ts'

/** Checked input, or what is wrong with it, for the message of a 400. */
export type Checked<Value> = { readonly value: Value } | { readonly wrong: string }

const standardLimit = 20
const emailForm = /^[^\s@"(),:;<>[\\\]]+@[^\s@.]+(?:\.[^\s@.]+)+$/

/** The body of a create: three texts that are not blank; anything else in it is ignored. */
export function readNewCustomer(body: Buffer, key: Mode): Checked<NewCustomer> {
  if (!isUtf8(body)) return { wrong: 'the body is not UTF-8' }
  const fields = readObject(body.toString())
  if (!fields) return { wrong: 'the body must be a JSON object' }
  const { firstname, lastname, email } = fields
  if (!isText(firstname) || !isText(lastname) || !isText(email)) {
    const missing = ['firstname', 'lastname', 'email'].filter((name) => !isText(fields[name]))
    return { wrong: `required, and must be a text that is not blank: ${missing.join(', ')}` }
  }
  if (!emailForm.test(email)) return { wrong: 'email must be an e-mail address' }
  return { value: { firstname, lastname, email, mode: [key] } }
}

/** The query of a list; parameters that the API does not document are ignored, a documented one given twice is wrong. */
export function readPageQuery(query: string, key: Mode, maxPage: number): Checked<PageQuery> {
  if (query === '') return { value: { key, limit: Math.min(standardLimit, maxPage) } }
  const given = new URLSearchParams(query)
  for (const name of ['amountSpent', 'mode', 'limit', 'cursor']) {
    if (given.getAll(name).length > 1) return { wrong: `${name} is given twice` }
  }
  const amountSpent = given.get('amountSpent') ?? undefined
  if (amountSpent !== undefined && !isSpendingRange(amountSpent)) {
    return { wrong: `amountSpent must be one of ${spendingRanges.join(', ')}` }
  }
  const mode = given.get('mode') ?? undefined
  if (mode !== undefined && mode !== 'test' && mode !== 'live') return { wrong: 'mode must be test or live' }
  const limit = readLimit(given.get('limit'), maxPage)
  if (limit === undefined) return { wrong: `limit must be a whole number from 1 to ${maxPage}` }
  return { value: { key, mode, amountSpent, limit, cursor: given.get('cursor') ?? undefined } }
}

function readLimit(text: string | null, maxPage: number): number | undefined {
  if (text === null) return Math.min(standardLimit, maxPage)
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0
  return limit >= 1 && limit <= maxPage ? limit : undefined
}

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}
