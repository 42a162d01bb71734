import type { ClientEvent } from '../api/client.ts'
import type { ApiError } from '../api/errors.ts'
import { CliError } from '../errors.ts'

export interface PoolOptions<Item> {
  readonly items: AsyncIterable<Item> | Iterable<Item>
  /** Processes one item. An error stops the pool, so normal outcomes must not be thrown. */
  readonly work: (item: Item) => Promise<void>
  /** How many may run at once; read before each item is started. */
  readonly allowed: () => number
  /** Once true, no more items are started; running items are finished. */
  readonly isStopped: () => boolean
}

/**
 * Processes items, several at once, starting them in order. Resolves when all are done, or when it was stopped and
 * nothing is running; rejects with the first error, if any. Takes an item from its source only when it can start it,
 * so that a source of any length needs no memory.
 */
export async function runPool<Item>({ items, work, allowed, isStopped }: PoolOptions<Item>): Promise<void> {
  const failures: unknown[] = []
  let running = 0
  let wake: () => void = () => undefined

  const start = async (item: Item): Promise<void> => {
    running += 1
    try {
      await work(item)
    } catch (error) {
      failures.push(error)
    } finally {
      running -= 1
      wake()
    }
  }
  const waitUntilBelow = async (limit: () => number): Promise<void> => {
    while (running >= Math.max(1, limit())) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  const shouldStop = (): boolean => failures.length > 0 || isStopped()

  try {
    for await (const item of items) {
      void start(item)
      // A full pool waits here, after starting the item, so that every taken item is started.
      await waitUntilBelow(allowed)
      if (shouldStop()) break
    }
  } catch (error) {
    failures.push(error)
  }
  await waitUntilBelow(() => 1)
  if (failures.length > 0) throw failures[0]
}

/**
 * Processes items that each have their own outcome. An error of `work`, or a reason given to `stop`, stops the rest;
 * running items are finished. Never throws: resolves with the first reason, including an interruption, or undefined.
 */
export async function runUntilStopped<Item>(options: {
  readonly items: Iterable<Item>
  readonly work: (item: Item, stop: (reason: unknown) => void) => Promise<void>
  readonly throttle: { readonly allowed: number }
  readonly signal: AbortSignal
}): Promise<unknown> {
  const { items, work, throttle, signal } = options
  let stopped: unknown
  const stop = (reason: unknown): void => {
    stopped ??= reason
  }
  await runPool({
    items,
    work: (item) => work(item, stop).catch(stop),
    allowed: () => throttle.allowed,
    isStopped: () => stopped !== undefined || signal.aborted,
  })
  return stopped ?? (signal.aborted ? signal.reason : undefined)
}

/**
 * Maps items with `map`, several at once, and yields the results in the order of the items. Throws the first error in
 * that order.
 */
export async function* mapInOrder<Item, Result>(
  items: Iterable<Item>,
  map: (item: Item) => Promise<Result>,
  allowed: () => number,
): AsyncGenerator<Result, void, undefined> {
  const running: Promise<Result>[] = []
  for (const item of items) {
    const result = map(item)
    // Thrown in its turn; after an earlier error it is never awaited.
    result.catch(() => undefined)
    running.push(result)
    if (running.length < Math.max(1, allowed())) continue
    const first = running.shift()
    if (first !== undefined) yield await first
  }
  for (const result of running) yield await result
}

/** Limits how many requests run at once. */
export interface Throttle {
  /** At least 1. */
  readonly allowed: number
  /** Receives the client's events. */
  observe(event: Pick<ClientEvent, 'type' | 'status' | 'ms'>): void
}

/** The maximum; a single process gains nothing beyond it. */
export const maxConcurrency = 64

/** The initial limit of an adaptive throttle. */
const initialLimit = 4

/** A response is quick if it takes at most this many times the quickest one, plus a few ms of jitter. */
const quickFactor = 3
const jitterMs = 5

/**
 * A throttle that is `fixed`, or adapts (additive increase, multiplicative decrease): the limit grows by one for every
 * quick response until the first slow one, 429 or 503, and then by one per round of quick responses. A 429 or 503
 * halves it, once for all requests that were running together. The wait after a 429 is up to the client.
 */
export function createThrottle(fixed?: number): Throttle {
  if (fixed !== undefined) return { allowed: fixed, observe: () => undefined }
  let allowed = initialLimit
  let starting = true
  let quickest = Number.POSITIVE_INFINITY
  let sinceHalved = Number.POSITIVE_INFINITY

  const grow = (): void => {
    allowed = Math.min(maxConcurrency, allowed + (starting ? 1 : 1 / allowed))
  }
  const halve = (): void => {
    // Refusals of requests that were running together are one sign of overload, not many.
    if (sinceHalved < allowed) return
    starting = false
    allowed = Math.max(1, allowed / 2)
    sinceHalved = 0
  }

  return {
    get allowed() {
      return Math.floor(allowed)
    },
    observe({ type, status, ms }) {
      if (type !== 'answer' || status === undefined || ms === undefined) return
      sinceHalved += 1
      if (status === 429 || status === 503) return halve()
      if (status >= 500) return
      quickest = Math.min(quickest, ms)
      if (ms <= quickest * quickFactor + jitterMs) grow()
      else starting = false
    },
  }
}

/** After this many requests in a row without a usable response, nothing more is sent. */
const maxUnanswered = 20

/** Detects an outage by counting requests in a row without a usable response. */
export interface Outage {
  /** Records a response of any kind. */
  answered(): void
  /** Records an error. Returns the one to stop with once there are too many in a row without a usable response. */
  noAnswer(error: ApiError): CliError | undefined
}

/**
 * @param hint how to continue when the API is back
 * @param signal the interruption of the command
 */
export function createOutage(hint: string, signal: AbortSignal): Outage {
  let unanswered = 0
  return {
    answered() {
      unanswered = 0
    },
    noAnswer(error) {
      // A 429 is a response: the API is up. After an interruption, nobody waits for responses.
      if (error.status === 429 || signal.aborted) return undefined
      const isAnswer = error.code !== 'unavailable' && error.code !== 'ambiguous'
      unanswered = isAnswer ? 0 : unanswered + 1
      if (unanswered < maxUnanswered) return undefined
      const message = `${unanswered} requests in a row got no usable response: ${error.message}`
      return new CliError('unavailable', message, { hint, cause: error })
    },
  }
}
