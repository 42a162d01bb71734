import { createServer as createSocketServer } from 'node:net'
import { expect, test } from 'vitest'
import { binary, freshEnvironment } from '../support/binary.ts'
import { listening } from '../support/listening.ts'

const key = 'ora_test_0123456789abcdefghijklmnop'

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
