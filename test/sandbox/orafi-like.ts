import { request as send } from 'node:http'
import { onTestFinished } from 'vitest'
import { type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts'
import { openSandboxStore, type SandboxStore, type StoreOptions } from '../../src/sandbox/store.ts'

/**
 * A customer and an envelope as docs/orafi-api.md has them: written independently of src/.
 */
export interface Customer {
  id: string
  firstname: string
  lastname: string
  email: string
  mode: string[]
  totalSpent: number
  /** In a list and a get. */
  userCustomers?: { createdAt: string }[]
}

/** What `data` holds of a list. */
export interface Page {
  customers: Customer[]
  count: number
  nextCursor: string | null
  hasNextPage: boolean
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The body; an envelope. */
  body: {
    success: boolean
    message: string
    data?: unknown
  }
}

export interface Asking {
  method?: string
  /** null: no key at all */
  key?: string | null
  body?: unknown
  /** The body as it goes over the wire. */
  raw?: string | Uint8Array
  headers?: Record<string, string>
}

export interface Orafi {
  url: string
  store: SandboxStore
  testKey: string
  liveKey: string
  ask(path: string, asking?: Asking): Promise<Answer>
  create(
    customer?: Partial<Pick<Customer, 'firstname' | 'lastname' | 'email'>>,
    key?: string,
  ): Promise<Customer>
  /** One page of customers. */
  page(query?: string, key?: string): Promise<Page>
  /** Every page from the first to the last. */
  pages(query?: string, key?: string): Promise<Customer[][]>
}

/** 2026-11-24T08:00:00.250Z */
export const noon = Date.UTC(2026, 10, 24, 8, 0, 0, 250)
export const owner = { pid: process.pid, host: 'here', user: 'tester' }

/** A store for one test; time stands still unless the test moves it. */
export async function openStore(options: Partial<StoreOptions> = {}): Promise<SandboxStore> {
  const store = await openSandboxStore({ owner, now: () => noon, sleep: async () => undefined, ...options })
  onTestFinished(() => store.close())
  return store
}

/** A sandbox on loopback for one test. */
export async function openOrafi(
  options: Partial<SandboxOptions> & { customers?: number; seed?: number } = {},
): Promise<Orafi> {
  const { customers, seed, ...server } = options
  const store = server.store ?? (await openStore({ customers, seed }))
  const sandbox = await startSandbox({
    now: () => noon,
    sleep: async () => undefined,
    ...server,
    store,
  })
  onTestFinished(() => sandbox.close())
  const testKey = sandbox.keys.test
  const ask = (path: string, asking: Asking = {}): Promise<Answer> =>
    ask1(sandbox.url, path, { key: testKey, ...asking })
  const page = async (query = '', key = testKey): Promise<Page> => {
    const { status, text, body } = await ask(`/customers?${query}`, { key })
    if (status !== 200) throw new Error(text)
    return body.data as Page
  }
  return {
    url: sandbox.url,
    store,
    testKey,
    liveKey: sandbox.keys.live,
    ask,
    async create(customer = {}, key = testKey) {
      const body = { firstname: 'Ada', lastname: 'Obi', email: 'ada@example.com', ...customer }
      const answer = await ask('/customers/create', { method: 'POST', body, key })
      if (answer.status !== 200) throw new Error(answer.text)
      return answer.body.data as Customer
    },
    page,
    async pages(query = '', key = testKey) {
      const found: Customer[][] = []
      for (let cursor = ''; ; ) {
        const { customers, hasNextPage, nextCursor } = await page(
          `${query}${cursor && `&cursor=${cursor}`}`,
          key,
        )
        found.push(customers)
        if (!hasNextPage) return found
        cursor = String(nextCursor)
      }
    },
  }
}

async function ask1(url: string, path: string, asking: Asking): Promise<Answer> {
  const { method = 'GET', key, body, raw } = asking
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(key ? { 'x-api-key': key } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...asking.headers,
    },
    ...(body === undefined && raw === undefined ? {} : { body: raw ?? JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text === '' ? {} : JSON.parse(text),
  }
}

/** A request line as it is, which fetch would tidy up first; resolves with status and body. */
export function askAsIs(url: string, method: string, path: string, headers: Record<string, string>) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const request = send({ hostname, port, method, path, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => {
        text += piece
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    request.on('error', reject)
    request.end()
  })
}
