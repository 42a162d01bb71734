import type { Dispatcher } from 'undici'
import type { Call } from './call.ts'
import { acceptedEncodings } from './decode.ts'
import { ApiError, quote } from './errors.ts'

/** What every request of a client carries. */
export interface Sender {
  readonly baseUrl: string
  readonly key: string
  readonly userAgent: string
}

/**
 * Gives the function that makes a call into what goes on the wire. What all calls share is made once
 * (docs/orafi-api.md#base-url-and-keys).
 * @throws ApiError `auth` for a key that no header can hold; the function: `api_error` for text that no URL can hold
 */
export function createPreparer({
  baseUrl,
  key,
  userAgent,
}: Sender): (call: Call) => Dispatcher.DispatchOptions {
  const { origin, pathname } = new URL(baseUrl)
  const prefix = pathname.replace(/\/+$/, '')
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new ApiError('auth', 'the key holds a character that no request can carry')
  const headers = ['x-api-key', key, 'user-agent', userAgent]
  headers.push('accept', 'application/json', 'accept-encoding', acceptedEncodings)
  const headersWithBody = [...headers, 'content-type', 'application/json']
  return ({ method, path, query, body }) => {
    const search = Object.entries(query ?? {}).map(([name, value]) => `${name}=${encode(value)}`)
    const whole = `${prefix}/${path.map(encodePart).join('/')}${search.length > 0 ? '?' : ''}${search.join('&')}`
    if (body === undefined) return { origin, method, path: whole, headers }
    return { origin, method, path: whole, headers: headersWithBody, body: JSON.stringify(body) }
  }
}

/** Commands refuse such ids first, but servers send them too, and they would name another path. */
function encodePart(part: string): string {
  if (part === '' || part === '.' || part === '..')
    throw new ApiError('api_error', `"${part}" cannot be the id of a customer`)
  return encode(part)
}

function encode(text: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    throw new ApiError('api_error', `"${quote(text)}" cannot be sent: it holds half a character`)
  }
}
