import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createCustomer, deleteCustomer, getCustomer } from '../../src/api/customers.ts'
import { hintOf } from '../../src/hints.ts'
import {
  apiError,
  clientOf,
  cut,
  melvin,
  type Reply,
  refusal,
  silence,
  startAnswering,
  startSockets,
  success,
  until,
} from './answering.ts'

const input = { firstname: 'Ada', lastname: 'Obi', email: 'ada@orafi.app' }
const get = 'GET /customers/cus_1'
const remove = 'DELETE /customers/cus_1'
const create = 'POST /customers/create'

/** A status line and half a body, then the connection is cut. */
const half: Reply = (response) => {
  response.writeHead(200, { 'content-length': '1000' })
  response.write('{"success":true,')
  setImmediate(() => response.socket?.destroy())
}

/** A port where nobody listens. */
async function closedPort(): Promise<string> {
  const { url, server } = await startSockets(() => undefined)
  await new Promise((resolve) => server.close(resolve))
  return url
}

describe.each([
  ['cut after it was read', cut],
  ['cut in the middle of its answer', half],
  ['answered with 500', { status: 500, body: refusal('oops') }],
  [
    'answered with a 502 page in HTML',
    { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad gateway</h1>' },
  ],
  ['answered with 503', { status: 503 }],
  ['answered with 504', { status: 504 }],
] satisfies [string, Reply][])('a request that was %s', (_what, reply) => {
  test('as a get is sent again, and gives up after all retries: unavailable', async () => {
    const server = await startAnswering()
    server.answers([get, reply], [get, { body: success(melvin) }])
    const client = clientOf(server.url)
    expect(await getCustomer(client, 'cus_1')).toEqual(melvin)
    expect(client.slept).toEqual([250])

    server.answers([get, reply], [get, reply], [get, reply], [get, reply])
    const error = await apiError(getCustomer(client, 'cus_1'))
    expect(error.code).toBe('unavailable')
    expect(error.message).toContain('(4 attempts)')
    expect(client.slept).toEqual([250, 250, 500, 1000])
  })

  test('as a create is never sent again: ambiguous, and how to check is said', async () => {
    const server = await startAnswering()
    server.answers([create, reply])
    const client = clientOf(server.url)
    const error = await apiError(createCustomer(client, input))
    expect(error).toMatchObject({ code: 'ambiguous', unanswered: true })
    expect(hintOf(error)).toContain('orafi customers find ada@orafi.app')
    expect(client.slept).toEqual([])
  })

  test('as a delete is sent again; not finding it then may mean that it was deleted', async () => {
    const server = await startAnswering()
    server.answers([remove, reply], [remove, { status: 404, body: refusal('no such customer') }])
    const error = await apiError(deleteCustomer(clientOf(server.url), 'cus_1'))
    expect(error).toMatchObject({ code: 'not_found', status: 404, unanswered: true })
  })

  test('as a delete, retries and all, may have deleted', async () => {
    const server = await startAnswering()
    server.answers([remove, reply], [remove, reply])
    const error = await apiError(deleteCustomer(clientOf(server.url, { retries: 1 }), 'cus_1'))
    expect(error).toMatchObject({ code: 'unavailable', unanswered: true })
  })
})

describe('a delete whose first answer was lost may have taken effect, whatever comes next:', () => {
  const json = { 'content-type': 'application/json' }
  const later: [string, Reply, object][] = [
    ['400', { status: 400, body: refusal('bad') }, { code: 'api_error', status: 400 }],
    ['401', { status: 401, body: refusal('no such key') }, { code: 'auth', status: 401 }],
    ['403', { status: 403, body: refusal('not yours') }, { code: 'auth', status: 403 }],
    ['404', { status: 404, body: refusal('gone') }, { code: 'not_found', status: 404 }],
    ['409', { status: 409, body: refusal('in use') }, { code: 'api_error', status: 409 }],
    ['a redirect', { status: 307, headers: { location: '/' } }, { code: 'api_error', status: 307 }],
    [
      '429 for longer than may be waited',
      { status: 429, headers: { 'retry-after': '61' } },
      { code: 'unavailable', status: 429 },
    ],
    [
      '503 for longer than may be waited',
      { status: 503, headers: { 'retry-after': '61' } },
      { code: 'unavailable', status: 503 },
    ],
    ['501, which is not tried again', { status: 501 }, { code: 'unavailable', status: 501 }],
    ['a 200 that is not JSON', { headers: json, body: '<html>' }, { code: 'api_error', status: 200 }],
    [
      'a 200 without success',
      { body: { success: false, message: 'no' } },
      { code: 'api_error', status: 200 },
    ],
    [
      'a 200 in an unknown encoding',
      { headers: { 'content-encoding': 'zstd' }, body: 'x' },
      { code: 'api_error', status: 200 },
    ],
  ]
  test.each(later)('%s', async (_what, reply, expected) => {
    for (const first of [cut, half, { status: 500 }]) {
      const server = await startAnswering()
      server.answers([remove, first], [remove, reply])
      const client = clientOf(server.url)
      const error = await apiError(deleteCustomer(client, 'cus_1'))
      expect(error).toMatchObject({ ...expected, unanswered: true })
      expect(client.slept).toEqual([250])
    }
  })

  test('a rate limit that is used up for longer than may be waited', async () => {
    const server = await startAnswering()
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '61' }
    server.answers([remove, { status: 500, headers }])
    const error = await apiError(deleteCustomer(clientOf(server.url), 'cus_1'))
    expect(error).toMatchObject({ code: 'unavailable', status: undefined, unanswered: true })
    expect(error.message).toContain('the rate limit is exhausted')
  })

  test.each([429, 500])('%i as often as was allowed', async (status) => {
    const server = await startAnswering()
    server.answers([remove, cut], [remove, { status }], [remove, { status }])
    const error = await apiError(deleteCustomer(clientOf(server.url, { retries: 2 }), 'cus_1'))
    expect(error).toMatchObject({ code: 'unavailable', status, unanswered: true })
  })

  test('but not where each answer said that it was not', async () => {
    for (const [status, code] of [
      [401, 'auth'],
      [403, 'auth'],
      [404, 'not_found'],
      [409, 'api_error'],
    ] as const) {
      const server = await startAnswering()
      server.answers([remove, { status: 429 }], [remove, { status, body: refusal('no') }])
      const error = await apiError(deleteCustomer(clientOf(server.url), 'cus_1'))
      expect(error).toMatchObject({ code, status, unanswered: false })
    }
  })
})

test('a delete that was answered with a 200 which cannot be read may have taken effect', async () => {
  const server = await startAnswering()
  server.answers([remove, { body: '<html>Sign in</html>' }])
  const client = clientOf(server.url)
  expect(await apiError(deleteCustomer(client, 'cus_1'))).toMatchObject({
    code: 'api_error',
    unanswered: true,
  })
  server.answers([remove, { headers: { 'content-encoding': 'zstd' }, body: 'x' }])
  expect(await apiError(deleteCustomer(client, 'cus_1'))).toMatchObject({
    code: 'api_error',
    unanswered: true,
  })
})

test('not to be found at once is a plain not found', async () => {
  const server = await startAnswering()
  server.answers([remove, { status: 404, body: refusal('no such customer') }])
  const error = await apiError(deleteCustomer(clientOf(server.url), 'cus_1'))
  expect(error).toMatchObject({ code: 'not_found', unanswered: false })
})

test('a status that came is sure, although the connection was cut in the middle of its message', async () => {
  const server = await startAnswering()
  const reply: Reply = (response) => {
    response.writeHead(409, { 'content-length': '1000' })
    response.write('{"success":false,')
    setImmediate(() => response.socket?.destroy())
  }
  server.answers([create, reply])
  const error = await apiError(createCustomer(clientOf(server.url), input))
  expect(error).toMatchObject({ code: 'api_error', status: 409, unanswered: false })
})

describe('a request that certainly never reached the API', () => {
  test('because the connection was refused is sent again, a create too; the end says that nothing was sent', async () => {
    const url = await closedPort()
    for (const ask of [
      getCustomer,
      deleteCustomer,
      (client: ReturnType<typeof clientOf>) => createCustomer(client, input),
    ]) {
      const client = clientOf(url)
      const error = await apiError(ask(client, 'cus_1'))
      expect(error).toMatchObject({ code: 'unavailable', status: undefined, unanswered: false })
      expect(error.message).toContain(`could not reach ${url}: connection refused (4 attempts)`)
      expect(client.slept).toEqual([250, 500, 1000])
    }
  })

  test('because its host is not known is sent again, a create too', async () => {
    const client = clientOf('http://orafi.invalid', { retries: 1 })
    const error = await apiError(createCustomer(client, input))
    expect(error).toMatchObject({ code: 'unavailable', unanswered: false })
    expect(error.message).toMatch(/could not reach http:\/\/orafi\.invalid: .*\(DNS\) \(2 attempts\)/)
  })

  test('is sent when the API can be reached again', async () => {
    const url = await closedPort()
    const port = Number(new URL(url).port)
    const received: string[] = []
    const { createServer: createHttp } = await import('node:http')
    const late = createHttp((request, response) => {
      received.push(`${request.method} ${request.url}`)
      response.end(JSON.stringify(success(melvin)))
    })
    onTestFinished(() => void late.close())
    const client = clientOf(url, {
      sleep: async () => void (await new Promise<void>((resolve) => late.listen(port, '127.0.0.1', resolve))),
    })
    expect(await createCustomer(client, input)).toEqual(melvin)
    expect(received).toEqual([create])
  })

  test('because the other side speaks no TLS is not tried again', async () => {
    const server = await startSockets((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    )
    const client = clientOf(server.url.replace('http:', 'https:'))
    const error = await apiError(createCustomer(client, input))
    expect(error).toMatchObject({ code: 'unavailable', unanswered: false })
    expect(client.slept).toEqual([])
  })
})

describe('a socket that was kept open', () => {
  /** Answers the first request of the first connection, and then does what is said with the second one. */
  async function keptOpen(atSecond: (socket: Socket) => void) {
    const lines: string[] = []
    const server = await startSockets((socket, number) => {
      let requests = 0
      socket.on('data', (data) => {
        lines.push(data.toString().split(' HTTP')[0] ?? '')
        requests++
        if (number === 1 && requests === 2) {
          atSecond(socket)
          return
        }
        const body = JSON.stringify(success(melvin))
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
      })
    })
    return { ...server, lines }
  }

  test.each([
    ['resets it', (socket: Socket) => void socket.resetAndDestroy()],
    ['closes it', (socket: Socket) => void socket.end()],
  ])(
    'and the server %s when the next request comes: a get is sent again, a create is ambiguous',
    async (_what, atSecond) => {
      const forGet = await keptOpen(atSecond)
      const client = clientOf(forGet.url)
      await getCustomer(client, 'cus_1')
      await wait(2)
      expect(await getCustomer(client, 'cus_1')).toEqual(melvin)
      expect(forGet.lines).toEqual([get, get, get])

      const forCreate = await keptOpen(atSecond)
      const other = clientOf(forCreate.url)
      await getCustomer(other, 'cus_1')
      await wait(2)
      expect(await apiError(createCustomer(other, input))).toMatchObject({
        code: 'ambiguous',
        unanswered: true,
      })
      expect(forCreate.lines).toEqual([get, create])
    },
  )

  test('and was closed while nothing was sent is left for a new one: a create is sent once, on that', async () => {
    const server = await keptOpen(() => undefined)
    const client = clientOf(server.url)
    await getCustomer(client, 'cus_1')
    server.sockets[0]?.end()
    await until(() => server.sockets[0]?.destroyed === true)
    expect(await createCustomer(client, input)).toEqual(melvin)
    expect(server.lines).toEqual([get, create])
    expect(server.sockets.length).toBe(2)
  })
})

describe('an attempt that takes longer than it may', () => {
  test('to be answered is given up; a get is sent again, a create is ambiguous', async () => {
    const server = await startAnswering()
    server.answers([get, silence], [get, { body: success(melvin) }], [create, silence])
    const client = clientOf(server.url)
    const got = getCustomer(client, 'cus_1')
    await until(() => server.received.length === 1)
    client.runOut()
    expect(await got).toEqual(melvin)
    expect(client.limits).toContain(30_000)

    const created = apiError(createCustomer(client, input))
    await until(() => server.received.length === 3)
    client.runOut()
    const error = await created
    expect(error).toMatchObject({ code: 'ambiguous', unanswered: true })
    expect(error.message).toContain('no answer within 30 s')
    // A connection that hangs is not used again, and does not stay.
    await until(() => server.closed >= 2)
  })

  test('is timed by itself, and no longer than it lasts: others that were answered are not given up', async () => {
    const server = await startAnswering()
    const other = 'GET /customers/cus_2'
    server.answers([get, silence], [other, { body: success({ ...melvin, id: 'cus_2' }) }])
    const client = clientOf(server.url, { retries: 0 })
    const lost = apiError(getCustomer(client, 'cus_1'))
    await until(() => server.received.length === 1)
    expect((await getCustomer(client, 'cus_2')).id).toBe('cus_2')
    expect(client.timed()).toBe(1)
    client.runOut()
    expect(await lost).toMatchObject({ code: 'unavailable', unanswered: true })
    // A timer that stayed would keep the process.
    expect(client.timed()).toBe(0)
  })

  test('to send its body is given up as well', async () => {
    const server = await startAnswering()
    const slow: Reply = (response) => {
      response.writeHead(200)
      response.write('{"success":true,')
    }
    server.answers([get, slow])
    const client = clientOf(server.url, { retries: 0 })
    const got = apiError(getCustomer(client, 'cus_1'))
    await until(() => client.events.length === 1 && server.received.length === 1)
    await wait(5)
    client.runOut()
    const error = await got
    expect(error).toMatchObject({ code: 'unavailable', unanswered: true })
    expect(error.message).toContain('an incomplete answer within 30 s')
  })

  test('to connect never reached the API: a create is sent again', async () => {
    // Connections wait in the queue of a listener that accepts none: TLS is not answered, so nothing was sent.
    const server = await startSockets(() => undefined)
    const client = clientOf(server.url.replace('http:', 'https:'), { retries: 1 })
    const created = apiError(createCustomer(client, input))
    await until(() => server.sockets.length === 1)
    client.runOut()
    await until(() => client.events.filter(({ type }) => type === 'request').length === 2)
    client.runOut()
    const error = await created
    expect(error).toMatchObject({ code: 'unavailable', unanswered: false })
    expect(error.message).toContain('no connection within 30 s (2 attempts)')
  })

  test.each([
    [30_000, 10_000],
    [1000, 900],
  ])(
    'of %i ms to connect ends after %i, so that it is known that nothing was sent',
    async (timeoutMs, limit) => {
      const server = await startSockets((socket) => void socket.resume())
      const client = clientOf(server.url.replace('http:', 'https:'), { retries: 0, timeoutMs })
      const created = apiError(createCustomer(client, input))
      await until(() => server.sockets.length === 1)
      expect(client.limits).toEqual([timeoutMs, limit])
      client.runOut(limit)
      const error = await created
      expect(error).toMatchObject({ code: 'unavailable', unanswered: false })
      expect(error.message).toContain('no connection in time')
      await until(() => server.sockets[0]?.destroyed === true)
    },
  )
})

test('an answer that is no HTTP at all is unavailable for a get, ambiguous for a create', async () => {
  const server = await startSockets((socket) =>
    socket.on('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n')),
  )
  const client = clientOf(server.url, { retries: 0 })
  expect((await apiError(getCustomer(client, 'cus_1'))).message).toContain('not HTTP')
  expect((await apiError(createCustomer(client, input))).code).toBe('ambiguous')
})

test('a delete that was lost and then did not reach the API may have taken effect, and nothing else is said', async () => {
  const server = await startSockets((socket) => {
    server.server.close()
    socket.once('data', () => socket.destroy())
  })
  const error = await apiError(deleteCustomer(clientOf(server.url, { retries: 1 }), 'cus_1'))
  expect(error).toMatchObject({ code: 'unavailable', unanswered: true })
  expect(error.message).toContain('connection refused (2 attempts)')
  expect(hintOf(error)).not.toContain('nothing was sent')
})
