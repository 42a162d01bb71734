import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { tooLargeProblem } from '../../src/api/attempt.ts'
import { createCustomer, getCustomer } from '../../src/api/customers.ts'
import {
  apiError,
  clientOf,
  melvin,
  type Reply,
  refusal,
  startAnswering,
  success,
  until,
} from './answering.ts'

const get = 'GET /customers/cus_1'
const input = { firstname: 'Ada', lastname: 'Obi', email: 'ada@orafi.app' }
const mebi = 2 ** 20
const plain = Buffer.from(JSON.stringify(success(melvin)))

/** Brotli at its best takes seconds for what is large. */
const quickBrotli = (bytes: Buffer) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })

/** A customer whose answer has exactly so many bytes. */
function answerOfSize(bytes: number): string {
  const empty = JSON.stringify(success({ ...melvin, note: '' }))
  return JSON.stringify(success({ ...melvin, note: 'x'.repeat(bytes - empty.length) }))
}

describe('an answer is decoded from', () => {
  test.each([
    ['gzip', gzipSync(plain)],
    ['x-gzip', gzipSync(plain)],
    ['GZIP', gzipSync(plain)],
    ['br', brotliCompressSync(plain)],
    ['deflate', deflateSync(plain)],
    ['deflate', deflateRawSync(plain)],
    ['br, gzip', gzipSync(brotliCompressSync(plain))],
    ['identity, br, identity, gzip', gzipSync(brotliCompressSync(plain))],
    ['identity', plain],
  ])('%s', async (encoding, body) => {
    const server = await startAnswering()
    server.answers([get, { headers: { 'content-encoding': encoding }, body }])
    expect(await getCustomer(clientOf(server.url), 'cus_1')).toEqual(melvin)
  })

  test('UTF-8, with or without a byte order mark, whatever the chunks cut through', async () => {
    const server = await startAnswering()
    const bytes = Buffer.from(`\ufeff${JSON.stringify(success({ ...melvin, firstname: 'Ọláwálé 👩‍💻' }))}`)
    const inBytes: Reply = async (response) => {
      for (const byte of bytes) response.write(Buffer.of(byte))
      response.end()
    }
    server.answers([get, inBytes])
    expect((await getCustomer(clientOf(server.url), 'cus_1')).firstname).toBe('Ọláwálé 👩‍💻')
  })

  test.each([
    ['five encodings', 'identity, identity, identity, identity, identity', plain, 'in more encodings than'],
    ['an encoding that was not requested', 'zstd', plain, 'an encoding that was not requested'],
    ['a compression that is damaged', 'gzip', plain, 'compression is damaged'],
    ['a compression that is cut', 'gzip', gzipSync(plain).subarray(0, 60), 'compression is damaged'],
  ])('not from %s', async (_what, encoding, body, found) => {
    const server = await startAnswering()
    server.answers([get, { headers: { 'content-encoding': encoding }, body }])
    const error = await apiError(getCustomer(clientOf(server.url), 'cus_1'))
    expect(error.code).toBe('api_error')
    expect(error.message).toContain(found)
  })
})

test.each([
  [1, '0.0009765625 KiB'],
  [64 * 2 ** 10, '64 KiB'],
  [2 ** 20 - 2 ** 10, '1023 KiB'],
  [2 ** 20, '1 MiB'],
  [10 * 2 ** 20, '10 MiB'],
])('a bound of %d bytes is told as %s', (bound, told) => {
  expect(tooLargeProblem(bound)).toBe(`an answer of more than ${told}`)
})

test.each([1, 2, 3, 4])('an answer that comes in %i pieces is read whole', async (count) => {
  const server = await startAnswering()
  const size = Math.ceil(plain.length / count)
  const inPieces: Reply = async (response) => {
    response.writeHead(200)
    for (let start = 0; start < plain.length; start += size) {
      // Each piece is on its way before the next one is written.
      await new Promise<void>((resolve) => {
        response.write(plain.subarray(start, start + size), () => setTimeout(resolve, 5))
      })
    }
    response.end()
  }
  server.answers([get, inPieces])
  expect(await getCustomer(clientOf(server.url), 'cus_1')).toEqual(melvin)
})

describe('an answer of 10 MiB', () => {
  test('is read', async () => {
    const server = await startAnswering()
    server.answersAll({ body: answerOfSize(10 * mebi) })
    expect(await getCustomer(clientOf(server.url), 'cus_1')).toMatchObject({ id: 'cus_1' })
  })

  test('and one byte is not, and no more of it is asked for', async () => {
    const server = await startAnswering()
    server.answers([get, { body: answerOfSize(10 * mebi + 1) }])
    const error = await apiError(getCustomer(clientOf(server.url), 'cus_1'))
    expect(error.code).toBe('api_error')
    expect(error.message).toContain('an answer of more than 10 MiB')
    await until(() => server.closed === 1)
  })

  test('without end is left after 10 MiB', async () => {
    const server = await startAnswering()
    let written = 0
    const endless: Reply = (response) => {
      response.writeHead(200)
      const more = (): void => {
        if (response.destroyed || written > 100 * mebi) return
        written += mebi
        if (response.write(Buffer.alloc(mebi, 'x'))) setImmediate(more)
        else response.once('drain', more)
      }
      more()
    }
    server.answers([get, endless])
    expect((await apiError(getCustomer(clientOf(server.url), 'cus_1'))).message).toContain('more than 10 MiB')
    await until(() => server.closed === 1)
    expect(written).toBeLessThan(50 * mebi)
  })

  test.each([
    ['gzip', gzipSync],
    ['br', quickBrotli],
    ['deflate', deflateSync],
  ] as const)(
    'counts as it is decoded: a small one in %s that is 32 MiB is not',
    async (encoding, compress) => {
      const server = await startAnswering()
      const bomb = compress(Buffer.alloc(32 * mebi, ' '))
      expect(bomb.length).toBeLessThan(mebi)
      server.answers([get, { headers: { 'content-encoding': encoding }, body: bomb }])
      const error = await apiError(getCustomer(clientOf(server.url), 'cus_1'))
      expect(error.message).toContain('an answer of more than 10 MiB')
    },
  )

  test('and more to a create leaves open whether it was created', async () => {
    const server = await startAnswering()
    server.answers(['POST /customers/create', { status: 201, body: answerOfSize(11 * mebi) }])
    expect(await apiError(createCustomer(clientOf(server.url), input))).toMatchObject({
      code: 'ambiguous',
      status: 201,
    })
  })
})

describe('the text of an error', () => {
  test('is read up to 64 KiB and quoted up to 200 characters; its status holds all the same', async () => {
    const server = await startAnswering()
    server.answers(['POST /customers/create', { status: 400, body: refusal('y'.repeat(5 * mebi)) }])
    const error = await apiError(createCustomer(clientOf(server.url), input))
    expect(error).toMatchObject({ code: 'api_error', status: 400, unanswered: false })
    expect(error.message).toContain('yyy…')
    expect(error.message.length).toBeLessThan(300)
    await until(() => server.closed === 1)
  })

  test('of 64 KiB is read to its end, and one byte more is not', async () => {
    const server = await startAnswering()
    const ofSize = (bytes: number): string => {
      const text = (pad: string) => JSON.stringify({ success: false, pad, message: 'said at the end' })
      return text('x'.repeat(bytes - text('').length))
    }
    for (const bytes of [64 * 2 ** 10, 64 * 2 ** 10 + 1]) {
      const headers = { 'content-length': String(bytes) }
      server.answers([get, { status: 400, headers, body: ofSize(bytes) }])
    }
    const client = clientOf(server.url)
    const { message } = await apiError(getCustomer(client, 'cus_1'))
    expect(message).toContain('the API answered 400: said at the end')
    const longer = await apiError(getCustomer(client, 'cus_1'))
    expect(longer).toMatchObject({ code: 'api_error', status: 400 })
    expect(longer.message).not.toContain('said at the end')
  })

  test('may be compressed, and damaged', async () => {
    const server = await startAnswering()
    const headers = { 'content-encoding': 'gzip' }
    server.answers([get, { status: 400, headers, body: gzipSync(JSON.stringify(refusal('bad id'))) }])
    server.answers([get, { status: 409, headers, body: 'not gzip' }])
    const client = clientOf(server.url)
    expect((await apiError(getCustomer(client, 'cus_1'))).message).toContain('the API answered 400: bad id')
    expect(await apiError(getCustomer(client, 'cus_1'))).toMatchObject({ code: 'api_error', status: 409 })
  })

  test('of a page in HTML is quoted on one line', async () => {
    const server = await startAnswering()
    const body = `<html>\n<title>502 Bad Gateway</title>\n${'<p>'.repeat(200)}`
    server.answers([get, { status: 502, headers: { 'content-type': 'text/html' }, body }])
    const { message } = await apiError(getCustomer(clientOf(server.url, { retries: 0 }), 'cus_1'))
    expect(message).toContain('the API answered 502: <html>\\x0a<title>502 Bad Gateway</title>')
    expect(message.split('\n').length).toBe(1)
    expect(message.length).toBeLessThan(300)
  })
})
