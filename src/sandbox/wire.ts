import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type Answer, failure } from './answers.ts'
import type { Quota } from './rate-limit.ts'

/** The largest body that is read; bytes. A larger one is a 400, since the API documents no 413. */
export const largestBody = 64 * 1024

/** The whole body, or undefined when it is too large or did not arrive whole. */
export function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    let length = 0
    request.on('data', (piece: Buffer) => {
      length += piece.length
      if (length <= largestBody) pieces.push(piece)
      else resolve(undefined)
    })
    request.on('end', () => resolve(length > largestBody ? undefined : Buffer.concat(pieces, length)))
    request.on('close', () => resolve(undefined))
    request.on('error', () => resolve(undefined))
  })
}

/** Writes answers; `Date` is by the clock handed in (epoch ms), as are the rate limit's times. */
export function createWriter(
  now: () => number,
): (response: ServerResponse, answer: Answer, quota: Quota) => void {
  let second = Number.NaN
  let date = ''

  function dateHeader(): string {
    const time = Math.floor(now() / 1000)
    if (time !== second) {
      second = time
      date = new Date(time * 1000).toUTCString()
    }
    return date
  }

  return (response, { status, body }, quota) => {
    const headers: Record<string, string | number> = {
      Date: dateHeader(),
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
      'X-RateLimit-Limit': quota.limit,
      'X-RateLimit-Remaining': quota.remaining,
      'X-RateLimit-Reset': quota.reset,
    }
    if (status === 429) headers['Retry-After'] = quota.retryAfter
    response.writeHead(status, headers)
    response.end(body)
  }
}

/** Answers what Node could not read as a request, such as headers of more than 16 KiB. */
export function refuse(socket: Duplex): void {
  const { status, body } = failure(400, 'The request could not be read')
  if (!socket.writable) return
  socket.end(
    `HTTP/1.1 ${status} Bad Request\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
