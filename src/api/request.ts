import type { Dispatcher } from 'undici'
import type { Call } from './call.ts'
import { acceptedEncodings } from './decode.ts'

/** What every request of a client carries. */
export interface Sender {
  readonly baseUrl: string
  readonly key: string
  readonly userAgent: string
}

/**
 * Gives the function that makes a call into what goes on the wire. What all
 * calls share is made once (API facts, "Transport and authentication").
 */
export function createPreparer({
  baseUrl,
  key,
  userAgent,
}: Sender): (call: Call) => Dispatcher.DispatchOptions {
  const { origin, pathname } = new URL(baseUrl)
  const prefix = pathname.replace(/\/+$/, '')
  const headers = ['x-api-key', key, 'user-agent', userAgent]
  headers.push('accept', 'application/json', 'accept-encoding', acceptedEncodings)
  const headersWithBody = [...headers, 'content-type', 'application/json']
  return ({ method, path, query, body }) => {
    const search = new URLSearchParams(query).toString()
    const whole = `${prefix}${path}${search === '' ? '' : `?${search}`}`
    if (body === undefined) return { origin, method, path: whole, headers }
    return { origin, method, path: whole, headers: headersWithBody, body: JSON.stringify(body) }
  }
}
