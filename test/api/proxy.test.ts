import { createServer, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createCustomer, getCustomer } from '../../src/api/customers.ts'
import { apiError, clientOf, key, melvin, startAnswering, success } from './answering.ts'

const get = 'GET /customers/cus_1'
const input = { firstname: 'Ada', lastname: 'Obi', email: 'ada@orafi.app' }

/** A proxy that opens a tunnel to `target`, whatever host is asked for; or refuses with a status. */
async function startProxy(target: number, refusing?: number) {
  const asked: string[] = []
  const authorizations: (string | undefined)[] = []
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(500).end()
  })
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(`CONNECT ${request.url}`)
    authorizations.push(request.headers['proxy-authorization'])
    sockets.add(socket)
    socket.on('error', () => undefined)
    if (refusing !== undefined) {
      socket.end(`HTTP/1.1 ${refusing} Refused\r\n\r\n`)
      return
    }
    const onward = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
    sockets.add(onward)
    onward.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, port, asked, authorizations }
}

describe('a proxy that the environment names', () => {
  test.each(['HTTP_PROXY', 'http_proxy'])('in %s is used', async (name) => {
    const server = await startAnswering()
    const proxy = await startProxy(server.port)
    server.answers([get, { body: success(melvin) }])
    const client = clientOf('http://orafi.test', { env: { [name]: proxy.url } })
    expect(await getCustomer(client, 'cus_1')).toEqual(melvin)
    expect(proxy.asked).toEqual(['CONNECT orafi.test:80'])
    expect(server.received[0]?.headers).toMatchObject({ host: 'orafi.test', 'x-api-key': key })
  })

  test('may be written without its scheme, and with a password', async () => {
    const server = await startAnswering()
    const proxy = await startProxy(server.port)
    server.answers([get, { body: success(melvin) }])
    const client = clientOf('http://orafi.test', {
      env: { HTTP_PROXY: `ada:se%20cret@127.0.0.1:${proxy.port}` },
    })
    await getCustomer(client, 'cus_1')
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from('ada:se cret').toString('base64')}`])
  })

  test('in HTTPS_PROXY is the one for https', async () => {
    const server = await startAnswering()
    const proxy = await startProxy(server.port, 403)
    const client = clientOf('https://orafi.test', { env: { HTTPS_PROXY: proxy.url }, retries: 0 })
    const error = await apiError(getCustomer(client, 'cus_1'))
    expect(proxy.asked).toEqual(['CONNECT orafi.test:443'])
    expect(error.message).toContain('the proxy refused the connection (403)')
  })

  test('that refuses was never passed: a create is sent again, and nothing was sent', async () => {
    const server = await startAnswering()
    const proxy = await startProxy(server.port, 502)
    const client = clientOf('http://orafi.test', { env: { HTTP_PROXY: proxy.url }, retries: 1 })
    expect(await apiError(createCustomer(client, input))).toMatchObject({
      code: 'unavailable',
      unanswered: false,
    })
    expect(proxy.asked).toEqual(['CONNECT orafi.test:80', 'CONNECT orafi.test:80'])
    expect(server.connections).toBe(0)
  })

  test('is passed by for this machine, and for what NO_PROXY names', async () => {
    const server = await startAnswering()
    const proxy = await startProxy(server.port)
    server.answersAll({ body: success(melvin) })
    const local = clientOf(`http://localhost:${server.port}`, { env: { HTTP_PROXY: proxy.url } })
    await getCustomer(local, 'cus_1')
    await getCustomer(clientOf(server.url, { env: { HTTP_PROXY: proxy.url } }), 'cus_1')
    const env = { HTTP_PROXY: proxy.url, NO_PROXY: 'other.test,.invalid' }
    const excepted = clientOf('http://orafi.invalid', { env, retries: 0 })
    expect((await apiError(getCustomer(excepted, 'cus_1'))).message).toContain('(DNS)')
    expect(proxy.asked).toEqual([])
  })

  test('comes from what is handed in, never from the process', async () => {
    const server = await startAnswering()
    const proxy = await startProxy(server.port)
    server.answers([get, { body: success(melvin) }])
    const before = { ...process.env }
    onTestFinished(() => {
      process.env = before
    })
    process.env = {
      ...before,
      HTTP_PROXY: 'http://127.0.0.1:1',
      HTTPS_PROXY: 'http://127.0.0.1:1',
      NO_PROXY: '*',
    }
    await getCustomer(clientOf('http://orafi.test', { env: { HTTP_PROXY: proxy.url } }), 'cus_1')
    expect(proxy.asked.length).toBe(1)
  })

  test('and cannot be one is named; its value, which may hold a password, is not', async () => {
    for (const value of ['http://', 'ftp://ada:secret@proxy', 'http://ada:secret@proxy:99999']) {
      const error = await apiError(
        (async () => clientOf('https://orafi.test', { env: { HTTPS_PROXY: value } }))(),
      )
      expect(error).toMatchObject({ code: 'api_error' })
      expect(error.message).toContain('HTTPS_PROXY')
      expect(`${error.message}${error.hint}`).not.toContain('secret')
    }
  })

  test('is none when the variable is empty', async () => {
    const server = await startAnswering()
    server.answers([get, { body: success(melvin) }])
    await getCustomer(clientOf(server.url, { env: { HTTP_PROXY: '', https_proxy: ' ' } }), 'cus_1')
  })
})
