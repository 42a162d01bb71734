import { writeFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createSocketServer } from 'node:net'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { binary, freshEnvironment } from '../support/binary.ts'
import { type Authority, type Identity, newAuthority, selfSigned } from '../support/certificates.ts'
import { listening } from '../support/listening.ts'
import { temporaryFolder } from '../support/orafi.ts'
import { startProxy } from '../support/proxy.ts'

const key = 'ora_test_0123456789abcdefghijklmnop'
const ada = { firstname: 'Ada', lastname: 'Obi', email: 'ada@x.example' }

let trusted: Authority
let unknown: Authority
beforeAll(async () => {
  trusted = await newAuthority()
  unknown = await newAuthority()
})

/** An API behind TLS, what reached it, and the environment in which `trusted` is trusted besides the usual ones. */
async function startApi(identity: Identity, more: Record<string, string> = {}) {
  const received: string[] = []
  const answer: RequestListener = async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    received.push(`${request.method} ${request.url} ${request.headers['x-api-key']} ${body}`.trim())
    const data = { id: 'c_1', ...ada, mode: ['test'], totalSpent: 0 }
    response.end(JSON.stringify({ success: true, message: 'ok', data }))
  }
  // It would rather speak HTTP/2, as most servers do, of which the client has nothing.
  const server = createTlsServer({ ...identity, ALPNProtocols: ['h2', 'http/1.1'] }, answer)
  const connections = { count: 0 }
  server.on('connection', () => connections.count++)
  const port = await listening(server)
  const authorities = join(await temporaryFolder(), 'authorities.pem')
  await writeFile(authorities, trusted.cert)
  const env = await freshEnvironment({
    ORAFI_API_KEY: key,
    ORAFI_BASE_URL: `https://localhost:${port}`,
    NODE_EXTRA_CA_CERTS: authorities,
    ...more,
  })
  return { port, env, received, connections }
}

/** Without the certificates that it is to send along. */
const alone = ({ cert, key }: Identity): Identity => ({
  cert: cert.replace(/(-----END.*?\n)[\s\S]*/, '$1'),
  key,
})

describe('over TLS', () => {
  test.each([
    ['an authority', async () => trusted.issue()],
    ['one that an authority named', async () => (await trusted.between()).issue()],
  ])('a server is trusted whose certificate comes from %s in NODE_EXTRA_CA_CERTS', async (_what, issue) => {
    const { env, received } = await startApi(await issue())
    const got = await binary(['customers', 'get', 'c_1', '--json'], env)
    expect(got).toMatchObject({ exitCode: 0, stderr: '' })
    expect(JSON.parse(got.stdout)).toMatchObject({ id: 'c_1' })
    expect(received).toEqual([`GET /customers/c_1 ${key}`])
  })

  test('a customer is created: the body arrives whole, once', async () => {
    const { env, received } = await startApi(await trusted.issue())
    const flags = ['--firstname', ada.firstname, '--lastname', ada.lastname, '--email', ada.email]
    const created = await binary(['customers', 'create', ...flags, '--json'], env)
    expect(created.stderr).toContain('Created customer c_1')
    expect(created.exitCode).toBe(0)
    expect(received).toEqual([`POST /customers/create ${key} ${JSON.stringify(ada)}`])
  })

  const trustIt = 'NODE_EXTRA_CA_CERTS'
  const checkClock = 'check the clock of this machine'
  test.each([
    ['has expired', () => trusted.issue({ valid: [-9, -1] }), 'its certificate has expired', checkClock],
    [
      'is not valid yet',
      () => trusted.issue({ valid: [1, 9] }),
      'its certificate is not valid yet',
      checkClock,
    ],
    [
      'is for another host',
      () => trusted.issue({ hosts: ['other.test'] }),
      'its certificate is for another host',
      'ORAFI_BASE_URL',
    ],
    ['signs itself', () => selfSigned(), 'its certificate is self-signed', trustIt],
    [
      'comes from an authority that is not trusted',
      async () => withAuthority(await unknown.issue()),
      'its certificate comes from an authority that is not trusted here',
      trustIt,
    ],
    [
      'comes from an authority that is not known',
      () => unknown.issue(),
      'the issuer of its certificate is not known here',
      trustIt,
    ],
    [
      'comes without the one in between',
      async () => alone(await (await trusted.between()).issue()),
      'the issuer of its certificate is not known here',
      trustIt,
    ],
  ])(
    'a server whose certificate %s is refused at once, in words of its own',
    async (_what, issue, words, hint) => {
      const { env, port, received, connections } = await startApi(await issue())
      const { exitCode, stdout, stderr } = await binary(['customers', 'get', 'c_1'], env)
      expect(stdout).toBe('')
      expect(stderr).toContain(`could not reach https://localhost:${port}: ${words}\n`)
      expect(stderr).toContain('nothing was sent; ')
      expect(stderr).toContain(hint)
      expect(stderr.includes(trustIt)).toBe(hint === trustIt)
      expect(exitCode).toBe(5)
      expect(received).toEqual([])
      expect(connections.count).toBe(1)
    },
  )

  test.each([['whoami'], ['login --with-key']])('%s says the same of a certificate', async (line) => {
    const { env } = await startApi(await unknown.issue())
    const { exitCode, stderr } = await binary(line.split(' '), env, `${key}\n`)
    expect(stderr).toContain('the issuer of its certificate is not known here')
    expect(stderr).toContain(trustIt)
    expect(exitCode).toBe(5)
  })

  test('a server without TLS is distinguished from one with a bad certificate', async () => {
    const port = await listening(
      createSocketServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    )
    const env = await freshEnvironment({ ORAFI_API_KEY: key, ORAFI_BASE_URL: `https://localhost:${port}` })
    const { exitCode, stderr } = await binary(['customers', 'get', 'c_1'], env)
    expect(stderr).toContain(`could not reach https://localhost:${port}: the other side does not speak TLS`)
    expect(stderr).not.toContain('certificate')
    expect(exitCode).toBe(5)
  })

  test('behind a proxy the certificate of the API is looked at all the same', async () => {
    const api = await startApi(await trusted.issue({ hosts: ['localhost'] }))
    const proxy = await startProxy(api.port)
    const env = { ...api.env, ORAFI_BASE_URL: 'https://orafi.test', HTTPS_PROXY: proxy.url }
    const { exitCode, stderr } = await binary(['customers', 'get', 'c_1'], env)
    expect(stderr).toContain('could not reach https://orafi.test: its certificate is for another host')
    expect(stderr).not.toContain('the proxy 127')
    expect(exitCode).toBe(5)
    expect(proxy.asked).toEqual(['CONNECT orafi.test:443'])
    expect(api.received).toEqual([])
  })

  test('a proxy whose own certificate is not trusted is named', async () => {
    const api = await startApi(await trusted.issue())
    const proxy = await startProxy(api.port, { identity: await unknown.issue() })
    const env = {
      ...api.env,
      ORAFI_BASE_URL: 'https://orafi.test',
      HTTPS_PROXY: `https://localhost:${proxy.port}`,
    }
    const { exitCode, stderr } = await binary(['customers', 'get', 'c_1'], env)
    expect(stderr).toContain(
      `the proxy localhost:${proxy.port} could not be used: the issuer of its certificate is not known here`,
    )
    expect(stderr).toContain(trustIt)
    expect(exitCode).toBe(5)
    expect(proxy.asked).toEqual([])
  })
})

/** Some servers send their authority's own certificate along. */
function withAuthority({ cert, key }: Identity): Identity {
  return { cert: `${cert}${unknown.cert}`, key }
}
