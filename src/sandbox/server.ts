import { setMaxListeners } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Answer, type AnswerForm, failure } from './answers.ts'
import { type Fault, type NextFault, randomFaults } from './faults.ts'
import { modeOfKey, type SandboxKeys, sandboxKeys } from './keys.ts'
import { createRateLimiter, type RateLimit, standardRateLimit } from './rate-limit.ts'
import { type Policy, route } from './routes.ts'
import type { SandboxStore } from './store.ts'
import { createWriter, largestBody, readBody, refuse } from './wire.ts'

/** What goes wrong on purpose. Rates are shares of all requests whose key is good, 0 to 1. */
export interface Faults {
  readonly failRate?: number | undefined
  readonly dropRate?: number | undefined
  readonly rateLimit?: RateLimit | undefined
  /** Decides request by request, instead of the rates. */
  readonly next?: NextFault | undefined
}

export interface SandboxOptions {
  readonly store: SandboxStore
  /** Default 0: a free one. */
  readonly port?: number | undefined
  readonly keys?: SandboxKeys | undefined
  /** Epoch ms. */
  now(): number
  /** For the rates. */
  random(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Every answer waits so long; ms. */
  readonly latencyMs?: number | undefined
  /** The largest `limit` of a page, default 100. */
  readonly maxPage?: number | undefined
  /**
   * A create with an e-mail that is there (unknown: docs/orafi-api.md#creating-customers): a second record, which is
   * the default, or a 409.
   */
  readonly duplicates?: 'accept' | 'conflict' | undefined
  /** Default `documented`. */
  readonly answers?: AnswerForm | undefined
  readonly faults?: Faults | undefined
}

export interface Sandbox {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  readonly keys: SandboxKeys
  /** Cuts all connections at once. The store is closed by who opened it. */
  close(): Promise<void>
}

/**
 * An Orafi on 127.0.0.1, as docs/orafi-api.md has it.
 *
 * @throws the system's own error (`EADDRINUSE`) when the port cannot be had
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const keys = options.keys ?? sandboxKeys
  const closing = new AbortController()
  // Every request that waits out its latency listens.
  setMaxListeners(0, closing.signal)
  const answer = createAnswerer(options, keys, closing.signal)
  const server = createServer((request, response) => void answer(request, response))
  // Pools keep idle connections; one that is closed as a request leaves looks like a fault.
  server.keepAliveTimeout = 60_000
  server.on('clientError', (_, socket) => refuse(socket))
  const port = await listen(server, options.port ?? 0)
  return {
    url: `http://127.0.0.1:${port}`,
    keys,
    close() {
      closing.abort()
      return new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      const address = server.address()
      if (typeof address === 'object' && address) resolve(address.port)
      else reject(new Error('the sandbox listens on no port'))
    })
  })
}

type Answerer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

function createAnswerer(options: SandboxOptions, keys: SandboxKeys, closing: AbortSignal): Answerer {
  const { store, faults = {}, latencyMs = 0 } = options
  const policy: Policy = {
    maxPage: options.maxPage ?? 100,
    duplicates: options.duplicates ?? 'accept',
    answers: options.answers ?? 'documented',
  }
  const rates = { failRate: faults.failRate ?? 0, dropRate: faults.dropRate ?? 0 }
  const nextFault = faults.next ?? randomFaults(rates, options.random)
  const quotaOf = createRateLimiter(faults.rateLimit ?? standardRateLimit, options.now)
  const write = createWriter(options.now)

  /** The answer, or undefined when the connection is to be cut. */
  async function decide(request: IncomingMessage, body: Buffer): Promise<Answer | undefined> {
    const key = modeOfKey(keys, request.headers['x-api-key'])
    if (!key) return failure(401, 'Missing or invalid API key')
    const { method = '', url: target = '' } = request
    const fault = nextFault({ method, target })
    if (fault && !fault.takesEffect) return faulty(fault)
    const answer = await route(
      { method, target, key, contentType: request.headers['content-type'], body },
      store,
      policy,
    )
    return fault ? faulty(fault) : answer
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = hasBody(request) ? await readBody(request) : nothing
    if (latencyMs > 0 && !(await waited(options.sleep(latencyMs, closing)))) return
    const quota = quotaOf(modeOfKey(keys, request.headers['x-api-key']) ?? 'none')
    if (!quota.allowed) return write(response, failure(429, 'Too many requests'), quota)
    if (!body) return write(response, failure(400, `The body is larger than ${largestBody} bytes`), quota)
    const decided = await decide(request, body).catch((error: unknown) =>
      failure(500, error instanceof Error ? error.message : String(error)),
    )
    if (decided) write(response, decided, quota)
    else request.socket.destroy()
  }
  return answer
}

const nothing = Buffer.alloc(0)

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
}

function faulty({ how }: Fault): Answer | undefined {
  return how === 'drop' ? undefined : failure(how, faultMessages[how] ?? 'The sandbox was told to fail here')
}

const faultMessages: Readonly<Record<number, string>> = {
  500: 'Internal server error',
  502: 'Bad gateway',
  503: 'Service unavailable, maintenance in progress',
}

/** False when the sandbox closed meanwhile: nobody waits for the answer any more. */
async function waited(sleep: Promise<void>): Promise<boolean> {
  return sleep.then(
    () => true,
    () => false,
  )
}
