import { parseExact } from '../exact.ts'

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
