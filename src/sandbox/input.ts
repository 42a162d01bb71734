import { isUtf8 } from 'node:buffer'
import type { Mode } from './customer.ts'
import { transactionStatuses, transactionTypes } from './history.ts'
import { isSpendingRange, spendingRanges } from './ranges.ts'
import type { PageQuery } from './records.ts'
import type { NewCustomer } from './store.ts'
import type { TransactionQuery } from './transaction-pages.ts'

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
  const twice = givenTwice(given, ['amountSpent', 'mode', 'limit', 'cursor'])
  if (twice !== undefined) return twice
  const amountSpent = given.get('amountSpent') ?? undefined
  if (amountSpent !== undefined && !isSpendingRange(amountSpent)) {
    return { wrong: `amountSpent must be one of ${spendingRanges.join(', ')}` }
  }
  const rest = readCommon(given, maxPage)
  return 'wrong' in rest ? rest : { value: { key, amountSpent, ...rest.value } }
}

/** The query of `GET /transactions`, by the same rules. */
export function readTransactionQuery(query: string, key: Mode, maxPage: number): Checked<TransactionQuery> {
  const given = new URLSearchParams(query)
  const twice = givenTwice(given, ['customerId', 'status', 'type', 'mode', 'limit', 'cursor'])
  if (twice !== undefined) return twice
  const customerId = given.get('customerId') ?? undefined
  if (customerId?.trim() === '') return { wrong: 'customerId must be the id of a customer' }
  const status = oneOf(transactionStatuses, given.get('status'))
  if (status === 'odd') return { wrong: `status must be one of ${transactionStatuses.join(', ')}` }
  const type = oneOf(transactionTypes, given.get('type'))
  if (type === 'odd') return { wrong: `type must be one of ${transactionTypes.join(', ')}` }
  const rest = readCommon(given, maxPage)
  return 'wrong' in rest ? rest : { value: { key, customerId, status, type, ...rest.value } }
}

function givenTwice(given: URLSearchParams, names: readonly string[]): { wrong: string } | undefined {
  const name = names.find((one) => given.getAll(one).length > 1)
  return name === undefined ? undefined : { wrong: `${name} is given twice` }
}

/** What both lists take. */
function readCommon(
  given: URLSearchParams,
  maxPage: number,
): Checked<Pick<PageQuery, 'mode' | 'limit' | 'cursor'>> {
  const mode = oneOf(['test', 'live'] as const, given.get('mode'))
  if (mode === 'odd') return { wrong: 'mode must be test or live' }
  const limit = readLimit(given.get('limit'), maxPage)
  if (limit === undefined) return { wrong: `limit must be a whole number from 1 to ${maxPage}` }
  return { value: { mode, limit, cursor: given.get('cursor') ?? undefined } }
}

/** The word, undefined where none is given, `odd` where it is none of these. */
function oneOf<Word extends string>(words: readonly Word[], given: string | null): Word | 'odd' | undefined {
  if (given === null) return undefined
  return words.find((word) => word === given) ?? 'odd'
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
