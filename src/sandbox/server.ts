import { once, setMaxListeners } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { createRateLimiter, type Fault, type NextFault, type Quota, type RateLimit } from './faults.ts'
import { type Answer, failure, type Policy, route } from './routes.ts'
import { type Mode, modes } from './shop.ts'
import type { SandboxStore } from './store.ts'

export interface SandboxOptions extends Policy {
  readonly store: SandboxStore
  /** Default 0: any free port. */
  readonly port?: number | undefined
  readonly keys?: SandboxKeys | undefined
  /** Epoch ms. */
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** The delay of every answer; ms. */
  readonly latencyMs?: number | undefined
  /** What to inject: `next` decides for each request with a valid key. Default none. */
  readonly faults?: { readonly next?: NextFault; readonly rateLimit?: RateLimit | undefined } | undefined
  /** Called with the error behind a 500, such as a disk error of the store. Not for injected faults. */
  onFailure?(error: unknown): void
}

/** One key per mode, in the form of real ones (docs/orafi-api.md#base-url-and-keys). */
export type SandboxKeys = Readonly<Record<Mode, string>>

export interface Sandbox {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  readonly keys: SandboxKeys
  /** Closes all connections at once, but not the store. */
  close(): Promise<void>
}

/** Not secret, and named accordingly: they work in a sandbox only. */
export const sandboxKeys: SandboxKeys = {
  test: 'ora_test_sandbox_key_not_a_secret_0test',
  live: 'ora_live_sandbox_key_not_a_secret_0live',
}

/** Too high to be reached, but its headers are on every answer. */
const standardRateLimit: RateLimit = { requests: 10_000_000, seconds: 60 }

/** The largest body that is read; bytes. A larger one is a 400, since the API documents no 413. */
const largestBody = 64 * 1024

/**
 * Starts a server on 127.0.0.1 that behaves like the API in docs/orafi-api.md.
 * @throws the system's own error if the port is not available, such as `EADDRINUSE`
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const closing = new AbortController()
  // Every delayed request adds a listener.
  setMaxListeners(0, closing.signal)
  const answer = createAnswerer(options, closing.signal)
  const server = createServer((request, response) => void answer(request, response))
  // Clients keep idle connections: closing one just as a request is sent would look like a fault.
  server.keepAliveTimeout = 60_000
  server.on('clientError', (_, socket) => answerMalformed(socket))
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : options.port}`,
    keys: options.keys ?? sandboxKeys,
    close() {
      closing.abort()
      return new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

type Answerer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

function createAnswerer(options: SandboxOptions, closing: AbortSignal): Answerer {
  const { store, keys = sandboxKeys, faults = {}, latencyMs = 0, now } = options
  const quotaOf = createRateLimiter(faults.rateLimit ?? standardRateLimit, now)

  /** The answer; undefined to cut the connection. */
  async function decide(request: IncomingMessage, key: Mode | undefined, body: Buffer | undefined) {
    if (!body) return failure(400, `The body is larger than ${largestBody} bytes`)
    if (!key) return failure(401, 'Missing or invalid API key')
    const { method = '', url: target = '' } = request
    const fault = faults.next?.({ method, target })
    if (fault && !fault.takesEffect) return faulty(fault)
    const contentType = request.headers['content-type']
    const answer = await route({ method, target, key, contentType, body }, store, options)
    return fault ? faulty(fault) : answer
  }

  return async (request, response) => {
    const body = await readBody(request)
    if (latencyMs > 0) {
      // If the sandbox was closed meanwhile, there is nobody left to answer.
      const isOpen = await options.sleep(latencyMs, closing).then(
        () => true,
        () => false,
      )
      if (!isOpen) return
    }
    const key = modes.find((mode) => keys[mode] === request.headers['x-api-key'])
    const quota = quotaOf(key ?? 'none')
    if (!quota.allowed) return write(response, failure(429, 'Too many requests'), quota, now())
    const answer = await decide(request, key, body).catch((error: unknown) => {
      options.onFailure?.(error)
      return failure(500, error instanceof Error ? error.message : String(error))
    })
    if (answer) write(response, answer, quota, now())
    else request.socket.destroy()
  }
}

function faulty({ how }: Fault): Answer | undefined {
  return how === 'drop' ? undefined : failure(how, faultMessages[how] ?? 'Injected fault')
}

const faultMessages: Readonly<Record<number, string>> = {
  500: 'Internal server error',
  502: 'Bad gateway',
  503: 'Service unavailable, maintenance in progress',
}

/** The whole body; undefined if it is too large or incomplete. */
function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    let length = 0
    request.on('data', (piece: Buffer) => {
      length += piece.length
      if (length <= largestBody) pieces.push(piece)
      else resolve(undefined)
    })
    request.on('end', () => resolve(length > largestBody ? undefined : Buffer.concat(pieces, length)))
    request.on('close', () => resolve(undefined))
    request.on('error', () => resolve(undefined))
  })
}

/** @param now epoch ms, for the `Date` header */
function write(response: ServerResponse, { status, body }: Answer, quota: Quota, now: number): void {
  response.writeHead(status, {
    Date: new Date(now).toUTCString(),
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    ...quota.headers,
  })
  response.end(body)
}

/** Answers a request that Node cannot parse, such as one with headers of more than 16 KiB. */
function answerMalformed(socket: Duplex): void {
  const { status, body } = failure(400, 'The request could not be read')
  if (!socket.writable) return
  socket.end(
    `HTTP/1.1 ${status} Bad Request\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
