import { request as send } from 'node:http'
import { onTestFinished } from 'vitest'
import { type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts'
import { openSandboxStore, type SandboxStore, type StoreOptions } from '../../src/sandbox/store.ts'

/**
 * A customer and an envelope as docs/orafi-api.md has them: written here again, so that nothing is taken on trust.
 */
export interface Customer {
  id: string
  firstname: string
  lastname: string
  email: string
  mode: string[]
  totalSpent: number
  createdAt: string
  updatedAt: string
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
    nextCursor?: string | null
    hasNextPage?: boolean
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
    random: () => 0.5,
    sleep: async () => undefined,
    ...server,
    store,
  })
  onTestFinished(() => sandbox.close())
  const testKey = sandbox.keys.test
  const ask = (path: string, asking: Asking = {}): Promise<Answer> =>
    ask1(sandbox.url, path, { key: testKey, ...asking })
  return {
    url: sandbox.url,
    store,
    testKey,
    liveKey: sandbox.keys.live,
    ask,
    async create(customer = {}, key = testKey) {
      const body = { firstname: 'Ada', lastname: 'Obi', email: 'ada@example.com', ...customer }
      const answer = await ask('/customers/create', { method: 'POST', body, key })
      if (answer.status !== 201) throw new Error(answer.text)
      return answer.body.data as Customer
    },
    async pages(query = '', key = testKey) {
      const found: Customer[][] = []
      for (let cursor = ''; ; ) {
        const { status, text, body } = await ask(`/customers?${query}${cursor && `&cursor=${cursor}`}`, {
          key,
        })
        if (status !== 200) throw new Error(text)
        found.push(body.data as Customer[])
        if (!body.hasNextPage) return found
        cursor = String(body.nextCursor)
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
