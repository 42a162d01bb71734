import { writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { binary, freshEnvironment } from '../support/binary.ts'
import { listening } from '../support/listening.ts'
import { temporaryFolder } from '../support/orafi.ts'

const key = 'ora_test_0123456789abcdefghijklmnop'
const customer = {
  id: 'c_1',
  firstname: 'Zoë',
  lastname: 'Obi',
  email: 'zoe@x.example',
  mode: ['test'],
  totalSpent: 0,
}
const success = (data: unknown) => JSON.stringify({ success: true, message: 'ok', data })
const body = Buffer.from(success(customer))
const get = ['customers', 'get', 'c_1', '--json']

type Speak = (socket: Socket, request: string, number: number) => void

/** A server that speaks for itself, byte by byte: what it heard, on how many connections, and the way to it. */
async function startServer(speak: Speak) {
  const heard: string[] = []
  const server = createServer((socket) => {
    connections.count++
    let text = ''
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
      const [head = '', sent] = text.split('\r\n\r\n', 2)
      const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
      if (sent === undefined || sent.length < length) return
      text = ''
      heard.push(`${head.split(' HTTP')[0]} ${sent}`.trim())
      speak(socket, `${head}\r\n\r\n${sent}`, heard.length)
    })
  })
  const connections = { count: 0 }
  const port = await listening(server)
  const env = await freshEnvironment({ ORAFI_API_KEY: key, ORAFI_BASE_URL: `http://127.0.0.1:${port}` })
  return { env, heard, connections }
}

/** An answer with a length, on a connection that stays open. */
function whole(bytes: Buffer | string, ...headers: string[]): Buffer {
  const content = Buffer.from(bytes)
  const head = ['HTTP/1.1 200 OK', `Content-Length: ${content.length}`, ...headers]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), content])
}

/** One page of a list that goes on until its third. */
function page(request: string): Buffer {
  const number = Number(/[?&]cursor=(\d)/.exec(request)?.[1] ?? 1)
  const nextCursor = number < 3 ? String(number + 1) : null
  const customers = [{ ...customer, id: `c_${number}` }]
  return whole(success({ customers, hasNextPage: nextCursor !== null, nextCursor }))
}

describe('an answer is read', () => {
  test.each([
    ['gzip', gzipSync(body)],
    ['br', brotliCompressSync(body)],
    ['deflate', deflateSync(body)],
  ])('that is in %s, which is asked for', async (encoding, bytes) => {
    let asked = ''
    const { env } = await startServer((socket, request) => {
      asked = /^accept-encoding: (.*)$/im.exec(request)?.[1]?.trim() ?? ''
      socket.write(whole(bytes, `CONTENT-Encoding: ${encoding}`))
    })
    const { exitCode, stdout, stderr } = await binary(get, env)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject(customer)
    expect(asked.split(', ')).toContain(encoding)
  })

  test.each([
    [
      'in an encoding that was not asked for',
      'zstd',
      body,
      'an answer in an encoding that was not requested',
    ],
    ['whose gzip is damaged', 'gzip', body, 'an answer whose compression is damaged'],
  ])('not: one %s is an error that says so', async (_what, encoding, bytes, words) => {
    const { env } = await startServer(
      (socket) => void socket.write(whole(bytes, `Content-Encoding: ${encoding}`)),
    )
    const { exitCode, stdout, stderr } = await binary(get, env)
    expect(stderr).toContain(`the API sent ${words}`)
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
  })

  test('that comes in chunks, cut in the middle of a letter and of the length of a chunk', async () => {
    const middle = body.indexOf('ë') + 1
    const size = (length: number) => `${length.toString(16)}\r\n`
    const parts = [
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
      size(middle),
      body.subarray(0, middle),
      `\r\n${size(body.length - middle).slice(0, 1)}`,
      `${size(body.length - middle).slice(1)}`,
      body.subarray(middle),
      '\r\n0\r\n',
      'Expires: never\r\n\r\n',
    ]
    const { env } = await startServer(async (socket) => {
      socket.setNoDelay()
      for (const part of parts) await new Promise((written) => socket.write(part, written))
    })
    const { exitCode, stdout, stderr } = await binary(get, env)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject(customer)
  })

  test.each([
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n'],
    ['HTTP/1.1', 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n'],
  ])('in %s that ends where the connection does', async (_version, head) => {
    const { env, connections } = await startServer((socket, request) => {
      const [, ...lines] = page(request).toString().split('\r\n\r\n')
      socket.end(`${head}${lines.join('')}`)
    })
    const { exitCode, stdout, stderr } = await binary(['customers', 'list', '--all', '--json'], env)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(JSON.parse(stdout).data).toMatchObject([
      { id: 'c_1' },
      { id: 'c_2' },
      { id: 'c_3', firstname: 'Zoë' },
    ])
    expect(connections.count).toBe(3)
  })

  test.each([
    [15, 0, ''],
    [17, 5, 'the headers of the answer are too large'],
  ])('with %i KiB of headers: exit %i', async (size, code, words) => {
    const header = `X-Padding: ${'x'.repeat(size * 1024)}`
    const { env } = await startServer((socket) => void socket.write(whole(body, header)))
    const { exitCode, stderr } = await binary([...get, '--retries', '0'], env)
    expect(stderr).toContain(words)
    expect(exitCode).toBe(code)
  })
})

describe('a connection that is kept', () => {
  const list = ['customers', 'list', '--all', '--json']

  test('serves one request after the other', async () => {
    const { env, connections } = await startServer((socket, request) => void socket.write(page(request)))
    expect((await binary(list, env)).exitCode).toBe(0)
    expect(connections.count).toBe(1)
  })

  test('and is closed after each answer costs a new one, and no request twice', async () => {
    const { env, heard, connections } = await startServer((socket, request) => void socket.end(page(request)))
    const { exitCode, stdout, stderr } = await binary(list, env)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(JSON.parse(stdout).data).toHaveLength(3)
    expect(new Set(heard).size).toBe(3)
    expect([heard.length, connections.count]).toEqual([3, 3])
  })

  test('and is cut by the next request: a GET is sent again', async () => {
    const { env, heard } = await startServer((socket, request, number) => {
      if (number === 2) socket.resetAndDestroy()
      else socket.write(page(request))
    })
    const { exitCode, stdout, stderr } = await binary(list, env)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(JSON.parse(stdout).data).toHaveLength(3)
    expect(heard).toHaveLength(4)
    expect(heard[1]).toBe(heard[2])
  })

  test('and is closed after each answer: an import sends each row once', async () => {
    const { env, heard } = await startServer((socket, request, number) => {
      const [, sent] = request.split('\r\n\r\n', 2)
      if (request.startsWith('GET')) socket.end(whole(success({ customers: [], hasNextPage: false })))
      else socket.end(whole(success({ ...customer, ...JSON.parse(sent ?? ''), id: `c_${number}` })))
    })
    const file = join(await temporaryFolder(), 'people.csv')
    const rows = ['A', 'B', 'C'].map((name) => `${name},Obi,${name.toLowerCase()}@x.example`)
    await writeFile(file, ['firstname,lastname,email', ...rows, ''].join('\n'))
    const line = ['customers', 'import', file, '--concurrency', '1', '--yes', '--json']
    const { exitCode, stdout } = await binary(line, env)
    expect(JSON.parse(stdout)).toMatchObject({ created: 3 })
    expect(exitCode).toBe(0)
    expect(
      heard.filter((each) => each.startsWith('POST')).map((each) => /"firstname":"(.)/.exec(each)?.[1]),
    ).toEqual(['A', 'B', 'C'])
  })
})

test('a create whose connection is cut before its answer is sent once, and is ambiguous', async () => {
  const { env, heard } = await startServer((socket) => void socket.resetAndDestroy())
  const flags = ['--firstname', 'A', '--lastname', 'B', '--email', 'a@x.example']
  const { exitCode, stderr } = await binary(['customers', 'create', ...flags], env)
  expect(stderr).toContain('it may have taken effect: the connection was cut')
  expect(exitCode).toBe(8)
  expect(heard).toHaveLength(1)
})
