import { describe, expect, onTestFinished, test } from 'vitest'
import { createCustomer, getCustomer } from '../../src/api/customers.ts'
import { hintOf } from '../../src/hints.ts'
import { startProxy } from '../support/proxy.ts'
import { apiError, clientOf, key, melvin, startAnswering, startSockets, success, until } from './answering.ts'

const get = 'GET /customers/cus_1'
const input = { firstname: 'Ada', lastname: 'Obi', email: 'ada@orafi.app' }

describe('a proxy that the environment names', () => {
  test.each(['HTTP_PROXY', 'http_proxy'])('in %s is used', async (name) => {
    const server = await startAnswering()
    const proxy = await startProxy(server.port)
    server.answers([get, { body: success(melvin) }])
    const client = clientOf('http://orafi.test', { env: { [name]: proxy.url } })
    expect(await getCustomer(client, 'cus_1')).toEqual(melvin)
    expect(proxy.asked).toEqual(['CONNECT orafi.test:80'])
    expect(proxy.hosts).toEqual(['orafi.test:80'])
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

  test.each([
    ['no password', 'token', 'token:'],
    ['signs that have to be encoded', 'ada%40shop:p%3A%C3%A9', 'ada@shop:p:é'],
  ])('may be written with %s', async (_what, written, sent) => {
    const server = await startAnswering()
    const proxy = await startProxy(server.port)
    server.answers([get, { body: success(melvin) }])
    const client = clientOf('http://orafi.test', {
      env: { HTTP_PROXY: `http://${written}@127.0.0.1:${proxy.port}/ignored` },
    })
    await getCustomer(client, 'cus_1')
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from(sent).toString('base64')}`])
  })

  test('with an unknown host is named in the error, without the password', async () => {
    const env = { HTTPS_PROXY: 'http://ada:hunter2@proxy.invalid:3128' }
    const client = clientOf('https://orafi.test', { env, retries: 0 })
    const error = await apiError(createCustomer(client, input))
    expect(error).toMatchObject({ code: 'unavailable', unanswered: false })
    expect(error.message).toMatch(
      /could not reach https:\/\/orafi\.test: the proxy proxy\.invalid:3128 could not be used: .*\(DNS\)/,
    )
    expect(hintOf(error)).toContain('the proxy settings')
    expect(`${error.stack}${hintOf(error)}`).not.toContain('hunter2')
  })

  test.each([
    ['another answer than HTTP', 'hello\r\n\r\n', 'the answer is not HTTP'],
    ['100 Continue', 'HTTP/1.1 100 Continue\r\n\r\n', 'the server sent an unexpected answer'],
    ['a redirect', 'HTTP/1.1 302 Found\r\nlocation: /login\r\n\r\n', 'refused the connection (302)'],
  ])('and gives %s is blamed for it', async (_what, answer, found) => {
    const proxy = await startSockets((socket) => void socket.once('data', () => socket.end(answer)))
    const client = clientOf('https://orafi.test', { env: { HTTPS_PROXY: proxy.url }, retries: 0 })
    const error = await apiError(getCustomer(client, 'cus_1'))
    expect(error.code).toBe('unavailable')
    expect(error.message).toContain(`the proxy 127.0.0.1:${proxy.port} `)
    expect(error.message).toContain(found)
  })

  test('that does not respond is given up after the connection timeout, and its socket is dropped', async () => {
    const proxy = await startSockets((socket) => void socket.resume())
    const client = clientOf('https://orafi.test', { env: { HTTPS_PROXY: proxy.url }, retries: 0 })
    const created = apiError(createCustomer(client, input))
    await until(() => proxy.sockets.length === 1)
    client.runOut(10_000)
    const error = await created
    expect(error).toMatchObject({ code: 'unavailable', unanswered: false })
    expect(error.message).toContain(
      `the proxy 127.0.0.1:${proxy.port} could not be used: no connection in time`,
    )
    await until(() => proxy.sockets[0]?.destroyed === true)
  })

  test('in HTTPS_PROXY is the one for https', async () => {
    const server = await startAnswering()
    const proxy = await startProxy(server.port, { refusing: 403 })
    const client = clientOf('https://orafi.test', { env: { HTTPS_PROXY: proxy.url }, retries: 0 })
    const error = await apiError(getCustomer(client, 'cus_1'))
    expect(proxy.asked).toEqual(['CONNECT orafi.test:443'])
    expect(error.message).toContain(`the proxy 127.0.0.1:${proxy.port} refused the connection (403)`)
  })

  test('that refuses never forwarded anything: a create is retried, and nothing was sent', async () => {
    const server = await startAnswering()
    const proxy = await startProxy(server.port, { refusing: 502 })
    const client = clientOf('http://orafi.test', { env: { HTTP_PROXY: proxy.url }, retries: 1 })
    expect(await apiError(createCustomer(client, input))).toMatchObject({
      code: 'unavailable',
      unanswered: false,
    })
    expect(proxy.asked).toEqual(['CONNECT orafi.test:80', 'CONNECT orafi.test:80'])
    expect(server.connections).toBe(0)
  })

  test.each(['127.0.0.1', 'localhost', '[::1]', '127.8.8.8', 'api.localhost'])(
    'is passed by for this machine: %s',
    async (host) => {
      const proxy = await startProxy(0)
      const client = clientOf(`http://${host}:1`, { env: { HTTP_PROXY: proxy.url }, retries: 0 })
      expect((await apiError(getCustomer(client, 'cus_1'))).message).not.toContain('proxy')
      expect(proxy.asked).toEqual([])
    },
  )

  test('is not used for this machine, even if its URL is invalid', async () => {
    const server = await startAnswering()
    server.answers([get, { body: success(melvin) }])
    await getCustomer(clientOf(server.url, { env: { HTTP_PROXY: 'ftp://nothing' } }), 'cus_1')
  })

  test.each([
    ['orafi.invalid'],
    ['ORAFI.Invalid'],
    ['invalid'],
    ['.invalid'],
    ['*.invalid'],
    ['*'],
    ['other.test, .invalid'],
    ['other.test .invalid'],
    ['orafi.invalid:80'],
  ])('is passed by for what NO_PROXY=%s names', async (noProxy) => {
    const proxy = await startProxy(0)
    const env = { HTTP_PROXY: proxy.url, NO_PROXY: noProxy }
    const client = clientOf('http://orafi.invalid', { env, retries: 0 })
    expect((await apiError(getCustomer(client, 'cus_1'))).message).toContain('(DNS)')
    expect(proxy.asked).toEqual([])
  })

  test.each([['rafi.invalid'], ['orafi.invalid:8080'], ['x.orafi.invalid'], ['.'], [','], ['']])(
    'is used where NO_PROXY=%s names something else',
    async (noProxy) => {
      const proxy = await startProxy(0, { refusing: 403 })
      const env = { HTTP_PROXY: proxy.url, NO_PROXY: noProxy }
      await apiError(getCustomer(clientOf('http://orafi.invalid', { env, retries: 0 }), 'cus_1'))
      expect(proxy.asked).toEqual(['CONNECT orafi.invalid:80'])
    },
  )

  test('is asked for the port of the API', async () => {
    const proxy = await startProxy(0, { refusing: 403 })
    const env = { https_proxy: proxy.url }
    await apiError(getCustomer(clientOf('https://orafi.test:8443', { env, retries: 0 }), 'cus_1'))
    expect(proxy.asked).toEqual(['CONNECT orafi.test:8443'])
  })

  test('in HTTP_PROXY is used for https if HTTPS_PROXY is not set', async () => {
    const proxy = await startProxy(0, { refusing: 403 })
    const other = await startProxy(0, { refusing: 403 })
    const both = { HTTP_PROXY: proxy.url, HTTPS_PROXY: other.url }
    await apiError(getCustomer(clientOf('https://orafi.test', { env: both, retries: 0 }), 'cus_1'))
    expect([proxy.asked.length, other.asked.length]).toEqual([0, 1])
    const one = { HTTP_PROXY: proxy.url }
    await apiError(getCustomer(clientOf('https://orafi.test', { env: one, retries: 0 }), 'cus_1'))
    expect(proxy.asked).toEqual(['CONNECT orafi.test:443'])
  })

  test('comes from the given environment, never from the process', async () => {
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

  test('with an invalid URL is named in the error; its value, which may contain a password, is not', async () => {
    const bad = [
      'http://',
      'ftp://ada:secret@proxy',
      'http://ada:secret@proxy:99999',
      'http://ada:secret50%off@proxy',
    ]
    for (const value of bad) {
      const error = await apiError(
        (async () => clientOf('https://orafi.test', { env: { HTTPS_PROXY: value } }))(),
      )
      expect(error).toMatchObject({ code: 'usage' })
      expect(error.message).toContain('HTTPS_PROXY')
      expect(`${error.message}${hintOf(error)}`).not.toContain('secret')
    }
  })

  test('is not used if the variable is empty', async () => {
    const server = await startAnswering()
    server.answers([get, { body: success(melvin) }])
    await getCustomer(clientOf(server.url, { env: { HTTP_PROXY: '', https_proxy: ' ' } }), 'cus_1')
  })
})
