import type { Outcome } from './attempt.ts'
import type { Call } from './call.ts'
import { createQuota } from './quota.ts'
import { type RateLimit, readRateHeaders } from './rate-limit.ts'

export interface PaceOptions {
  readonly signal: AbortSignal
  /** Epoch ms. */
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Lets requests go one by one, as the rate limit allows, and everything that waits end with an interruption. */
export interface Pace {
  /**
   * Resolves when the call may be sent. A wait for the rate limit is announced
   * first: how long (ms), until when (epoch ms); the announcement may throw.
   */
  admit(call: Call, announce: (ms: number, until: number) => void): Promise<void>
  /** Sleeps (ms), or throws the reason of an interruption. */
  pause(ms: number, call: Call): Promise<void>
  /** Takes in what became of an attempt; gives the wait that the server asks for (ms), or 0. */
  learn(outcome: Outcome): number
  /** An attempt was left before anything came of it. */
  interrupted(): void
  /** Lets those who wait for another answer look again. */
  wake(): void
  seen(): RateLimit
}

/** Lets no request leave before the rate limit allows it (docs/contract.md#rate-limits). */
export function createPace({ signal, now, sleep }: PaceOptions): Pace {
  const quota = createQuota(now)

  function throwIfInterrupted(call: Call): void {
    signal.throwIfAborted()
    call.signal?.throwIfAborted()
  }

  async function pause(ms: number, call: Call): Promise<void> {
    const either = call.signal === undefined ? signal : AbortSignal.any([signal, call.signal])
    try {
      await sleep(ms, either)
    } catch (error) {
      // A sleep rejects with an error of its own: the reason of the interruption is the caller's.
      throwIfInterrupted(call)
      throw error
    }
    throwIfInterrupted(call)
  }

  async function another(call: Call): Promise<void> {
    call.signal?.addEventListener('abort', quota.wake, { once: true })
    await quota.changed()
    call.signal?.removeEventListener('abort', quota.wake)
  }

  return {
    async admit(call, announce) {
      for (;;) {
        throwIfInterrupted(call)
        const hold = quota.take()
        if (hold === undefined) return
        if (hold.until === undefined) {
          await another(call)
          continue
        }
        announce(hold.ms, hold.until)
        await pause(hold.ms, call)
        quota.waited(hold.until)
      }
    },
    pause,
    learn(outcome) {
      if (outcome.kind === 'unreached') quota.returned()
      if (outcome.kind === 'lost') quota.lost()
      if (outcome.kind !== 'answer') return 0
      const rate = readRateHeaders(outcome.headers, now())
      quota.answered(rate)
      if (outcome.status === 503) return rate.retryIn ?? 0
      if (outcome.status !== 429) return 0
      const stated = Math.max(0, rate.retryIn ?? rate.resetIn ?? 0)
      // It holds for everybody who shares the key: the others need not run into it.
      if (stated > 0) quota.pause(stated)
      return stated
    },
    interrupted: quota.lost,
    wake: quota.wake,
    seen: quota.seen,
  }
}
