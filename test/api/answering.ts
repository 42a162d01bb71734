import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSocketServer, type Socket } from 'node:net'
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { type Client, type ClientEvent, type ClientOptions, openClient } from '../../src/api/client.ts'
import { ApiError } from '../../src/api/errors.ts'

export const key = 'ora_test_0123456789abcdefghijklmnop'
/** The key as it may be shown. */
export const masked = 'ora_test_…mnop'
export const userAgent = 'orafi-cli/0.1.0 node/20.20.0 linux'

/** A request as it came over the wire. */
export interface Received {
  /** `GET /customers/cus_1` */
  readonly line: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A hand-written answer: written by a function, or a status, headers and a body. */
export type Reply =
  | ((response: ServerResponse, received: Received) => void)
  | {
      status?: number
      headers?: Record<string, string | string[]>
      /** A text or bytes as they are; anything else as JSON. */
      body?: unknown
    }

export interface Answering {
  readonly url: string
  readonly port: number
  readonly received: Received[]
  /** Sockets that were accepted so far. */
  readonly connections: number
  /** Sockets that were closed so far, by either side. */
  readonly closed: number
  /** Answers requests in this order; each must come, and no other. */
  answers(...expected: readonly (readonly [line: string, reply: Reply])[]): void
  /** Drops every connection, and lets no more come. */
  close(): Promise<void>
  /** Answers every request; for tests of many at once. */
  answersAll(reply: Reply): void
}

/** What an answer of the API looks like. */
export const success = (data: unknown, beside: object = {}) => ({
  success: true,
  message: 'ok',
  data,
  ...beside,
})
export const refusal = (message: string) => ({ success: false, message })
export const melvin = {
  id: 'cus_1',
  firstname: 'Melvin',
  lastname: 'Charles',
  email: 'mekus@orafi.app',
  mode: ['test'],
  totalSpent: 0,
  createdAt: '2025-12-29T12:12:29.615Z',
  updatedAt: '2025-12-29T12:12:29.615Z',
}

/**
 * A loopback server that says only what the test wrote down. A request that was
 * not expected fails the test, and so does one that never came.
 */
export async function startAnswering(): Promise<Answering> {
  const received: Received[] = []
  const wrong: string[] = []
  const sockets = new Set<Socket>()
  let expected: (readonly [string, Reply])[] = []
  let all: Reply | undefined
  let connections = 0

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', () => undefined)
    request.on('end', () => {
      const line = `${request.method} ${request.url}`
      const heard = { line, headers: request.headers, body: Buffer.concat(chunks).toString() }
      received.push(heard)
      const reply = all ?? take(line)
      if (reply === undefined) response.writeHead(418).end(JSON.stringify(refusal(`unexpected: ${line}`)))
      else answer(reply, response, heard)
    })
  })
  function take(line: string): Reply | undefined {
    const next = expected.shift()
    if (next?.[0] === line) return next[1]
    wrong.push(`came: ${line}, expected: ${next?.[0] ?? 'nothing'}`)
    return undefined
  }
  server.on('connection', (socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
    expect(wrong, 'requests that were not expected').toEqual([])
    expect(
      expected.map(([line]) => line),
      'requests that never came',
    ).toEqual([])
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    get connections() {
      return connections
    },
    get closed() {
      return connections - sockets.size
    },
    answers(...more) {
      expected = [...expected, ...more]
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
    answersAll(reply) {
      all = reply
    },
  }
}

/** A server that does with each connection what the test says. */
export async function startSockets(handle: (socket: Socket, number: number) => void) {
  const sockets: Socket[] = []
  const server = createSocketServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    handle(socket, sockets.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, port, sockets, server }
}

function answer(reply: Reply, response: ServerResponse, heard: Received): void {
  if (typeof reply === 'function') {
    reply(response, heard)
    return
  }
  const { status = 200, headers = {}, body } = reply
  const bytes =
    body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(bytes)
}

/** Cuts the connection after the request was read. */
export const cut: Reply = (response) => void response.socket?.resetAndDestroy()

/** Takes the request and never says a word. */
export const silence: Reply = () => undefined

/** Noon of the day the tests are written for (epoch ms). */
export const noon = Date.UTC(2026, 10, 24, 12)

export interface Patience {
  /** Each wait between attempts or for the rate limit (ms). */
  readonly slept: number[]
  /** Each limit that was set to an attempt (ms). */
  readonly limits: number[]
  readonly events: ClientEvent[]
  /** How many limits are being timed. */
  timed(): number
  /** Lets a limit of so many ms run out; without a number that of the attempts under way. */
  runOut(ms?: number): void
  now(): number
}

/** A client whose waits are recorded and skipped, and whose time limits run out when the test says so. */
export function clientOf(url: string, options: Partial<ClientOptions> = {}): Client & Patience {
  const slept: number[] = []
  const limits: number[] = []
  const events: ClientEvent[] = []
  let time = noon
  const timers = new Set<{ ms: number; expire(): void }>()
  const { timeoutMs = 30_000 } = options
  const client = openClient({
    baseUrl: url,
    key,
    shownKey: masked,
    userAgent,
    readOnly: false,
    timeoutMs,
    retries: 3,
    maxWaitMs: 60_000,
    env: {},
    signal: new AbortController().signal,
    now: () => time,
    random: () => 0.5,
    pause: () => turn(),
    async sleep(ms, signal) {
      slept.push(ms)
      time += ms
      await wait(1, undefined, signal === undefined ? {} : { signal })
    },
    timer(ms, expire) {
      limits.push(ms)
      const timer = { ms, expire }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    onEvent: (event) => events.push(event),
    ...options,
  })
  onTestFinished(() => client.close())
  const runOut = (ms = timeoutMs): void => {
    for (const timer of [...timers]) if (timer.ms === ms) timer.expire()
  }
  return { ...client, slept, limits, events, timed: () => timers.size, runOut, now: () => time }
}

/** The ApiError that a promise must reject with. */
export async function apiError(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ApiError)
  if (!(error instanceof ApiError)) throw error
  return error
}

/** Waits until something is so; the test fails when it never is. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2000; turn++) {
    if (condition()) return
    await wait(1)
  }
  throw new Error('it never came to that')
}
