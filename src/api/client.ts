import { setMaxListeners } from 'node:events'
import type { Dispatcher } from 'undici'
import { attempt, type Outcome } from './attempt.ts'
import type { Answer, Call } from './call.ts'
import { claimIn, createPreparer } from './call.ts'
import { ApiError } from './errors.ts'
import { explain, interrupted, refusedReadOnly, unexpected, usedUp, wrongPlace } from './failures.ts'
import { createMask } from './mask.ts'
import { createPace } from './pace.ts'
import type { RateLimit } from './rate-limit.ts'
import { delay, type Failure, reasonToRetry } from './retry.ts'
import { openWire } from './wire.ts'

/** What the client does, for traces and progress. */
export interface ClientEvent {
  readonly type: 'request' | 'answer' | 'retry' | 'wait'
  readonly method: string
  /** With its query. */
  readonly path: string
  /** 1 for the first. */
  readonly attempt: number
  readonly status?: number | undefined
  /** How long the answer took. */
  readonly ms?: number | undefined
  /** How long will be waited. */
  readonly delayMs?: number | undefined
  readonly reason?: string | undefined
}

export interface ClientOptions {
  /** Checked elsewhere: https or loopback. */
  readonly baseUrl: string
  readonly key: string
  /** The key as messages and events may show it. */
  readonly shownKey: string
  readonly userAgent: string
  /** No POST and no DELETE leaves. */
  readonly readOnly: boolean
  /** One attempt of one request: headers and body (ms). */
  readonly timeoutMs: number
  /** How often a request may be tried again. */
  readonly retries: number
  /** The longest single wait that a rate limit may cost (ms); Infinity for none. */
  readonly maxWaitMs: number
  /** What to try where the API is not found at the base URL: a fact of the error then. */
  readonly elsewhere?: string | undefined
  /** Sockets at most, default 8. More requests than that at once wait for one, on their own time. */
  readonly connections?: number | undefined
  /** HTTP_PROXY, HTTPS_PROXY and NO_PROXY are read from it, in both cases. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Every request and every wait ends with its reason. */
  readonly signal: AbortSignal
  /** A POST or DELETE that has left is finished when the signal aborts, since its outcome would be unknown. */
  readonly finishing?: boolean | undefined
  /** Epoch ms. */
  now(): number
  /** In [0, 1). */
  random(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls `expire` after `ms`, unless the function it gives is called first: the limit of an attempt. */
  timer(ms: number, expire: () => void): () => void
  onEvent?: ((event: ClientEvent) => void) | undefined
  /** Resolves on the next turn of the event loop. */
  pause(): Promise<void>
}

export interface Client {
  /**
   * Sends the call, again where that is safe and sensible, and gives what `read` makes of its 2xx answer.
   * @throws ApiError, also that of `read`, without the key; the reason of a signal, untouched, when it is aborted and
   * nothing is unknown: a change of which an earlier attempt got no answer is `ambiguous` then
   */
  request<Result>(call: Call, read: (answer: Answer) => Result): Promise<Result>
  rateLimit(): RateLimit
  /** Hides the key in a text, for what others say beside the client's own errors and events. */
  mask(text: string): string
  /** Resolves when a request that was just made has left, so that what its maker does next overlaps with it. */
  leaving(): Promise<void>
  /** Nothing is under way and nothing was lost: what is open are idle sockets, which keep no process. */
  idle(): boolean
  /** Drops every socket at once, so that nothing keeps the process. */
  close(): Promise<void>
}

/** undici lets so many turns of the event loop pass before it uses a socket again. */
const turnsToLeave = 2

/** The longest time a Node timer can wait (ms): a rate limit beyond it (24 days) is not waited for. */
const longestWait = 2 ** 31 - 1

/**
 * A client of one API with one key. Connects when the first request is sent (docs/contract.md#requests,
 * docs/orafi-api.md#base-url-and-keys).
 * @throws ApiError `usage` when a proxy variable holds no URL
 */
export function openClient(options: ClientOptions): Client {
  const { signal, now, random, sleep, timer, pause, timeoutMs, retries, env, onEvent } = options
  const { elsewhere } = options
  const { origin } = new URL(options.baseUrl)
  const wire = openWire({ origin, connections: options.connections ?? 8, timeoutMs, timer, pause, env })
  const running = new Set<(reason: unknown) => void>()
  const pace = createPace({ signal, now, sleep })
  const prepare = createPreparer(options)
  const maxWaitMs = Math.min(options.maxWaitMs, longestWait)
  /** Servers quote keys, and people type them in the wrong place (docs/contract.md#keys-in-sight). */
  const mask = createMask(options.key, options.shownKey)

  // One listener, however many requests are under way; each wait has one more.
  setMaxListeners(0, signal)
  /** What is finished whatever happens is kept apart from what an interruption leaves. */
  const finished: typeof running = new Set()
  const among = ({ method }: Call) => (options.finishing && method !== 'GET' ? finished : running)
  const interrupt = () => {
    for (const leave of [...running]) leave(signal.reason)
    pace.wake()
  }
  signal.addEventListener('abort', interrupt, { once: true })
  /** A socket whose answer never came may still be connecting. */
  let allAnswered = true
  let underWay = 0

  /** One attempt, as soon as the rate limit lets it go. */
  async function once({ call, request, about, unanswered }: Try): Promise<Outcome> {
    const announce = (delayMs: number, until: number): void => {
      if (delayMs > maxWaitMs) throw usedUp(call, until, unanswered)
      onEvent?.({ type: 'wait', ...about, delayMs, reason: 'rate limit' })
    }
    // What can be done without neither waits nor makes others wait.
    if (!call.once) await pace.admit(call, announce)
    onEvent?.({ type: 'request', ...about })
    const start = now()
    let outcome: Outcome
    try {
      outcome = await attempt({
        wire,
        request,
        timeoutMs,
        timer,
        running: among(call),
        signal: call.signal,
      })
    } catch (error) {
      allAnswered = false
      if (!call.once) pace.interrupted()
      throw error
    }
    if (outcome.kind !== 'answer' || outcome.problem !== undefined) allAnswered = false
    const told = outcome.kind === 'answer' ? { status: outcome.status } : { reason: mask(outcome.problem) }
    onEvent?.({ type: 'answer', ...about, ...told, ms: Math.max(0, now() - start) })
    return outcome
  }

  /** A failed attempt: waits before the next one, or throws the error that the user sees. */
  async function again(made: Try, outcome: Outcome, failure: Failure, stated: number): Promise<void> {
    const { call, about, unanswered } = made
    const number = about.attempt
    const reason = reasonToRetry({ method: call.method, number, retries, failure })
    if (reason === undefined || call.once || stated > maxWaitMs) {
      const retryAt = stated > 0 ? now() + stated : undefined
      throw explain({ call, outcome, attempts: number, unanswered, retryAt, place: origin, elsewhere })
    }
    const delayMs = delay(number, random(), stated)
    onEvent?.({ type: 'retry', ...about, delayMs, reason })
    // What a 429 asked for holds for all requests, and each waits for it before it leaves.
    const everybodyWaits = failure.kind === 'status' && failure.status === 429 && stated > 0
    if (!everybodyWaits) await pace.pause(delayMs, call)
  }

  async function send(call: Call): Promise<Answer> {
    if (options.readOnly && call.method !== 'GET') throw refusedReadOnly(call)
    const request = prepare(call)
    const path = mask(request.path)
    let unanswered = false
    const orInterrupted = (error: unknown): never => {
      // Between two attempts nothing is under way, but what an earlier one did is not known.
      if (unanswered && call.method !== 'GET' && !(error instanceof ApiError)) throw interrupted(call)
      throw error
    }
    for (let number = 1; ; number++) {
      const about = { method: call.method, path, attempt: number }
      const outcome = await once({ call, request, about, unanswered }).catch(orInterrupted)
      const stated = call.once ? 0 : pace.learn(outcome)
      const answer = successOf(call, outcome, unanswered)
      if (answer !== undefined) return answer
      const failure: Failure =
        outcome.kind === 'answer' ? { kind: 'status', status: outcome.status } : outcome
      unanswered ||= isUnanswered(failure)
      await again({ call, request, about, unanswered }, outcome, failure, stated).catch(orInterrupted)
    }
  }

  /** Whether the API is here at all: a server that knows no list of customers knows nothing of one that is missing. */
  let here: Promise<boolean> | undefined
  function isHere(): Promise<boolean> {
    here ??= elsewhere === undefined ? Promise.resolve(true) : lookForList()
    return here
  }
  function lookForList(): Promise<boolean> {
    const list: Call = { method: 'GET', path: ['customers'], query: { limit: '1' }, once: true }
    return send(list).then(
      () => true,
      (error: unknown) => !(error instanceof ApiError && error.status === 404),
    )
  }

  return {
    async request(call, read) {
      underWay += 1
      try {
        const answer = await send(call)
        here = Promise.resolve(true)
        return read(answer)
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        const isElsewhere = error.code === 'not_found' && !(await isHere())
        throw (isElsewhere ? wrongPlace(call, error.unanswered, elsewhere) : error).with(mask)
      } finally {
        underWay -= 1
      }
    },
    rateLimit: pace.seen,
    mask,
    async leaving() {
      for (let turn = 0; turn < turnsToLeave; turn++) await pause()
    },
    idle: () => allAnswered && underWay === 0,
    async close() {
      signal.removeEventListener('abort', interrupt)
      await wire.destroy()
    },
  }
}

/** One attempt of a call. */
interface Try {
  readonly call: Call
  readonly request: Dispatcher.DispatchOptions
  /** What every event says of it. */
  readonly about: Pick<ClientEvent, 'method' | 'path' | 'attempt'>
  /** It, or an earlier one, may have been carried out. */
  readonly unanswered: boolean
}

/** The answer of a 2xx; undefined where the attempt failed. Throws for an answer that cannot be relied on. */
function successOf(call: Call, outcome: Outcome, unanswered: boolean): Answer | undefined {
  if (outcome.kind !== 'answer') return undefined
  const { status, text, problem } = outcome
  const answer = { call, status, text, unanswered }
  if (status < 300 && problem !== undefined) throw unexpected(answer, problem)
  if (status < 300) return answer
  // Only a create must not be sent again on the word of a 429.
  const isFinal = status >= 400 && status < 500 && (status !== 429 || call.method === 'POST')
  // A 4xx says that nothing was done, and this one says the contrary as well.
  if (isFinal && ['success', 'contradiction'].includes(claimIn(text) ?? ''))
    throw unexpected(answer, `status ${status} with an envelope that says success`)
  return undefined
}

/** Neither a 5xx nor a redirect says whether the request was carried out; a 4xx says that it was not. */
function isUnanswered(failure: Failure): boolean {
  if (failure.kind === 'status') return failure.status < 400 || failure.status >= 500
  return failure.kind === 'lost'
}
