import { describe, expect, test } from 'vitest'
import { orafi } from '../support/orafi.ts'
import { key, masked, melvin, refusal, startAnswering, startSockets, success } from './answering.ts'

const get = 'GET /customers/cus_1'
const creating = 'customers create --firstname Ada --lastname Obi --email ada@orafi.app'

describe('--max-wait', () => {
  test.each([
    ['429', 429, '', 61],
    ['503', 503, '', 61],
    ['429', 429, ' --max-wait 5', 6],
    ['429', 429, ' --max-wait 0', 1],
  ])(
    'after a %s that asks for more ends at once with 5, saying when to try again',
    async (_what, status, flags, wait) => {
      const server = await startAnswering()
      const headers = { 'retry-after': String(wait) }
      server.answers([get, { status, headers, body: refusal('slow down') }])
      const result = await orafi(`customers get cus_1${flags}`, { key, url: server.url })
      expect(result).toMatchObject({ code: 5, stdout: '', slept: [] })
      expect(result.stderr).toContain(`error: GET /customers/cus_1: the API answered ${status}: slow down\n`)
      expect(result.stderr).toContain(`hint: try again in ${wait} s\n`)
    },
  )

  test('after an answer with an exhausted rate limit prevents the next request', async () => {
    const server = await startAnswering()
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '61' }
    server.answers([get, { headers, body: success(melvin) }])
    const result = await orafi('customers get cus_1 cus_2 --json --max-wait 60', { key, url: server.url })
    expect(result).toMatchObject({ code: 5, slept: [] })
    expect(result.stderr).toContain('the rate limit is exhausted')
    expect(result.stderr).toContain('or allow a longer wait with --max-wait')
  })
})

test('a host that does not answer counts as unreached before the timeout', async () => {
  const server = await startSockets((socket) => void socket.resume())
  const url = server.url.replace('http:', 'https:')
  const result = await orafi(`${creating} --timeout 1 --retries 0`, { key, url })
  expect(result.code).toBe(5)
  expect(result.stderr).toContain(`could not reach ${url}: no connection in time`)
  expect(result.stderr).toContain('hint: nothing was sent')
})

describe('a server that closes each connection', () => {
  test.each([
    ['customers get cus_1', 5, 4],
    ['customers get cus_1 --retries 1', 5, 2],
    ['customers get cus_1 --retries 0', 5, 1],
    [creating, 8, 1],
  ])('%s ends with %i after %i', async (line, code, connections) => {
    const server = await startSockets((socket) => void socket.once('data', () => socket.end()))
    const result = await orafi(line, { key, url: server.url })
    expect(result.code).toBe(code)
    expect(result.stderr).toContain('the connection was cut')
    expect(server.sockets.length).toBe(connections)
    expect(result.slept.length).toBe(connections - 1)
  })

  test(`${creating} is sent again where no byte left, and as often as was allowed`, async () => {
    const server = await startSockets((socket) => void socket.end())
    const result = await orafi(`${creating} --retries 2`, { key, url: server.url.replace('http:', 'https:') })
    expect(result.code).toBe(5)
    expect(server.sockets.length).toBe(3)
    expect(result.slept.length).toBe(2)
  })
})

describe('the key is masked', () => {
  test.each(['', ' --json', ' --debug', ' --debug --json'])('whatever comes back%s', async (flags) => {
    const server = await startAnswering()
    const echo = `what is ${encodeURIComponent(encodeURIComponent(key))}, ${key.toUpperCase()}, ${key}?`
    const data = success({ ...melvin, id: key })
    for (const reply of [
      { status: 401, body: refusal(echo) },
      { status: 500, body: `<p>${echo}</p>` },
      { status: 200, body: `${'x'.repeat(170)}${key}${key}` },
      { status: 200, body: data },
    ]) {
      server.answersAll(reply)
      const result = await orafi(`customers get cus_1 --retries 1${flags}`, { key, url: server.url })
      expect(result.code).not.toBe(0)
      expect(result.stdout).toBe('')
      expect(result.stderr).toContain(masked)
      expect(result.stderr.toLowerCase()).not.toContain(key.slice(9, 17))
      expect(result.stderr.toLowerCase()).not.toContain(key.slice(15, 23))
    }
  })

  test('where it was typed in place of a cursor or an id', async () => {
    const server = await startAnswering()
    server.answersAll({ status: 500, body: refusal('oops') })
    for (const line of [`customers list --cursor ${key}`, `customers get ${key}`]) {
      const result = await orafi(`${line} --debug --retries 0`, { key, url: server.url })
      expect(result.stderr).toContain(masked)
      expect(result.stderr.toLowerCase()).not.toContain(key.slice(9, 17))
    }
  })
})
