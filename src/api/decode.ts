import { isUtf8 } from 'node:buffer'
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'

/** What `Accept-Encoding` offers. */
export const acceptedEncodings = 'gzip, br, deflate'

/** An honest answer has one or two; undoing thousands of them would take minutes. */
const mostEncodings = 4

/** A body that was read, as text; or what is wrong with it. */
export interface Decoded {
  readonly text: string
  readonly problem?: string | undefined
}

/**
 * Undoes `Content-Encoding` and UTF-8. No more than `bound` bytes come out of
 * it, however small the compressed body was.
 * @param encoding the header's value; several, joined by commas, were applied in that order
 * @param bound of the decoded body (bytes)
 */
export function decode(bytes: Buffer, encoding: string, bound: number): Decoded {
  let plain = bytes
  const names = encoding.toLowerCase().split(',', mostEncodings + 1)
  if (names.length > mostEncodings)
    return { text: '', problem: 'an answer in more encodings than were asked for' }
  for (const name of names.reverse()) {
    const result = undo(plain, name.trim(), bound)
    if (typeof result === 'string') return { text: '', problem: result }
    plain = result
  }
  const text = plain.toString('utf8')
  const withoutMark = text.startsWith('\ufeff') ? text.slice(1) : text
  return isUtf8(plain) ? { text: withoutMark } : { text: withoutMark, problem: 'an answer that is not UTF-8' }
}

/** One encoding undone, or what is wrong. Synchronously: at most `bound` bytes, far less work than reading them as JSON. */
function undo(bytes: Buffer, name: string, bound: number): Buffer | string {
  if (name === '' || name === 'identity' || bytes.length === 0) return bytes
  const decoder = decoders.get(name)
  if (decoder === undefined) return 'an answer in an encoding that was not asked for'
  try {
    return decoder(bytes, { maxOutputLength: bound })
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    return tooLarge ? tooLargeProblem(bound) : 'an answer whose compression is damaged'
  }
}

/** Functions, so that Node's zlib is loaded for an answer that is compressed, and not to start. */
const decoders: ReadonlyMap<string, (bytes: Buffer, options: { maxOutputLength: number }) => Buffer> =
  new Map([
    ['gzip', (bytes, options) => gunzipSync(bytes, options)],
    ['x-gzip', (bytes, options) => gunzipSync(bytes, options)],
    ['br', (bytes, options) => brotliDecompressSync(bytes, options)],
    // Servers mean either of two formats by it; a zlib stream begins with 8 in the low half of its first byte.
    [
      'deflate',
      (bytes, options) =>
        ((bytes[0] ?? 0) & 0x0f) === 8 ? inflateSync(bytes, options) : inflateRawSync(bytes, options),
    ],
  ])

/** @param bound in bytes */
export function tooLargeProblem(bound: number): string {
  return `an answer of more than ${bound >= 2 ** 20 ? `${bound / 2 ** 20} MiB` : `${bound / 2 ** 10} KiB`}`
}
