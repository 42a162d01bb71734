import { writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, createServer as createSocketServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { binary, freshEnvironment } from '../support/binary.ts'
import { certificate } from '../support/certificate.ts'
import { temporaryFolder } from '../support/orafi.ts'

const key = 'ora_test_0123456789abcdefghijklmnop'

/** Listens until the test is over; gives its port. */
async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

test.each(['http', 'https'])(
  'the API is reached over TLS through an %s proxy with a password',
  async (scheme) => {
    const answer: RequestListener = (request, response) => {
      const data = { id: request.url?.split('/').at(-1), sawKey: request.headers['x-api-key'] === key }
      response.end(JSON.stringify({ success: true, message: 'ok', data }))
    }
    const api = await listening(createTlsServer(certificate, answer))
    const asked: string[] = []
    const proxy = scheme === 'http' ? createServer() : createTlsServer(certificate)
    proxy.on('connect', (request, socket) => {
      asked.push(`${request.url} ${request.headers['proxy-authorization']}`)
      const onward = connect(api, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        onward.pipe(socket).pipe(onward)
      })
      onward.on('error', () => undefined)
      socket.on('error', () => undefined)
    })
    const port = await listening(proxy)
    const authorities = join(await temporaryFolder(), 'authorities.pem')
    await writeFile(authorities, certificate.cert)
    const env = await freshEnvironment({
      ORAFI_API_KEY: key,
      ORAFI_BASE_URL: 'https://orafi.test',
      HTTPS_PROXY: `${scheme}://ada:50%off@localhost:${port}`,
      NODE_EXTRA_CA_CERTS: authorities,
    })
    const result = await binary(['customers', 'get', 'c_1', '--json'], env)
    expect(result.stderr).toBe('')
    expect(JSON.parse(result.stdout)).toMatchObject({ id: 'c_1', sawKey: true })
    expect(asked).toEqual([`orafi.test:443 Basic ${Buffer.from('ada:50%off').toString('base64')}`])
  },
)

test.each([
  ['get c_1', 'a proxy'],
  ['create --firstname A --lastname B --email a@b.example', 'a proxy'],
  ['get c_1', 'a server'],
  ['create --firstname A --lastname B --email a@b.example', 'a server'],
])('customers %s: each attempt is one connection to %s that closes it at once', async (line, what) => {
  let connections = 0
  const port = await listening(
    createSocketServer((socket) => {
      connections++
      socket.end()
    }),
  )
  const env = await freshEnvironment({
    ORAFI_API_KEY: key,
    ...(what === 'a proxy'
      ? { ORAFI_BASE_URL: 'https://orafi.test', HTTPS_PROXY: `http://127.0.0.1:${port}` }
      : { ORAFI_BASE_URL: `https://127.0.0.1:${port}` }),
  })
  const result = await binary(['customers', ...line.split(' '), '--retries', '2'], env)
  expect(result.exitCode).toBe(5)
  expect(result.stderr).toContain('the connection was cut (3 attempts)')
  expect(connections).toBe(3)
})
