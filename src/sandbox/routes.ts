import {
  type Answer,
  type AnswerForm,
  customerCreated,
  customerFound,
  customersPage,
  failure,
  success,
  transactionsPage,
} from './answers.ts'
import type { Mode } from './customer.ts'
import { readNewCustomer, readPageQuery, readTransactionQuery } from './input.ts'
import { profile } from './profile.ts'
import type { SandboxStore } from './store.ts'

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

/** What the answers depend on besides the records. */
export interface Policy {
  /** The largest `limit` of a page; more is a 400. */
  readonly maxPage: number
  /** A create with an e-mail that is there: a second record, or a 409. */
  readonly duplicates: 'accept' | 'conflict'
  readonly answers: AnswerForm
}

const prefix = '/customers/'

/**
 * The six calls (docs/orafi-api.md#endpoints), with and without `/v1` before them.
 * Anything else, other methods included, is a 404: the API documents no 405.
 *
 * @throws CliError when the disk refuses a change
 */
export async function route(request: Request, store: SandboxStore, policy: Policy): Promise<Answer> {
  const { method, target, key } = request
  const mark = target.indexOf('?')
  const path = (mark < 0 ? target : target.slice(0, mark)).replace(/^\/v1(?=\/)/, '')
  const query = mark < 0 ? '' : target.slice(mark + 1)
  if (path === '/customers' && method === 'GET') return list(query, key, store, policy)
  if (path === '/customers/create' && method === 'POST') return create(request, store, policy)
  if (path === '/transactions' && method === 'GET') return transactions(query, key, store, policy)
  if (path === '/profile' && method === 'GET')
    return success(200, 'Profile fetched successfully', { profile })
  if (path.startsWith(prefix) && (method === 'GET' || method === 'DELETE')) {
    const id = decoded(path.slice(prefix.length))
    return method === 'GET' ? get(id, key, store, policy) : remove(id, key, store)
  }
  return failure(404, `Cannot ${method} ${mark < 0 ? target : target.slice(0, mark)}`)
}

function list(query: string, key: Mode, store: SandboxStore, policy: Policy): Answer {
  const asked = readPageQuery(query, key, policy.maxPage)
  if ('wrong' in asked) return failure(400, asked.wrong)
  const page = store.page(asked.value)
  return page ? customersPage(page, policy.answers) : failure(400, 'cursor must be the id of a customer')
}

function transactions(query: string, key: Mode, store: SandboxStore, policy: Policy): Answer {
  const asked = readTransactionQuery(query, key, policy.maxPage)
  if ('wrong' in asked) return failure(400, asked.wrong)
  const page = store.transactions(asked.value)
  return page ? transactionsPage(page) : failure(400, 'cursor must be the id of a transaction')
}

async function create(request: Request, store: SandboxStore, policy: Policy): Promise<Answer> {
  if (!/^application\/json\s*(;|$)/i.test(request.contentType ?? '')) {
    return failure(400, 'content-type must be application/json')
  }
  const asked = readNewCustomer(request.body, request.key)
  if ('wrong' in asked) return failure(400, asked.wrong)
  const created =
    policy.duplicates === 'accept'
      ? await store.create(asked.value)
      : await store.createUnlessTaken(asked.value)
  if (!created) return failure(409, 'A customer with this email already exists')
  return customerCreated(created, policy.answers)
}

function get(id: string, key: Mode, store: SandboxStore, policy: Policy): Answer {
  const customer = store.get(id, key)
  return customer ? customerFound(customer, policy.answers) : notFound()
}

async function remove(id: string, key: Mode, store: SandboxStore): Promise<Answer> {
  return (await store.remove(id, key)) ? success(200, 'User Deleted successfully', null) : notFound()
}

function notFound(): Answer {
  return failure(404, 'Customer not found')
}

/** What cannot be decoded is the id of nobody. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return ''
  }
}
