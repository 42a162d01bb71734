import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listening } from './listening.ts'
import type { Circumstances } from './orafi.ts'

export interface Received {
  readonly method: string
  /** Decoded, without the prefix of the API: `/customers/c_1`. */
  readonly path: string
  /** As it was sent. */
  readonly target: string
  readonly key: string
  readonly query: URLSearchParams
  readonly body: string
}

/** What is done instead of the usual answer: an answer of the test's own, or no answer at all. */
export type Instead =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  /** The connection is cut; first the request is carried out, or it is not. */
  | 'cut'
  | 'carry out and cut'
  | undefined

/** An API whose records are whatever the test says: odd ones that no sandbox would make. */
export interface Api {
  readonly url: string
  /** Circumstances that lead a command line there. */
  readonly test: Circumstances
  readonly live: Circumstances
  /** In the order of their creation. */
  readonly records: Map<string, Record<string, unknown>>
  readonly received: Received[]
  readonly deleted: string[]
  /** The e-mails of all creates that were carried out. */
  readonly created: string[]
  /** Asked about each request before it is answered. */
  instead: (request: Received) => Instead | Promise<Instead>
}

/** Starts an API on loopback that holds these records and answers as documented; it is gone when the test is. */
export async function startApi(
  records: readonly Record<string, unknown>[] = [],
  /** Where the API is; elsewhere the server answers 404. */
  { prefix = '' }: { readonly prefix?: string } = {},
): Promise<Api> {
  const store = new Map(records.map((record) => [String(record.id), record]))
  let made = 0
  const api: Omit<Api, 'url' | 'test' | 'live'> & { url: string } = {
    url: '',
    records: store,
    received: [],
    deleted: [],
    created: [],
    instead: () => undefined,
  }
  const carryOut = ({ method, path, query, body }: Received): { status: number; body: unknown } => {
    const id = path.slice('/customers/'.length)
    if (method === 'GET' && path === '/customers') {
      const all = [...store.values()]
      const from = query.get('cursor') === null ? 0 : Number(query.get('cursor'))
      const limit = Number(query.get('limit') ?? 20)
      const customers = all.slice(from, from + limit)
      const hasNextPage = from + limit < all.length
      const nextCursor = hasNextPage ? String(from + limit) : null
      return ok({ customers, count: customers.length, nextCursor, hasNextPage })
    }
    if (method === 'POST') {
      made += 1
      const record = { id: `new_${made}`, ...JSON.parse(body), mode: ['test'], totalSpent: 0 }
      store.set(record.id, { ...record, userCustomers: [{ createdAt: '2026-03-01T12:00:00.000Z' }] })
      api.created.push(record.email)
      return ok(record)
    }
    const record = store.get(id)
    if (record === undefined) return { status: 404, body: { success: false, message: 'Customer not found' } }
    if (method === 'DELETE') {
      store.delete(id)
      api.deleted.push(id)
      return ok(null)
    }
    return ok(record)
  }
  const server = createServer((request, response) => {
    void answer(request, response)
  })
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request) body += chunk
    const { method = '', url: target = '', headers } = request
    const { pathname, searchParams: query } = new URL(target, 'http://here')
    const isThere = pathname.startsWith(`${prefix}/`)
    const path = decodeURIComponent(isThere ? pathname.slice(prefix.length) : pathname)
    const heard = { method, path, target, key: String(headers['x-api-key']), query, body }
    api.received.push(heard)
    const nowhere = { status: 404, body: { success: false, message: `Cannot ${method} ${pathname}` } }
    const instead = isThere ? await api.instead(heard) : nowhere
    if (instead === 'carry out and cut') carryOut(heard)
    if (typeof instead === 'string') return void request.socket.destroy()
    const { status, body: sent, headers: more } = { headers: {}, ...(instead ?? carryOut(heard)) }
    response.writeHead(status, { 'content-type': 'application/json', ...more }).end(JSON.stringify(sent))
  }
  api.url = `http://127.0.0.1:${await listening(server)}`
  return Object.assign(api, {
    test: { url: api.url, key: `ora_test_${'k'.repeat(30)}` },
    live: { url: api.url, key: `ora_live_${'k'.repeat(30)}` },
  })
}

function ok(data: unknown): { status: number; body: unknown } {
  return { status: 200, body: { success: true, message: 'ok', data } }
}

/** The two forms of a record that are documented: with its date in `userCustomers`, or with dates at the top. */
export const forms = ['documented', 'object'] as const
export type Form = (typeof forms)[number]

/** A creation date in one of the forms. */
export function created(form: Form, at: string): Record<string, unknown> {
  return form === 'documented' ? { userCustomers: [{ createdAt: at }] } : { createdAt: at, updatedAt: at }
}

/** A customer whom nothing keeps from being deleted, as list and get are documented to answer. */
export function harmless(id: string, over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id,
    firstname: 'Ada',
    lastname: 'Obi',
    email: `${id}@x.example`,
    mode: ['test'],
    totalSpent: 0,
    ...created('documented', '2026-01-01T00:00:00.000Z'),
    ...over,
  }
}
