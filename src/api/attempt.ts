import { isUtf8 } from 'node:buffer'
import type { Dispatcher } from 'undici'
import type { IncomingHttpHeaders } from 'undici/types/header.js'
import { ConnectError, connectErrorOf, type Obstacle } from './errors.ts'
import type { Wire } from './wire.ts'

/** How an attempt failed. */
export type Failure =
  /** Nothing of the request was written. Permanent: another attempt would fail in the same way (a bad certificate). */
  | { readonly kind: 'unreached'; readonly permanent: boolean }
  /** Some of the request may have been written, and no complete answer came. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'status'; readonly status: number }

/** The outcome of one attempt. */
export type Outcome =
  /** A complete answer. With `problem` (in words), only the status can be relied on. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers: IncomingHttpHeaders
      readonly text: string
      readonly problem?: string | undefined
    }
  /** `problem` in words, for the message. */
  | (Extract<Failure, { kind: 'unreached' }> & { readonly problem: string; readonly obstacle: Obstacle })
  | (Extract<Failure, { kind: 'lost' }> & { readonly problem: string })

export interface AttemptOptions {
  readonly wire: Pick<Wire, 'dispatch'>
  readonly request: Dispatcher.DispatchOptions
  /** The timeout of the attempt, headers and body together (ms). */
  readonly timeoutMs: number
  /** Calls `expire` after `ms`; the returned function cancels it. */
  readonly timer: (ms: number, expire: () => void) => () => void
  /** One function per attempt in flight, which aborts it: the attempt rejects with the reason. */
  readonly running: Set<(reason: unknown) => void>
  /** Aborts this attempt only. */
  readonly signal?: AbortSignal | undefined
}

/** The size limits of a success body and of an error body (bytes; docs/contract.md#answers). */
export const largestAnswer = 10 * 2 ** 20
const largestError = 64 * 2 ** 10

/** Passed to undici to abort a finished attempt. Created once, since every new error captures a stack. */
const ended = new Error('the attempt has ended')

/**
 * Sends a request once and reads its answer. It is written to a socket at most once: undici calls `onRequestStart` just
 * before it writes the first byte, so a request that fails earlier never reached the server.
 *
 * Rejects only with the reason of an interruption, or with a programming error.
 */
export function attempt(options: AttemptOptions): Promise<Outcome> {
  const { wire, request, timeoutMs, timer, running, signal } = options
  return new Promise((resolve, reject) => {
    let socket: Dispatcher.DispatchController | undefined
    let status = 0
    let headers: IncomingHttpHeaders = {}
    let bound = largestAnswer
    let chunks: Buffer[] = []
    let size = 0
    let finished = false

    const finish = (): boolean => {
      if (finished) return false
      finished = true
      running.delete(interrupt)
      signal?.removeEventListener('abort', onAbort)
      stop()
      return true
    }
    const settle = (outcome: Outcome | Promise<Outcome>) => {
      if (finish()) resolve(outcome)
    }
    const interrupt = (reason: unknown) => {
      if (finish()) reject(reason)
      socket?.abort(ended)
    }
    const onAbort = () => interrupt(signal?.reason)
    const body = (): Buffer => (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))
    const answered = (problem?: string) => {
      const encoding = String(headers['content-encoding'] ?? '')
      const read = ({ text, problem: found }: Decoded): Outcome => {
        return { kind: 'answer', status, headers, text, problem: problem ?? found }
      }
      settle(encoding === '' ? read(textOf(body())) : decode(body(), encoding, bound).then(read))
    }
    /** Settles without a complete answer. An error status can be relied on without its body. */
    const failed = ({ message: problem, permanent, obstacle }: ConnectError) => {
      if (status >= 300) answered(problem)
      else if (socket === undefined) settle({ kind: 'unreached', permanent, problem, obstacle })
      else settle({ kind: 'lost', problem })
    }
    const tooLarge = (controller: Dispatcher.DispatchController) => {
      answered(tooLargeProblem(bound))
      controller.abort(ended)
    }

    const stop = timer(timeoutMs, () => {
      const what = status === 0 ? 'no answer' : 'an incomplete answer'
      const problem = `${socket === undefined ? 'no connection' : what} within ${timeoutMs / 1000} s`
      failed(new ConnectError(problem))
      socket?.abort(ended)
    })
    running.add(interrupt)
    signal?.addEventListener('abort', onAbort, { once: true })
    wire.dispatch(request, {
      onRequestStart(controller) {
        // Aborted before it was sent, or about to be sent a second time: nothing is written.
        if (finished || socket !== undefined) controller.abort(ended)
        else socket = controller
      },
      onResponseStart(controller, statusCode, received) {
        if (statusCode < 200) return
        status = statusCode
        headers = received
        if (statusCode >= 300) bound = largestError
        if (Number(received['content-length']) > bound) tooLarge(controller)
      },
      onResponseData(controller, chunk) {
        if (finished) return
        size += chunk.length
        chunks.push(chunk)
        if (size > bound) tooLarge(controller)
      },
      onResponseEnd() {
        answered()
        chunks = []
      },
      onResponseError(_controller, error) {
        if (finished) return
        if (isProgrammingError(error)) {
          finish()
          reject(error)
        } else failed(connectErrorOf(error))
      },
    })
  })
}

/** Whether undici was called with invalid arguments. Network errors all have other codes. */
function isProgrammingError(error: Error): boolean {
  if (!('code' in error)) return error instanceof TypeError
  return error.code === 'UND_ERR_INVALID_ARG' || error.code === 'UND_ERR_NOT_SUPPORTED'
}

/** Real servers use one or two; decoding thousands would take minutes. */
const mostEncodings = 4

/** A body as text, or what is wrong with it. */
interface Decoded {
  readonly text: string
  readonly problem?: string | undefined
}

/**
 * Decodes `Content-Encoding` and UTF-8. Gives at most `bound` bytes, so that a
 * small compressed body cannot fill the memory.
 * @param encoding the header's value; several, joined by commas, were applied in that order
 * @param bound of the decoded body (bytes)
 */
async function decode(bytes: Buffer, encoding: string, bound: number): Promise<Decoded> {
  // Loaded for compressed answers only, which keeps the start fast.
  const zlib = await import('node:zlib')
  let plain = bytes
  const names = encoding.toLowerCase().split(',', mostEncodings + 1)
  if (names.length > mostEncodings) return { text: '', problem: 'an answer in more encodings than requested' }
  for (const name of names.reverse()) {
    const result = decompress(zlib, plain, name.trim(), bound)
    if (typeof result === 'string') return { text: '', problem: result }
    plain = result
  }
  return textOf(plain)
}

/** Decodes one encoding, or says what is wrong. Synchronous: `bound` bytes take less time than parsing their JSON. */
function decompress(
  zlib: typeof import('node:zlib'),
  bytes: Buffer,
  name: string,
  bound: number,
): Buffer | string {
  if (name === '' || name === 'identity' || bytes.length === 0) return bytes
  const options = { maxOutputLength: bound }
  try {
    if (name === 'gzip' || name === 'x-gzip') return zlib.gunzipSync(bytes, options)
    if (name === 'br') return zlib.brotliDecompressSync(bytes, options)
    if (name !== 'deflate') return 'an answer in an encoding that was not requested'
    // Servers use two formats for it; a zlib stream has 8 in the low half of its first byte.
    const isStream = ((bytes[0] ?? 0) & 0x0f) === 8
    return isStream ? zlib.inflateSync(bytes, options) : zlib.inflateRawSync(bytes, options)
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    return tooLarge ? tooLargeProblem(bound) : 'an answer whose compression is damaged'
  }
}

function textOf(plain: Buffer): Decoded {
  const text = plain.toString('utf8')
  const withoutMark = text.startsWith('\ufeff') ? text.slice(1) : text
  return isUtf8(plain) ? { text: withoutMark } : { text: withoutMark, problem: 'an answer that is not UTF-8' }
}

/** @param bound in bytes */
export function tooLargeProblem(bound: number): string {
  return `an answer of more than ${bound >= 2 ** 20 ? `${bound / 2 ** 20} MiB` : `${bound / 2 ** 10} KiB`}`
}
