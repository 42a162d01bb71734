import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { createCustomer, deleteCustomer, getCustomer } from '../../src/api/customers.ts'
import type { ApiError } from '../../src/api/errors.ts'
import {
  apiError,
  clientOf,
  melvin,
  silence,
  startAnswering,
  startSockets,
  success,
  until,
} from './answering.ts'

const input = { firstname: 'Ada', lastname: 'Obi', email: 'ada@orafi.app' }
type Handle = (socket: Socket) => void

/** Reads the request, and then does what is said. */
const afterRequest =
  (handle: Handle): Handle =>
  (socket) =>
    void socket.once('data', () => handle(socket))
const answer = (text: string) => afterRequest((socket) => void socket.end(text))

/** What a server or a proxy may do with a connection instead of answering. */
const faults: Record<string, Handle> = {
  'closes it at once': (socket) => void socket.end(),
  'drops it at once': (socket) => void socket.destroy(),
  'resets it at once': (socket) => void socket.resetAndDestroy(),
  'closes it after half a line': (socket) => void socket.end('HTT'),
  'greets as a mail server': (socket) => void socket.end('220 mail.example ESMTP\r\n'),
  'closes it after the request': afterRequest((socket) => void socket.end()),
  'resets it after the request': afterRequest((socket) => void socket.resetAndDestroy()),
  'answers nonsense': answer('hello\r\n\r\n'),
  'announces an answer and closes it': answer('HTTP/1.1 100 Continue\r\n\r\n'),
}

/** What a proxy may do besides, with its tunnel. */
const tunnelFaults: Record<string, Handle> = {
  ...faults,
  'opens a tunnel and closes it': answer('HTTP/1.1 200 OK\r\n\r\n'),
  'opens a tunnel and resets it': afterRequest((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n', () => socket.resetAndDestroy())
  }),
  'is not available': answer('HTTP/1.1 503 Unavailable\r\n\r\n'),
  'has failed': answer('HTTP/1.1 500 Failed\r\n\r\n'),
}

/** Connections that came while one request was made with two retries, and its error. */
async function connectionsOf(
  handle: Handle,
  url: (port: number) => { baseUrl: string; env?: Record<string, string> },
  ask: (client: ReturnType<typeof clientOf>) => Promise<unknown>,
): Promise<{ connections: number; error: ApiError; slept: number[] }> {
  const server = await startSockets(handle)
  const { baseUrl, env = {} } = url(server.port)
  const client = clientOf(baseUrl, { env, retries: 2 })
  const error = await apiError(ask(client))
  return { connections: server.sockets.length, error, slept: client.slept }
}

const http = (port: number) => ({ baseUrl: `http://127.0.0.1:${port}` })
const https = (port: number) => ({ baseUrl: `https://127.0.0.1:${port}` })
const proxied = (port: number) => ({
  baseUrl: 'https://orafi.test',
  env: { HTTPS_PROXY: `http://127.0.0.1:${port}` },
})
const get = (client: ReturnType<typeof clientOf>) => getCustomer(client, 'cus_1')
const remove = (client: ReturnType<typeof clientOf>) => deleteCustomer(client, 'cus_1')
const create = (client: ReturnType<typeof clientOf>) => createCustomer(client, input)

describe('one attempt is one connection, with back-off between them,', () => {
  test.each(Object.entries(faults))('to a server that %s', async (_what, handle) => {
    for (const ask of [get, remove]) {
      const { connections, error, slept } = await connectionsOf(handle, http, ask)
      expect(connections).toBe(3)
      expect(slept).toEqual([250, 500])
      expect(error).toMatchObject({ code: 'unavailable' })
    }
  })

  test.each(Object.entries(faults))('to a server that %s before TLS', async (_what, handle) => {
    for (const ask of [get, create]) {
      const { connections, error, slept } = await connectionsOf(handle, https, ask)
      // What speaks no TLS will not do so a moment later.
      expect(connections).toBe(slept.length + 1)
      expect(connections).toBeLessThanOrEqual(3)
      expect(error).toMatchObject({ code: 'unavailable', unanswered: false })
      expect(error.message).toContain('could not reach https://127.0.0.1:')
    }
  })

  test.each(Object.entries(tunnelFaults))('to a proxy that %s', async (_what, handle) => {
    for (const ask of [get, create]) {
      const { connections, error, slept } = await connectionsOf(handle, proxied, ask)
      expect(connections).toBe(3)
      expect(slept).toEqual([250, 500])
      expect(error).toMatchObject({ code: 'unavailable', unanswered: false })
      expect(error.message).toContain('could not reach https://orafi.test: ')
    }
  })

  test('to a proxy that answers through the tunnel before it was asked', async () => {
    const handle = answer('HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 400 Bad Request\r\n\r\n')
    const url = (port: number) => ({
      baseUrl: 'http://orafi.test',
      env: { HTTP_PROXY: `http://127.0.0.1:${port}` },
    })
    const { connections, error } = await connectionsOf(handle, url, create)
    expect(connections).toBe(3)
    expect(error).toMatchObject({ code: 'unavailable', unanswered: false })
    expect(error.message).toContain('the server sent an unexpected answer')
  })

  test('to a proxy that refuses for good, which is asked once', async () => {
    for (const [status, said] of [
      [407, 'requires a user name and a password (407)'],
      [400, 'refused the connection (400)'],
      [403, 'refused the connection (403)'],
      [499, 'refused the connection (499)'],
    ]) {
      const { connections, error } = await connectionsOf(
        answer(`HTTP/1.1 ${status} No\r\n\r\n`),
        proxied,
        create,
      )
      expect(connections).toBe(1)
      expect(error).toMatchObject({ code: 'unavailable', unanswered: false })
      expect(error.message).toMatch(/could not reach https:\/\/orafi\.test: the proxy 127\.0\.0\.1:\d+ /)
      expect(error.message).toContain(said)
    }
  })
})

test('a create whose connection was closed after bytes had left is never sent again', async () => {
  for (const name of ['closes it after the request', 'resets it after the request', 'answers nonsense']) {
    const { connections, error } = await connectionsOf(faults[name] ?? expect.unreachable(), http, create)
    expect(connections).toBe(1)
    expect(error).toMatchObject({ code: 'ambiguous', unanswered: true })
  }
})

test('requests that wait for a socket end when the client is closed', async () => {
  const server = await startSockets((socket) => void socket.resume())
  const client = clientOf(server.url, { connections: 2 })
  const asked = Array.from({ length: 6 }, () => apiError(get(client)))
  await until(() => server.sockets.length === 2)
  await client.close()
  for (const error of await Promise.all(asked)) expect(error.code).toBe('unavailable')
  expect(server.sockets.length).toBe(2)
})

describe.each([8, 64])('sixty-four requests at once over %i sockets', (connections) => {
  test.each([
    ['gets from a server', http, get],
    ['deletes at a server', http, remove],
    ['gets through a proxy', proxied, get],
    ['creates through a proxy', proxied, create],
  ])('make one connection for each attempt: %s that closes it at once', async (_what, url, ask) => {
    const server = await startSockets((socket) => void socket.end())
    const { baseUrl, env = {} } = { env: {}, ...url(server.port) }
    const client = clientOf(baseUrl, { env, connections, retries: 1 })
    const errors = await Promise.all(Array.from({ length: 64 }, () => apiError(ask(client))))
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['unavailable']))
    expect(server.sockets.length).toBe(128)
  })
})

test('a kept socket that is dead before a byte was written costs one new connection', async () => {
  const body = '{"success":true,"data":{"id":"cus_1"}}'
  const server = await startSockets((socket) => {
    if (server.sockets.length > 1) socket.end()
    socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
    })
  })
  const client = clientOf(server.url, { retries: 0 })
  await get(client)
  server.sockets[0]?.end()
  await until(() => server.sockets[0]?.destroyed === true)
  expect(await apiError(get(client))).toMatchObject({ code: 'unavailable' })
  expect(server.sockets.length).toBe(2)
})

test('requests that come at once after others are under way at once as well', async () => {
  const server = await startAnswering()
  const client = clientOf(server.url, { connections: 3 })
  server.answersAll({ body: success(melvin) })
  for (let turn = 0; turn < 3; turn++) await get(client)
  server.answersAll(silence)
  const asked = Array.from({ length: 3 }, () => apiError(get(client)))
  await until(() => server.received.length === 6)
  await client.close()
  await Promise.all(asked)
})
