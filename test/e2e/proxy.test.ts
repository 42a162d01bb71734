import { writeFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { binary, freshEnvironment } from '../support/binary.ts'
import { type Authority, newAuthority } from '../support/certificates.ts'
import { listening } from '../support/listening.ts'
import { temporaryFolder } from '../support/orafi.ts'
import { startProxy } from '../support/proxy.ts'

const key = 'ora_test_0123456789abcdefghijklmnop'

let authority: Authority
beforeAll(async () => {
  authority = await newAuthority()
})

/** An API at https://orafi.test, a name that only a proxy of a test resolves, and its environment without a proxy. */
async function startApi() {
  const keys: unknown[] = []
  const answer: RequestListener = (request, response) => {
    keys.push(request.headers['x-api-key'])
    response.end(JSON.stringify({ success: true, message: 'ok', data: { id: 'c_1' } }))
  }
  const port = await listening(createTlsServer(await authority.issue(), answer))
  const authorities = join(await temporaryFolder(), 'authorities.pem')
  await writeFile(authorities, authority.cert)
  const env = await freshEnvironment({
    ORAFI_API_KEY: key,
    ORAFI_BASE_URL: 'https://orafi.test',
    NODE_EXTRA_CA_CERTS: authorities,
  })
  return { port, keys, env }
}

const get = ['customers', 'get', 'c_1', '--json']

describe('through a proxy', () => {
  test.each([
    ['http', 'without a password', '', undefined],
    ['http', 'with a password', 'ada:50%25off@', 'ada:50%off'],
    ['https', 'without a password', '', undefined],
    ['https', 'with a password', 'ada:50%25off@', 'ada:50%off'],
  ])('of %s %s the API is reached over TLS of its own', async (scheme, _with, userinfo, credentials) => {
    const api = await startApi()
    const identity = scheme === 'https' ? await authority.issue() : undefined
    const proxy = await startProxy(api.port, { identity })
    const env = { ...api.env, HTTPS_PROXY: `${scheme}://${userinfo}localhost:${proxy.port}` }
    const { exitCode, stdout, stderr } = await binary(get, env)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({ id: 'c_1' })
    expect(api.keys).toEqual([key])
    expect(proxy.asked).toEqual(['CONNECT orafi.test:443'])
    const sent = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`
    expect(proxy.authorizations).toEqual([sent])
  })

  test('this machine is reached without it', async () => {
    const api = await startApi()
    const proxy = await startProxy(api.port, { refusing: 403 })
    const env = { ...api.env, ORAFI_BASE_URL: `https://localhost:${api.port}`, HTTPS_PROXY: proxy.url }
    expect(await binary(get, env)).toMatchObject({ exitCode: 0, stderr: '' })
    expect(proxy.asked).toEqual([])
  })

  test.each([
    ['', 'requires a user name and a password (407)'],
    ['ada:hunter2@', 'refused the user name and password (407)'],
  ])("a 407 is the proxy's, not the key's: %s", async (userinfo, problem) => {
    const api = await startApi()
    const proxy = await startProxy(api.port, { refusing: 407 })
    const env = { ...api.env, HTTPS_PROXY: `http://${userinfo}127.0.0.1:${proxy.port}` }
    const { exitCode, stdout, stderr } = await binary(['customers', 'get', 'c_1'], env)
    expect(stderr).toContain(`the proxy 127.0.0.1:${proxy.port} ${problem}`)
    expect(stderr).toContain('HTTPS_PROXY=http://USER:PASSWORD@')
    expect(stderr).not.toMatch(/hunter2|\bkey\b/)
    expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: '' })
    expect(proxy.asked).toHaveLength(1)
    expect(api.keys).toEqual([])
  })

  test('an unknown proxy is named in the error, and not the API', async () => {
    const { env } = await startApi()
    const proxied = { ...env, HTTPS_PROXY: 'http://ada:hunter2@proxy.invalid:3128' }
    const { exitCode, stderr } = await binary([...get, '--retries', '0'], proxied)
    expect(stderr).toMatch(/the proxy proxy\.invalid:3128 could not be used: [^:"]* \(DNS\)/)
    expect(stderr).toContain('the proxy settings')
    expect(stderr).not.toContain('hunter2')
    expect(exitCode).toBe(5)
  })

  test.each([['customers get c_1'], ['whoami'], ['login --with-key']])(
    'whose password holds a raw percent sign %s says how to write it',
    async (line) => {
      const { env } = await startApi()
      const proxied = { ...env, HTTPS_PROXY: 'http://ada:50%off@127.0.0.1:3128' }
      const { exitCode, stderr } = await binary(line.split(' '), proxied, `${key}\n`)
      expect(stderr).toContain('HTTPS_PROXY holds a user name or password with a % that encodes nothing')
      expect(stderr).toContain('write % as %25')
      expect(stderr).not.toMatch(/50%off|\n\s+at /)
      expect(exitCode).toBe(2)
    },
  )
})
