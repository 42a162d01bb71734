import { isUtf8 } from 'node:buffer'
import * as v from 'valibot'
import profile from './profile.json' with { type: 'json' }
import { spendingRanges } from './records.ts'
import { type Customer, type Mode, modes, undated } from './shop.ts'
import type { SandboxStore } from './store.ts'
import { transactionStatuses, transactionTypes } from './transactions.ts'

/** A status and a JSON body in the envelope (docs/orafi-api.md#envelope). */
export interface Answer {
  readonly status: number
  readonly body: string
}

/** A request whose key was accepted. */
export interface Request {
  readonly method: string
  /** Path and query, as sent. */
  readonly target: string
  /** The mode of its key. */
  readonly key: Mode
  readonly contentType: string | undefined
  readonly body: Buffer
}

/** Choices about how requests are answered. */
export interface Policy {
  /** The largest `limit` of a page, default 100; a larger one is a 400. */
  readonly maxPage?: number | undefined
  /**
   * What a create with an existing e-mail does (undocumented: docs/orafi-api.md#creating-customers): a second record, the
   * default, or a 409.
   */
  readonly duplicates?: 'accept' | 'conflict' | undefined
  /**
   * The form of a customer in answers: that of Orafi's reference, the default, or that of its page on the customer object
   * (docs/orafi-api.md#customer).
   */
  readonly answers?: 'documented' | 'object' | undefined
}

/** Answered with a 400 and this message. */
class BadInput extends Error {}

const standardLimit = 20
const prefix = '/customers/'

/**
 * Answers the six documented requests (docs/orafi-api.md#endpoints), with or without `/v1`. Anything else, other
 * methods included, is a 404, since the API documents no 405.
 * @throws CliError if a change cannot be written to the disk
 */
export async function route(request: Request, store: SandboxStore, policy: Policy): Promise<Answer> {
  try {
    return await answered(request, store, policy)
  } catch (error) {
    if (error instanceof BadInput) return failure(400, error.message)
    throw error
  }
}

async function answered(request: Request, store: SandboxStore, policy: Policy): Promise<Answer> {
  const { method, target, key } = request
  const { maxPage = 100, answers } = policy
  const [sentPath = '', ...queries] = target.split('?')
  const path = sentPath.replace(/^\/v1(?=\/)/, '')
  const query = queries.join('?')
  if (path === '/customers' && method === 'GET') {
    const page = store.page({ key, ...readQuery(pageQuery(maxPage), query) })
    if (!page) throw new BadInput('cursor must be the id of a customer')
    const { items, nextCursor, hasNextPage } = page
    const customers = items.map((customer) => found(customer, answers))
    const data = { customers, count: items.length, nextCursor, hasNextPage }
    return success('Customers fetched successfully', data)
  }
  if (path === '/customers/create' && method === 'POST') return create(request, store, policy)
  if (path === '/transactions' && method === 'GET') {
    const page = store.transactions({ key, ...readQuery(transactionQuery(maxPage), query) })
    if (!page) throw new BadInput('cursor must be the id of a transaction')
    const { items, nextCursor, hasNextPage } = page
    const data = { transactions: items, count: items.length, nextCursor, hasNextPage }
    return success('Transactions fetched successfully', data)
  }
  if (path === '/profile' && method === 'GET') return success('Profile fetched successfully', { profile })
  if (!path.startsWith(prefix) || (method !== 'GET' && method !== 'DELETE'))
    return failure(404, `Cannot ${method} ${sentPath}`)
  const id = decoded(path.slice(prefix.length))
  if (method === 'GET') {
    const customer = store.get(id, key)
    if (customer) return success('Customer fetched successfully', found(customer, answers))
  } else if (await store.replace(id, key, () => null)) return success('User Deleted successfully', null)
  return failure(404, 'Customer not found')
}

async function create(request: Request, store: SandboxStore, policy: Policy): Promise<Answer> {
  if (!/^application\/json\s*(;|$)/i.test(request.contentType ?? ''))
    throw new BadInput('content-type must be application/json')
  const customer = { ...readNewCustomer(request.body), mode: [request.key] }
  const created = await (policy.duplicates === 'conflict'
    ? store.createUnlessTaken(customer)
    : store.create(customer))
  if (!created) return failure(409, 'A customer with this email already exists')
  const message = 'Customer created successfully'
  return policy.answers === 'object' ? success(message, created, 201) : success(message, undated(created))
}

export function failure(status: number, message: string): Answer {
  return { status, body: JSON.stringify({ success: false, message }) }
}

function success(message: string, data: unknown, status = 200): Answer {
  return { status, body: JSON.stringify({ success: true, message, data }) }
}

/** A customer in the answer to a list or a get. The documented form has one date: when it was linked to this business. */
function found(customer: Customer, answers: Policy['answers']) {
  if (answers === 'object') return customer
  return { ...undated(customer), userCustomers: [{ createdAt: customer.createdAt }] }
}

/** An id that cannot be decoded matches no customer. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return ''
  }
}

const text = v.pipe(v.string(), v.regex(/\S/))
const newCustomer = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ firstname: text, lastname: text, email: text }),
)
const emailForm = /^[^\s@"(),:;<>[\\\]]+@[^\s@.]+(?:\.[^\s@.]+)+$/

/** The body of a create: three strings that are not blank; other fields are ignored. */
function readNewCustomer(body: Buffer): v.InferOutput<typeof newCustomer> {
  if (!isUtf8(body)) throw new BadInput('the body is not UTF-8')
  const read = v.safeParse(newCustomer, body.toString())
  if (!read.success) {
    const missing = read.issues.flatMap((issue) => v.getDotPath(issue) ?? [])
    if (missing.length === 0) throw new BadInput('the body must be a JSON object')
    throw new BadInput(`required, and must not be blank: ${missing.join(', ')}`)
  }
  if (!emailForm.test(read.output.email)) throw new BadInput('email must be an e-mail address')
  return read.output
}

function oneOf<Word extends string>(name: string, words: readonly Word[]) {
  return v.optional(v.picklist(words, `${name} must be one of ${words.join(', ')}`))
}

/** The parameters of both lists. */
function pageEntries(maxPage: number) {
  const limit = v.pipe(
    v.string(),
    v.regex(/^\d{1,9}$/),
    v.transform(Number),
    v.minValue(1),
    v.maxValue(maxPage),
  )
  return {
    mode: v.optional(v.picklist(modes, 'mode must be test or live')),
    limit: v.optional(
      v.message(limit, `limit must be a whole number from 1 to ${maxPage}`),
      String(Math.min(standardLimit, maxPage)),
    ),
    cursor: v.optional(v.string()),
  }
}

const rangeNames = Object.keys(spendingRanges) as (keyof typeof spendingRanges)[]

function pageQuery(maxPage: number) {
  return v.object({ amountSpent: oneOf('amountSpent', rangeNames), ...pageEntries(maxPage) })
}

function transactionQuery(maxPage: number) {
  return v.object({
    customerId: v.optional(v.pipe(v.string(), v.regex(/\S/, 'customerId must be the id of a customer'))),
    status: oneOf('status', transactionStatuses),
    type: oneOf('type', transactionTypes),
    ...pageEntries(maxPage),
  })
}

/** Ignores undocumented parameters; rejects a documented one that is given twice. */
function readQuery<Output>(
  schema: v.ObjectSchema<v.ObjectEntries, undefined> & v.GenericSchema<unknown, Output>,
  query: string,
): Output {
  const given = new URLSearchParams(query)
  const twice = Object.keys(schema.entries).find((name) => given.getAll(name).length > 1)
  if (twice !== undefined) throw new BadInput(`${twice} is given twice`)
  const read = v.safeParse(schema, Object.fromEntries(given))
  if (!read.success) throw new BadInput(read.issues[0].message)
  return read.output
}
