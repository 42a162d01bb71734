import { createHash } from 'node:crypto'

/** The two worlds of an Orafi account; a key belongs to one of them (docs/orafi-api.md#base-url-and-keys). */
export type Mode = 'test' | 'live'

/** The most characters a key may have here: far above any real one, and a header that every server takes. */
const longestKey = 512

/** `ora_test_` or `ora_live_`, then printable ASCII: what a header can carry and a person can paste. */
const keyForm = /^ora_(test|live)_[\x21-\x7e]+$/

/**
 * The mode a key belongs to, by its prefix, or undefined for text that is no Orafi key: at least 32 characters, no
 * white space, no control characters (docs/orafi-api.md#base-url-and-keys).
 */
export function keyMode(key: string): Mode | undefined {
  if (key.length < 32 || key.length > longestKey) return undefined
  const mode = keyForm.exec(key)?.[1]
  return mode === 'test' || mode === 'live' ? mode : undefined
}

/** A key as it may be shown: `ora_test_…last4`. Text that is no key shows nothing of itself. */
export function maskKey(key: string): string {
  const mode = keyMode(key)
  return mode === undefined ? '(not a key)' : `ora_${mode}_…${key.slice(-4)}`
}

/** Sixteen hex digits of the key's SHA-256: tells two keys apart without giving either away. */
export function keyHash(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16)
}
