import type { Client } from './client.ts'
import { readEnvelope } from './envelope.ts'

/** Longer than any name of a business (UTF-16 units). */
const longestName = 200

/** What `GET /profile` says of the business that a key belongs to. */
export interface Business {
  /** Untrusted text. */
  readonly businessName: string
  /** Null where the answer does not say. */
  readonly onboarded: boolean | null
  readonly isLive: boolean | null
}

/**
 * `GET /profile` (docs/orafi-api.md#profile): the business by name, undefined where the answer has no name in it.
 * @throws ApiError as every request does; whoever asks lives without the answer
 */
export function getBusiness(
  client: Client,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Business | undefined> {
  return client.request({ method: 'GET', path: ['profile'], signal, once: true }, (answer) => {
    const business = at(at(at(readEnvelope(answer), 'data'), 'profile'), 'businessProfile')
    const name = at(business, 'businessName')
    if (typeof name !== 'string' || name.trim() === '') return undefined
    const flag = (field: string): boolean | null => {
      const value = at(business, field)
      return typeof value === 'boolean' ? value : null
    }
    return {
      businessName: name.trim().slice(0, longestName),
      onboarded: flag('onboarded'),
      isLive: flag('isLive'),
    }
  })
}

function at(value: unknown, name: string): unknown {
  const isObject = typeof value === 'object' && value !== null
  return isObject ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}
