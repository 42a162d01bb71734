import { createServer, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Client } from '../../src/api/client.ts'
import { createCustomer, getCustomer } from '../../src/api/customers.ts'
import { clientOf, melvin, silence, startAnswering, success, until } from './answering.ts'

const get = 'GET /customers/cus_1'
const input = { firstname: 'Ada', lastname: 'Obi', email: 'ada@orafi.app' }
const reason = { why: 'Ctrl-C' }

/** What a promise rejects with. */
const thrown = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('it was not left'),
    (error: unknown) => error,
  )

describe('an interruption', () => {
  test('ends every request at once, with the reason unchanged', async () => {
    const server = await startAnswering()
    server.answersAll(silence)
    const interruption = new AbortController()
    const client = clientOf(server.url, { signal: interruption.signal })
    const asked = Array.from({ length: 12 }, () => thrown(getCustomer(client, 'cus_1')))
    await until(() => server.received.length === 8)
    interruption.abort(reason)
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 12 }, () => reason))
    await until(() => server.closed >= 8)
    expect(server.received.length).toBe(8)
  })

  test('ends a wait, and no request follows', async () => {
    const server = await startAnswering()
    server.answers([get, { status: 429, headers: { 'retry-after': '9' } }], [get, { status: 500 }])
    const interruption = new AbortController()
    const sleep = (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('the sleep was ended')), { once: true })
        setImmediate(() => interruption.abort(reason))
      })
    expect(
      await thrown(getCustomer(clientOf(server.url, { signal: interruption.signal, sleep }), 'cus_1')),
    ).toBe(reason)
    const second = new AbortController()
    const again = (ms: number, signal?: AbortSignal) => {
      setImmediate(() => second.abort(reason))
      return sleep(ms, signal)
    }
    expect(
      await thrown(getCustomer(clientOf(server.url, { signal: second.signal, sleep: again }), 'cus_1')),
    ).toBe(reason)
  })

  test('before a request sends nothing', async () => {
    const server = await startAnswering()
    const client = clientOf(server.url, { signal: AbortSignal.abort(reason) })
    expect(await thrown(getCustomer(client, 'cus_1'))).toBe(reason)
    expect(server.connections).toBe(0)
  })

  test('of one call does not affect the others', async () => {
    const server = await startAnswering()
    server.answersAll(silence)
    const client = clientOf(server.url)
    const one = new AbortController()
    const left = thrown(getCustomer(client, 'cus_1', { signal: one.signal }))
    const other = getCustomer(client, 'cus_2')
    await until(() => server.received.length === 2)
    server.answersAll({ body: success({ ...melvin, id: 'cus_3' }) })
    one.abort(reason)
    expect(await left).toBe(reason)
    expect((await getCustomer(client, 'cus_3')).id).toBe('cus_3')
    await client.close()
    await expect(other).rejects.toThrow('GET /customers/cus_2')
  })

  test('of one call that waits for a socket prevents its sending', async () => {
    const server = await startAnswering()
    const answers: (() => void)[] = []
    server.answersAll((response, { line }) => {
      answers.push(() => response.end(JSON.stringify(success({ ...melvin, id: line.slice(-5) }))))
    })
    const client = clientOf(server.url, { connections: 1 })
    const first = getCustomer(client, 'cus_1')
    await until(() => answers.length === 1)
    const one = new AbortController()
    const left = thrown(getCustomer(client, 'cus_2', { signal: one.signal }))
    const last = getCustomer(client, 'cus_3')
    await client.leaving()
    one.abort(reason)
    expect(await left).toBe(reason)
    answers[0]?.()
    await first
    await until(() => answers.length === 2)
    answers[1]?.()
    await last
    expect(server.received.map(({ line }) => line)).toEqual(['GET /customers/cus_1', 'GET /customers/cus_3'])
  })

  test('of a sent call still counts against the rate limit', async () => {
    const server = await startAnswering()
    const headers = { 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '61' }
    server.answers([get, { headers, body: success(melvin) }], ['GET /customers/cus_2', silence])
    const client = clientOf(server.url)
    await getCustomer(client, 'cus_1')
    const one = new AbortController()
    const left = thrown(getCustomer(client, 'cus_2', { signal: one.signal }))
    await until(() => server.received.length === 2)
    one.abort(reason)
    expect(await left).toBe(reason)
    await expect(getCustomer(client, 'cus_3')).rejects.toThrow('the rate limit is exhausted')
  })

  test('of one call ends its wait for the rate limit', async () => {
    const server = await startAnswering()
    const headers = { 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '60' }
    server.answers([get, { headers, body: success(melvin) }], ['GET /customers/cus_2', silence])
    const client = clientOf(server.url)
    await getCustomer(client, 'cus_1')
    const last = thrown(getCustomer(client, 'cus_2'))
    await until(() => server.received.length === 2)
    const one = new AbortController()
    const waits = thrown(getCustomer(client, 'cus_3', { signal: one.signal }))
    one.abort(reason)
    expect(await waits).toBe(reason)
    await client.close()
    await last
  })

  test('lets a sent change finish if requested, and sends no other', async () => {
    const server = await startAnswering()
    let answer = () => undefined as unknown
    server.answers([
      'POST /customers/create',
      (response) => {
        answer = () => response.end(JSON.stringify(success(melvin)))
      },
    ])
    const interruption = new AbortController()
    const client = clientOf(server.url, { signal: interruption.signal, finishing: true })
    const created = createCustomer(client, input)
    await until(() => server.received.length === 1)
    interruption.abort(reason)
    answer()
    expect(await created).toEqual(melvin)
    expect(await thrown(createCustomer(client, input))).toBe(reason)
  })

  test('does not wait for a sent change unless requested, and never for a read', async () => {
    const server = await startAnswering()
    server.answersAll(silence)
    for (const [finishing, ask] of [
      [false, (client: Client) => createCustomer(client, input)],
      [false, (client: Client) => getCustomer(client, 'cus_1')],
      [true, (client: Client) => getCustomer(client, 'cus_1')],
    ] as const) {
      const before = server.received.length
      const interruption = new AbortController()
      const asked = thrown(ask(clientOf(server.url, { signal: interruption.signal, finishing })))
      await until(() => server.received.length > before)
      interruption.abort(reason)
      expect(await asked).toBe(reason)
    }
  })

  test('can have hundreds of listening requests without a warning', async () => {
    const server = await startAnswering()
    let turn = 0
    server.answersAll((response) => {
      response.writeHead(turn++ < 100 ? 500 : 200).end(JSON.stringify(success(melvin)))
    })
    const warnings: Error[] = []
    const listen = (warning: Error) => warnings.push(warning)
    process.on('warning', listen)
    onTestFinished(() => void process.off('warning', listen))
    const { signal } = new AbortController()
    const client = clientOf(server.url, { signal, connections: 64 })
    const calls = Array.from({ length: 200 }, () => getCustomer(client, 'cus_1', { signal }))
    await Promise.all(calls)
    await new Promise((resolve) => setImmediate(resolve))
    expect(warnings).toEqual([])
  })
})

test('a request is sent within two turns of the event loop', async () => {
  const server = await startAnswering()
  let turns = 0
  const pause = () => new Promise<void>((resolve) => setImmediate(() => resolve(void turns++)))
  await clientOf(server.url, { pause }).leaving()
  expect(turns).toBe(2)
})

test('a client is idle if no request is pending and every answer was complete', async () => {
  const server = await startAnswering()
  const client = clientOf(server.url, { retries: 0 })
  expect(client.idle()).toBe(true)
  server.answers(['GET /customers/cus_1', { body: success(melvin) }])
  const asked = getCustomer(client, 'cus_1')
  expect(client.idle()).toBe(false)
  await asked
  expect(client.idle()).toBe(true)
  server.answers(['GET /customers/cus_1', (response) => response.destroy()])
  await thrown(getCustomer(client, 'cus_1'))
  expect(client.idle()).toBe(false)
})

describe('closing', () => {
  test('drops every socket at once', async () => {
    const server = await startAnswering()
    server.answersAll({ body: success(melvin) })
    const client = clientOf(server.url)
    await Promise.all(Array.from({ length: 5 }, () => getCustomer(client, 'cus_1')))
    expect(server.connections).toBeGreaterThan(1)
    await client.close()
    await until(() => server.closed === server.connections)
  })

  test('drops a socket that is still connecting, so that the process can exit', async () => {
    const sockets: Socket[] = []
    const silent = createServer((socket) => {
      sockets.push(socket.resume())
      socket.on('error', () => undefined)
    })
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void silent.close())
    const address = silent.address()
    const interruption = new AbortController()
    // TLS that is never answered: the socket is not connected as far as undici knows.
    const url = `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    const client = clientOf(url, { signal: interruption.signal })
    const asked = thrown(getCustomer(client, 'cus_1'))
    await until(() => sockets.length === 1)
    interruption.abort(reason)
    expect(await asked).toBe(reason)
    await client.close()
    await until(() => sockets[0]?.destroyed === true)
  })

  test('can be repeated, and later requests are refused without a retry', async () => {
    const server = await startAnswering()
    const client = clientOf(server.url)
    await client.close()
    await client.close()
    await expect(getCustomer(client, 'cus_1')).rejects.toMatchObject({
      code: 'unavailable',
      unanswered: false,
    })
    expect(client.slept).toEqual([])
  })
})
