import { setMaxListeners } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import type { Dispatcher } from 'undici'
import { attempt, type Failure, type Outcome } from './attempt.ts'
import type { Answer, Call } from './call.ts'
import { asked, claimIn, createPreparer } from './call.ts'
import { ApiError } from './errors.ts'
import {
  delay,
  explain,
  interrupted,
  reasonToRetry,
  refusedReadOnly,
  unexpected,
  usedUp,
  wrongPlace,
} from './failures.ts'
import { createMask } from './mask.ts'
import type { RateLimit } from './pace.ts'
import { createPace } from './pace.ts'
import { openWire } from './wire.ts'

/** A step of a request, for traces and progress. */
export interface ClientEvent {
  readonly type: 'request' | 'answer' | 'retry' | 'wait'
  readonly method: string
  /** With the query. */
  readonly path: string
  /** What the request does: `deleting cus_1`. Not visible(). */
  readonly what: string
  /** 1 for the first. */
  readonly attempt: number
  /** The most attempts that are made. */
  readonly attempts: number
  readonly status?: number | undefined
  /** How long the answer took (ms). */
  readonly ms?: number | undefined
  /** How long the client waits (ms). */
  readonly delayMs?: number | undefined
  readonly reason?: string | undefined
}

export interface ClientOptions {
  /** https or loopback; checked by the caller. */
  readonly baseUrl: string
  readonly key: string
  /** The key as messages and events may show it. */
  readonly shownKey: string
  readonly userAgent: string
  /** POST and DELETE are never sent. */
  readonly readOnly: boolean
  /** The timeout of one attempt, headers and body together (ms). */
  readonly timeoutMs: number
  /** How many times a failed request is retried. */
  readonly retries: number
  /** The longest single wait for a rate limit (ms); Infinity for no limit. */
  readonly maxWaitMs: number
  /** What to try if the API is not found at the base URL; errors carry it as a fact. */
  readonly elsewhere?: string | undefined
  /** The maximum number of sockets, default 8. A request that waits for one is already within its timeout. */
  readonly connections?: number | undefined
  /** HTTP_PROXY, HTTPS_PROXY and NO_PROXY are read from it, in upper or lower case. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborts every request and every wait with its reason. */
  readonly signal: AbortSignal
  /** When the signal aborts, a POST or DELETE already sent is completed, since its outcome would be unknown. */
  readonly finishing?: boolean | undefined
  /** When it aborts, such a POST or DELETE is not waited for any more: its outcome is unknown. */
  readonly hurry?: AbortSignal | undefined
  /** Epoch ms. */
  now(): number
  /** In [0, 1). */
  random(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls `expire` after `ms`; the returned function cancels it. */
  timer(ms: number, expire: () => void): () => void
  onEvent?: ((event: ClientEvent) => void) | undefined
  /** Resolves on the next turn of the event loop. */
  pause(): Promise<void>
}

export interface Client {
  /**
   * Sends the call, retries it if that is safe, and returns what `read` makes of its 2xx answer.
   * @throws ApiError, with the key masked, also if `read` throws it; the signal's reason when it is aborted, but
   * `ambiguous` if an earlier attempt of a change may have taken effect
   */
  request<Result>(call: Call, read: (answer: Answer) => Result): Promise<Result>
  rateLimit(): RateLimit
  /** Masks the key in a text. Errors and events of the client are masked already. */
  mask(text: string): string
  /** Waits for two turns of the event loop, in which the request just made is sent while the caller works on. */
  leaving(): Promise<void>
  /** Whether no request is in flight and every one got a whole response, so that no socket keeps the process alive. */
  idle(): boolean
  /** Destroys every socket at once, so that none keeps the process alive. */
  close(): Promise<void>
}

/** How many turns of the event loop undici takes before it reuses a socket. */
const turnsToLeave = 2

/** The longest delay of a Node timer (ms), 24 days. Longer waits for a rate limit are refused. */
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
  /** Servers echo keys, and people type them in the wrong place (docs/contract.md#keys-in-sight). */
  const mask = createMask(options.key, options.shownKey)

  // One listener for all requests, and one for each wait.
  setMaxListeners(0, signal)
  /** Attempts that an interruption does not abort. */
  const uninterrupted: typeof running = new Set()
  const attemptsLike = ({ method }: Call) => (options.finishing && method !== 'GET' ? uninterrupted : running)
  const interrupt = () => {
    for (const abort of [...running]) abort(signal.reason)
    pace.wake()
  }
  signal.addEventListener('abort', interrupt, { once: true })
  const giveUp = () => {
    for (const abort of [...uninterrupted]) abort(options.hurry?.reason)
  }
  options.hurry?.addEventListener('abort', giveUp, { once: true })
  /** A socket whose answer never came may still be connecting. */
  let allAnswered = true
  let inFlight = 0

  /** Makes one attempt, as soon as the rate limit allows it. */
  async function once({ call, request, about, unanswered }: Try): Promise<Outcome> {
    const announce = (delayMs: number, until: number): void => {
      if (delayMs > maxWaitMs) throw usedUp(call, { retryAt: until, retryIn: delayMs, unanswered })
      onEvent?.({ type: 'wait', ...about, delayMs, reason: 'rate limit' })
    }
    // An optional request neither waits for the rate limit nor counts against it.
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
        running: attemptsLike(call),
        signal: call.signal,
      })
    } catch (error) {
      allAnswered = false
      if (!call.once) pace.interrupted()
      onEvent?.({ type: 'answer', ...about, reason: 'aborted', ms: Math.max(0, now() - start) })
      throw options.hurry?.aborted && error === options.hurry.reason ? interrupted(call) : error
    }
    if (outcome.kind !== 'answer' || outcome.problem !== undefined) allAnswered = false
    const result = outcome.kind === 'answer' ? { status: outcome.status } : { reason: mask(outcome.problem) }
    onEvent?.({ type: 'answer', ...about, ...result, ms: Math.max(0, now() - start) })
    return outcome
  }

  /** After a failed attempt: waits before the next one, or throws the final error. */
  async function waitToRetry(
    { call, about, unanswered }: Try,
    outcome: Outcome,
    failure: Failure,
    stated: number,
  ): Promise<void> {
    const number = about.attempt
    const reason = reasonToRetry({ method: call.method, number, retries, failure })
    if (reason === undefined || call.once || stated > maxWaitMs) {
      const again = stated > 0 ? { retryAt: now() + stated, retryIn: stated } : {}
      throw explain({ call, outcome, attempts: number, unanswered, ...again, place: origin, elsewhere })
    }
    const delayMs = delay(number, random(), stated)
    onEvent?.({ type: 'retry', ...about, delayMs, reason })
    // The wait that a 429 states applies to every request: the pace makes each of them wait.
    const isShared = failure.kind === 'status' && failure.status === 429 && stated > 0
    if (!isShared) await pace.pause(delayMs, call)
  }

  async function send(call: Call): Promise<Answer> {
    if (options.readOnly && call.method !== 'GET') throw refusedReadOnly(call)
    const request = prepare(call)
    const path = mask(request.path)
    const what = mask(call.doing ?? asked(call))
    const attempts = call.once ? 1 : retries + 1
    let unanswered = false
    const orInterrupted = (error: unknown): never => {
      // Between two attempts nothing is in flight, but the outcome of an earlier one is unknown.
      if (unanswered && call.method !== 'GET' && !(error instanceof ApiError)) throw interrupted(call)
      throw error
    }
    for (let number = 1; ; number++) {
      const about = { method: call.method, path, what, attempt: number, attempts }
      const outcome = await once({ call, request, about, unanswered }).catch(orInterrupted)
      const stated = call.once ? 0 : pace.learn(outcome)
      const answer = successOf(call, outcome, unanswered)
      if (answer !== undefined) return answer
      const failure: Failure =
        outcome.kind === 'answer' ? { kind: 'status', status: outcome.status } : outcome
      unanswered ||= isUnanswered(failure)
      const made = { call, request, about, unanswered }
      await waitToRetry(made, outcome, failure, stated).catch(orInterrupted)
    }
  }

  /** Whether the API is at this base URL: a 404 for a customer says nothing if the list of customers is a 404 too. */
  let found: Promise<boolean> | undefined
  function isFound(): Promise<boolean> {
    found ??= elsewhere === undefined ? Promise.resolve(true) : requestList()
    return found
  }
  function requestList(): Promise<boolean> {
    const query = { limit: '1' }
    const list: Call = { method: 'GET', path: ['customers'], query, doing: 'listing customers', once: true }
    return send(list).then(
      () => true,
      (error: unknown) => !(error instanceof ApiError && error.status === 404),
    )
  }

  return {
    async request(call, read) {
      inFlight += 1
      try {
        const answer = await send(call)
        found = Promise.resolve(true)
        return read(answer)
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        const isElsewhere = error.code === 'not_found' && !(await isFound())
        throw (isElsewhere ? wrongPlace(call, error.unanswered, elsewhere) : error).with(mask)
      } finally {
        inFlight -= 1
      }
    },
    rateLimit: pace.seen,
    mask,
    async leaving() {
      for (let turn = 0; turn < turnsToLeave; turn++) await pause()
    },
    idle: () => allAnswered && inFlight === 0,
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
  /** The fields that all its events share. */
  readonly about: Pick<ClientEvent, 'method' | 'path' | 'what' | 'attempt' | 'attempts'>
  /** Whether an earlier attempt may have taken effect. */
  readonly unanswered: boolean
}

/** The answer of a 2xx; undefined if the attempt failed. Throws for an answer that cannot be relied on. */
function successOf(call: Call, outcome: Outcome, unanswered: boolean): Answer | undefined {
  if (outcome.kind !== 'answer') return undefined
  const { status, text, problem } = outcome
  const answer = { call, status, text, unanswered }
  if (status < 300 && problem !== undefined) throw unexpected(answer, problem)
  if (status < 300) return answer
  // A 429 is retried, except that a create with a contradictory 429 may have taken effect.
  const isFinal = status >= 400 && status < 500 && (status !== 429 || call.method === 'POST')
  // A 4xx means that nothing was done, but this one says that it was.
  if (isFinal && ['success', 'contradiction'].includes(claimIn(text) ?? ''))
    throw unexpected(answer, `status ${status} with an envelope that reports success`)
  return undefined
}

/** A 4xx means that the request was not carried out; a 5xx or a redirect leaves it open. */
function isUnanswered(failure: Failure): boolean {
  if (failure.kind === 'status') return failure.status < 400 || failure.status >= 500
  return failure.kind === 'lost'
}

/**
 * Lets short runs on Node 20 exit sooner. undici's HTTP parser is WebAssembly; V8 optimises it in the background after
 * its first use, and Node 20 waits for that at exit. With the larger budget, V8 does so only after some hundred
 * thousand answers. Call it before the first connection. It changes the whole process, so `openClient` does not call
 * it.
 * @param nodeVersion such as `20.18.1`
 */
export function delayWasmOptimisation(nodeVersion: string): void {
  if (Number.parseInt(nodeVersion, 10) < 22) setFlagsFromString('--wasm-tiering-budget=1000000000')
}
