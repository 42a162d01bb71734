import { type Answer, failure, pageOf, success } from './answers.ts'
import type { Mode } from './customer.ts'
import { readNewCustomer, readPageQuery } from './input.ts'
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
  /** A create with an e-mail that is there: a second record (201), or a 409. */
  readonly duplicates: 'accept' | 'conflict'
}

const prefix = '/customers/'

/**
 * The four calls (docs/orafi-api.md#endpoints). Anything else, other methods included, is a 404: the API documents no
 * 405.
 *
 * @throws CliError when the disk refuses a change
 */
export async function route(request: Request, store: SandboxStore, policy: Policy): Promise<Answer> {
  const { method, target, key } = request
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const query = mark < 0 ? '' : target.slice(mark + 1)
  if (path === '/customers' && method === 'GET') return list(query, key, store, policy)
  if (path === '/customers/create' && method === 'POST') return create(request, store, policy)
  if (path.startsWith(prefix) && (method === 'GET' || method === 'DELETE')) {
    const id = decoded(path.slice(prefix.length))
    return method === 'GET' ? get(id, key, store) : remove(id, key, store)
  }
  return failure(404, `Cannot ${method} ${path}`)
}

function list(query: string, key: Mode, store: SandboxStore, policy: Policy): Answer {
  const asked = readPageQuery(query, key, policy.maxPage)
  if ('wrong' in asked) return failure(400, asked.wrong)
  const page = store.page(asked.value)
  return page ? pageOf(page) : failure(400, 'cursor must be the id of a customer')
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
  return success(201, 'Customer created successfully', created)
}

function get(id: string, key: Mode, store: SandboxStore): Answer {
  const customer = store.get(id, key)
  return customer ? success(200, 'Customer retrieved successfully', customer) : notFound()
}

async function remove(id: string, key: Mode, store: SandboxStore): Promise<Answer> {
  return (await store.remove(id, key)) ? success(200, 'Customer deleted successfully', null) : notFound()
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
