import { isUtf8 } from 'node:buffer'
import type { Dispatcher } from 'undici'
import type { IncomingHttpHeaders } from 'undici/types/header.js'
import { ConnectError, connectErrorOf, type Obstacle } from './errors.ts'
import type { Failure } from './retry.ts'
import type { Wire } from './wire.ts'

/** What became of one attempt. */
export type Outcome =
  /** A whole answer; or the status alone is sure, and `problem` says what is wrong with the rest. */
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
  /** The limit of an attempt, headers and body together (ms). */
  readonly timeoutMs: number
  /** Calls `expire` after `ms`, unless the function it gives is called first. */
  readonly timer: (ms: number, expire: () => void) => () => void
  /** Holds a function for each attempt that is under way: calling it leaves the attempt, which rejects with the reason. */
  readonly running: Set<(reason: unknown) => void>
  /** Leaves this attempt alone. */
  readonly signal?: AbortSignal | undefined
}

/** The most that is read of an answer, and of an error's (bytes; docs/contract.md#answers). */
export const largestAnswer = 10 * 2 ** 20
const largestError = 64 * 2 ** 10

/** Given to the socket of an attempt that is over: made once, since making an error captures a stack. */
const ended = new Error('the attempt has ended')

/**
 * Sends a request once and reads its answer. It is written to a socket at most
 * once: undici calls `onRequestStart` just before it writes the first byte, so
 * whatever fails earlier certainly never reached the server.
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
    let over = false

    const leave = (): boolean => {
      if (over) return false
      over = true
      running.delete(interrupt)
      signal?.removeEventListener('abort', interruptOne)
      stop()
      return true
    }
    const settle = (outcome: Outcome | Promise<Outcome>) => {
      if (leave()) resolve(outcome)
    }
    const interrupt = (reason: unknown) => {
      if (leave()) reject(reason)
      socket?.abort(ended)
    }
    const interruptOne = () => interrupt(signal?.reason)
    const body = (): Buffer => (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))
    const answered = (problem?: string) => {
      const encoding = String(headers['content-encoding'] ?? '')
      const read = ({ text, problem: found }: Decoded): Outcome => {
        return { kind: 'answer', status, headers, text, problem: problem ?? found }
      }
      settle(encoding === '' ? read(textOf(body())) : decode(body(), encoding, bound).then(read))
    }
    /** What is known when no whole answer came. A status that is no success is sure without its body. */
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
      const what = status === 0 ? 'no answer' : 'no whole answer'
      const problem = `${socket === undefined ? 'no connection' : what} within ${timeoutMs / 1000} s`
      failed(new ConnectError(problem))
      socket?.abort(ended)
    })
    running.add(interrupt)
    signal?.addEventListener('abort', interruptOne, { once: true })
    wire.dispatch(request, {
      onRequestStart(controller) {
        // Left before it was sent, or about to be sent a second time: not a byte is written.
        if (over || socket !== undefined) controller.abort(ended)
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
        if (over) return
        size += chunk.length
        chunks.push(chunk)
        if (size > bound) tooLarge(controller)
      },
      onResponseEnd() {
        answered()
        chunks = []
      },
      onResponseError(_controller, error) {
        if (over) return
        if (isMistake(error)) {
          leave()
          reject(error)
        } else failed(connectErrorOf(error))
      },
    })
  })
}

/** undici was called wrongly: a bug of ours, not the network's, whose errors all have a code of their own. */
function isMistake(error: Error): boolean {
  if (!('code' in error)) return error instanceof TypeError
  return error.code === 'UND_ERR_INVALID_ARG' || error.code === 'UND_ERR_NOT_SUPPORTED'
}

/** An honest answer has one or two; undoing thousands of them would take minutes. */
const mostEncodings = 4

/** A body that was read, as text; or what is wrong with it. */
interface Decoded {
  readonly text: string
  readonly problem?: string | undefined
}

/**
 * Undoes `Content-Encoding` and UTF-8. No more than `bound` bytes come out of
 * it, however small the compressed body was.
 * @param encoding the header's value; several, joined by commas, were applied in that order
 * @param bound of the decoded body (bytes)
 */
async function decode(bytes: Buffer, encoding: string, bound: number): Promise<Decoded> {
  // Loaded for an answer that is compressed, and not to start.
  const zlib = await import('node:zlib')
  let plain = bytes
  const names = encoding.toLowerCase().split(',', mostEncodings + 1)
  if (names.length > mostEncodings)
    return { text: '', problem: 'an answer in more encodings than were asked for' }
  for (const name of names.reverse()) {
    const result = undo(zlib, plain, name.trim(), bound)
    if (typeof result === 'string') return { text: '', problem: result }
    plain = result
  }
  return textOf(plain)
}

/** One encoding undone, or what is wrong. Synchronously: at most `bound` bytes, far less work than reading them as JSON. */
function undo(zlib: typeof import('node:zlib'), bytes: Buffer, name: string, bound: number): Buffer | string {
  if (name === '' || name === 'identity' || bytes.length === 0) return bytes
  const options = { maxOutputLength: bound }
  try {
    if (name === 'gzip' || name === 'x-gzip') return zlib.gunzipSync(bytes, options)
    if (name === 'br') return zlib.brotliDecompressSync(bytes, options)
    if (name !== 'deflate') return 'an answer in an encoding that was not asked for'
    // Servers mean either of two formats by it; a zlib stream begins with 8 in the low half of its first byte.
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
