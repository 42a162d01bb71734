import type { Sink } from '../world.ts'
import { createWaiting } from './waiting.ts'

/** Shows that requests are under way, and gets out of the way of everything that is written. */
export interface Busy {
  /** A request is under way (again). */
  begin(): void
  /** No request is under way any more. */
  end(): void
  /** What is shown instead of the usual words; stays until it is undefined again. */
  say(text: string | undefined): void
  /** Clears the line for good: a question follows, or the end. */
  rest(): void
  /** A sink that shares the screen with the line. */
  around(sink: Sink): Sink
}

/** @param animate false where stderr is no terminal, or nothing may move: then nothing is ever shown */
export function createBusy(stderr: Sink, now: () => number, animate: boolean): Busy {
  const waiting = createWaiting({ stderr, animate, now })
  let inFlight = 0
  let said: string | undefined

  const show = (): void => {
    if (inFlight > 0 || said !== undefined) waiting.start(said ?? 'Waiting for Orafi…')
    else waiting.stop()
  }

  return {
    begin() {
      inFlight += 1
      if (inFlight === 1) show()
    },
    end() {
      inFlight = Math.max(0, inFlight - 1)
      if (inFlight === 0) show()
    },
    say(text) {
      const before = said
      said = text
      if (before !== undefined && text !== undefined) waiting.update(text)
      else show()
    },
    rest() {
      inFlight = 0
      said = undefined
      waiting.stop()
    },
    around: (sink) => ({
      get isTTY() {
        return sink.isTTY
      },
      get columns() {
        return sink.columns
      },
      async write(text) {
        waiting.stop()
        await sink.write(text)
        show()
      },
    }),
  }
}
