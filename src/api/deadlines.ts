import { hrtime } from 'node:process'

/** Something that is given up when its time is over. */
export interface Timed {
  expire(): void
  /** The timer itself failed. */
  fail(error: unknown): void
}

/** One time limit for many attempts at once. */
export interface Deadlines {
  /** Begins to count; `expire` is called when the time is over, unless it left before. */
  enter(timed: Timed): void
  leave(timed: Timed): void
}

/** Ms by the monotonic clock. `performance` would load eight modules of Node's, a twentieth of a start. */
function passed(): number {
  const [seconds, nanoseconds] = hrtime()
  return seconds * 1000 + nanoseconds / 1e6
}

/** Made once: making an error captures a stack. */
const stopped = new Error('nothing is timed any more')

/**
 * All attempts have the same limit, so the oldest one ends first: one timer,
 * set for the oldest, serves them all. A timer of its own for each, set and
 * stopped thousands of times a second, slows a bulk run down. What has passed
 * is read from the monotonic clock: a clock that is set must end no attempt.
 * @param ms the limit
 */
export function createDeadlines(
  ms: number,
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>,
): Deadlines {
  /** When each began, the oldest first. */
  const entered = new Map<Timed, number>()
  let timer: AbortController | undefined

  function leave(timed: Timed): void {
    entered.delete(timed)
    if (entered.size > 0) return
    timer?.abort(stopped)
    timer = undefined
  }

  async function watch({ signal }: AbortController): Promise<void> {
    try {
      for (let oldest = first(entered); oldest !== undefined && !signal.aborted; oldest = first(entered)) {
        const [timed, began] = oldest
        await sleep(Math.min(ms, Math.max(0, Math.ceil(began + ms - passed()))), signal)
        if (signal.aborted) return
        // The timer was set for this one; it may have left meanwhile.
        if (entered.get(timed) !== began) continue
        leave(timed)
        timed.expire()
      }
    } catch (error) {
      // Stopped, because nothing was timed any more; anything else is a fault of the timer.
      if (signal.aborted) return
      for (const timed of [...entered.keys()]) timed.fail(error)
    }
  }

  return {
    enter(timed) {
      entered.set(timed, passed())
      if (timer !== undefined) return
      timer = new AbortController()
      void watch(timer)
    },
    leave,
  }
}

function first<Key, Value>(map: Map<Key, Value>): [Key, Value] | undefined {
  for (const entry of map) return entry
  return undefined
}
