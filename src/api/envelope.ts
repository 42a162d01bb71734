import { ExactNumber, parseExact } from '../exact.ts'
import type { Answer } from './call.ts'
import { claimOf } from './call.ts'
import type { Customer } from './customer.ts'
import { quote } from './errors.ts'
import { unexpected } from './failures.ts'

/** Whether more pages follow, and the cursor of the next one: null on the last page. */
export interface PageInfo {
  readonly hasNextPage: boolean
  readonly nextCursor: string | null
}

/** One page of customers. */
export interface Page extends PageInfo {
  readonly customers: Customer[]
}

type Fields = { readonly [name: string]: unknown }

/** The fields that may hold the array if `data` is an object (docs/orafi-api.md#pagination). */
const arrayNames = ['customers', 'items', 'results', 'data'] as const

/** The objects that may hold `nextCursor` and `hasNextPage`, if those are not next to the array. */
const pagingNames = ['pagination', 'pageInfo', 'meta'] as const

/** Real records are not nested deeper; past some thousand levels JSON.stringify fails. */
const deepest = 100

/**
 * The customer of a success envelope (docs/orafi-api.md#envelope).
 * @throws ApiError when the answer is anything else: `ambiguous` for a create, else `api_error`
 */
export function readCustomer(answer: Answer): Customer {
  return customerOf(answer, readEnvelope(answer).data, 'the customer')
}

/**
 * Checks the answer to a delete, which may have no body (docs/orafi-api.md#deleting-customers).
 * @throws ApiError `api_error`, with `unanswered` set, when the answer is anything else
 */
export function readDeleted(answer: Answer): void {
  if (answer.text.trim() !== '') readEnvelope(answer)
}

/**
 * A page of customers, in any accepted shape (docs/orafi-api.md#pagination).
 * @param askedFor the requested page size: a smaller page without paging fields is the last one
 * @throws ApiError `api_error` that describes what was found
 */
export function readPage(answer: Answer, askedFor: number): Page {
  const envelope = readEnvelope(answer)
  const { records, around } = findRecords(answer, envelope)
  const customers = records.map((record, index) => {
    const name = `customer ${index + 1} of the page`
    return customerOf(answer, record, name)
  })
  const places = around.flatMap((holder) => [
    holder,
    ...pagingNames.map((name) => holder[name]).filter(isFields),
  ])
  const hasNextPage = findBoolean(answer, places)
  const nextCursor = findCursor(answer, places)
  if (hasNextPage === false) return { customers, hasNextPage, nextCursor: null }
  if (typeof nextCursor === 'string') return { customers, hasNextPage: true, nextCursor }
  if (hasNextPage === true) throw unexpected(answer, 'hasNextPage without a nextCursor')
  if (nextCursor === undefined && customers.length >= askedFor) {
    // If the API renamed these fields, that must not look like the end of the list.
    throw unexpected(answer, 'a full page with neither hasNextPage nor nextCursor')
  }
  return { customers, hasNextPage: false, nextCursor: null }
}

/**
 * The envelope of a success (docs/orafi-api.md#envelope).
 * @throws ApiError when it is anything else: `ambiguous` for a create, else `api_error`
 */
export function readEnvelope(answer: Answer): Fields {
  let document: unknown
  try {
    document = parseExact(answer.text)
  } catch {
    throw unexpected(answer, answer.text.trim() === '' ? 'an empty answer' : 'an answer that is not JSON')
  }
  if (!isFields(document)) throw unexpected(answer, `${nameOf(document)} in place of the envelope`)
  if (claimOf(document) === 'success') return document
  throw unexpected(answer, `status ${answer.status} with ${foundIn(document)}`)
}

/** Describes an envelope that does not report success. */
function foundIn({ success, status }: Fields): string {
  const found = [
    ...(success === undefined ? [] : [`success: ${nameOf(success)}`]),
    ...(typeof status === 'string' ? [`status: ${quote(status)}`] : []),
  ]
  return found.length === 0 ? 'no success field' : found.join(' and ')
}

/** The array of customers, and the objects that may hold the paging fields, innermost first. */
function findRecords(answer: Answer, envelope: Fields): { records: unknown[]; around: Fields[] } {
  const { data } = envelope
  if (Array.isArray(data)) return { records: data, around: [envelope] }
  if (!isFields(data)) throw unexpected(answer, `${nameOf(data)} in place of a page`)
  const arrays = arrayNames.filter((name) => Array.isArray(data[name]))
  const [name, second] = arrays
  if (name === undefined)
    throw unexpected(answer, `a page without customers (its fields: ${quote(listOf(data))})`)
  if (second !== undefined) throw unexpected(answer, `a page with both ${name} and ${second}`)
  const records = data[name]
  return { records: Array.isArray(records) ? records : [], around: [data, envelope] }
}

/** Null counts as absent; two places that differ are an error. */
function findBoolean(answer: Answer, places: Fields[]): boolean | undefined {
  let found: boolean | undefined
  for (const value of valuesOf(places, 'hasNextPage')) {
    if (value === null) continue
    if (typeof value !== 'boolean') throw unexpected(answer, `${nameOf(value)} as hasNextPage`)
    if (found !== undefined && found !== value) throw unexpected(answer, 'two values of hasNextPage')
    found = value
  }
  return found
}

/** Null if the cursor is null or empty, which ends the list; undefined if there is none. */
function findCursor(answer: Answer, places: Fields[]): string | null | undefined {
  let found: string | null | undefined
  for (const value of valuesOf(places, 'nextCursor')) {
    if (value !== null && typeof value !== 'string')
      throw unexpected(answer, `${nameOf(value)} as nextCursor`)
    const cursor = value === '' ? null : value
    if (found !== undefined && found !== cursor) throw unexpected(answer, 'two values of nextCursor')
    found = cursor
  }
  return found
}

function valuesOf(places: Fields[], name: string): unknown[] {
  return places.filter((place) => Object.hasOwn(place, name)).map((place) => place[name])
}

function customerOf(answer: Answer, record: unknown, name: string): Customer {
  if (!isFields(record)) throw unexpected(answer, `${nameOf(record)} as ${name}`)
  if (!isCustomer(record)) throw unexpected(answer, `${name} with ${nameOf(record.id)} as id`)
  if (isDeep(record, deepest))
    throw unexpected(answer, `${name} with fields nested deeper than ${deepest} levels`)
  return record
}

function isCustomer(record: Fields): record is Customer {
  return typeof record.id === 'string' && record.id !== ''
}

function isDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  for (const inner of Object.values(value)) if (isDeep(inner, levels - 1)) return true
  return false
}

function isFields(value: unknown): value is Fields {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)
  )
}

/** The kind of a value, in words; the error quotes the whole answer as well. */
function nameOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null || value === '') return value === null ? 'null' : 'an empty text'
  if (typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return 'an array'
  if (value instanceof ExactNumber) return 'a number'
  return { string: 'a text', number: 'a number' }[String(typeof value)] ?? 'an object'
}

function listOf(fields: Fields): string {
  return Object.keys(fields).join(', ') || 'none'
}
