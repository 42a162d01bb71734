import type { Dispatcher } from 'undici'
import { parseExact } from '../exact.ts'
import { ApiError, quote } from './errors.ts'

/** One request to the API, as the calls of customers.ts make it. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** The parts of the path from the root of the API, not encoded: `['customers', 'cus_1']`. */
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, string>> | undefined
  /** Sent as JSON. */
  readonly body?: unknown
  /** What the path names, as the user knows it: `customer cus_1`. A 404 then means that it does not exist. */
  readonly item?: string | undefined
  /** Of the customer to create: by it one finds out whether a create without an answer was carried out. */
  readonly email?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Not tried again, whatever happens: for an answer that can be done without. */
  readonly once?: boolean | undefined
}

/** A 2xx answer, read whole and decoded. */
export interface Answer {
  readonly call: Call
  readonly status: number
  readonly text: string
  /** An earlier attempt may have reached the server without a definite answer. */
  readonly unanswered: boolean
}

/** What was asked, for messages. The query is left out: it may be long and says little. */
export function asked({ method, path }: Call): string {
  return `${method} ${quote(`/${path.join('/')}`)}`
}

/** What `Accept-Encoding` offers, and attempt.ts decodes. */
const acceptedEncodings = 'gzip, br, deflate'

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

/**
 * What the envelope of an answer says of its request, in one of the two documented spellings or in both: `success`
 * (true, false) and `status` ("Success", "Error"). Undefined where it says neither, or something that cannot be read
 * (docs/orafi-api.md#envelope).
 */
export function claimOf(envelope: unknown): 'success' | 'error' | 'contradiction' | undefined {
  if (typeof envelope !== 'object' || envelope === null) return undefined
  const success = 'success' in envelope ? (envelope.success ?? undefined) : undefined
  const status = 'status' in envelope && typeof envelope.status === 'string' ? envelope.status : ''
  if (success !== undefined && typeof success !== 'boolean') return undefined
  const isSuccess = success === true || /^success$/i.test(status)
  const isError = success === false || /^error$/i.test(status)
  if (isSuccess && isError) return 'contradiction'
  if (isSuccess) return 'success'
  return isError ? 'error' : undefined
}

/** The same of a whole body. */
export function claimIn(body: string): ReturnType<typeof claimOf> {
  try {
    return claimOf(parseExact(body))
  } catch {
    return undefined
  }
}
