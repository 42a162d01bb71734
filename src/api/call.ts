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
  /** What it does, for those who wait: `deleting cus_1`. */
  readonly doing?: string | undefined
  /** The resource, as messages name it: `customer cus_1`. A 404 then means that it does not exist. */
  readonly item?: string | undefined
  /** The e-mail of the customer to create, which the user can look up if the create gets no answer. */
  readonly email?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Never retried, and not counted against the rate limit: for optional information. */
  readonly once?: boolean | undefined
}

/** A complete, decoded 2xx answer. */
export interface Answer {
  readonly call: Call
  readonly status: number
  readonly text: string
  /** Whether an earlier attempt may have reached the server without a definite answer. */
  readonly unanswered: boolean
}

/** Method and path, for messages; without the query, which may be long. */
export function asked({ method, path }: Call): string {
  return `${method} ${quote(`/${path.join('/')}`)}`
}

/** The value of `Accept-Encoding`; attempt.ts decodes these. */
const acceptedEncodings = 'gzip, br, deflate'

/** What every request of a client carries. */
export interface Sender {
  readonly baseUrl: string
  readonly key: string
  readonly userAgent: string
}

/**
 * Returns a function that turns a call into an undici request (docs/orafi-api.md#base-url-and-keys).
 * @throws ApiError `auth` for a key that cannot be sent in a header; the returned function throws `api_error` for text
 * that cannot be sent in a URL
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

/** Commands reject such ids, but a server may send one, and it would change the path. */
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
 * Whether an envelope reports success or an error, by its `success` (true, false), its `status` ("Success", "Error")
 * or both. Undefined if it has neither, or other values (docs/orafi-api.md#envelope).
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

/** As `claimOf`, for a whole body. */
export function claimIn(body: string): ReturnType<typeof claimOf> {
  try {
    return claimOf(parseExact(body))
  } catch {
    return undefined
  }
}
