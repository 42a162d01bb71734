import type { Dispatcher } from 'undici'
import type { IncomingHttpHeaders } from 'undici/types/header.js'
import { adviceOn, describeCause, isPermanent } from './causes.ts'
import { decode, tooLargeProblem } from './decode.ts'
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
  /** `problem` in words, for the message; `advice` for the hint, where there is more to say than usual. */
  | (Exclude<Failure, { kind: 'status' }> & {
      readonly problem: string
      readonly advice?: string | undefined
    })

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
    const settle = (outcome: Outcome) => {
      if (leave()) resolve(outcome)
    }
    const interrupt = (reason: unknown) => {
      if (leave()) reject(reason)
      socket?.abort(ended)
    }
    const interruptOne = () => interrupt(signal?.reason)
    const body = (): Buffer => (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))
    const answered = (problem?: string) => {
      const decoded = decode(body(), String(headers['content-encoding'] ?? ''), bound)
      settle({ kind: 'answer', status, headers, text: decoded.text, problem: problem ?? decoded.problem })
    }
    /** What is known when no whole answer came. A status that is no success is sure without its body. */
    const failed = (problem: string, permanent: boolean, advice?: string) => {
      if (status >= 300) answered(problem)
      else if (socket === undefined) settle({ kind: 'unreached', permanent, problem, advice })
      else settle({ kind: 'lost', problem })
    }
    const tooLarge = (controller: Dispatcher.DispatchController) => {
      answered(tooLargeProblem(bound))
      controller.abort(ended)
    }

    const stop = timer(timeoutMs, () => {
      const what = status === 0 ? 'no answer' : 'no whole answer'
      failed(`${socket === undefined ? 'no connection' : what} within ${timeoutMs / 1000} s`, false)
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
        } else failed(describeCause(error), isPermanent(error), adviceOn(error))
      },
    })
  })
}

/** undici was called wrongly: a bug of ours, not the network's, whose errors all have a code of their own. */
function isMistake(error: Error): boolean {
  if (!('code' in error)) return error instanceof TypeError
  return error.code === 'UND_ERR_INVALID_ARG' || error.code === 'UND_ERR_NOT_SUPPORTED'
}
