import type { Sink } from '../world.ts'
import type { Spinner } from './spinner.ts'

/** A line on stderr that says what is waited for. */
export interface Waiting {
  /** Shows the text soon; where one is shown already, changes it. */
  start(text: string): void
  /** Changes what is shown, if anything is. Cheap: it may be called for every record. */
  update(text: string): void
  /** Erases the line. What is written to the same sink afterwards follows on a clean line. */
  stop(): void
}

export interface WaitingOptions {
  readonly stderr: Sink
  /** Whether anything is shown at all. */
  readonly animate: boolean
  /** Epoch ms. */
  now(): number
}

/**
 * A person sees something within 100 ms of a request that is still running (docs/contract.md#colour-and-movement).
 */
const firstLineMs = 80
/** Loading ora keeps the process busy for about as long as a short request takes: only a long one is worth it. */
const spinnerMs = 500
/** A plain line is not drawn more often than this. */
const redrawMs = 80
/** To the first column, and nothing behind it. */
const erase = '\r\x1b[K'

/** Texts are our own words, visible already; one that is wider than the terminal is cut. */
export function createWaiting({ stderr, animate, now }: WaitingOptions): Waiting {
  let text: string | undefined
  let timer: NodeJS.Timeout | undefined
  let drawnAt: number | undefined
  let spinner: Spinner | undefined
  let spinning = false

  const show = (line: string): void => {
    // What is said on the side is not worth failing for.
    stderr.write(line).catch(() => undefined)
  }
  const fitting = (): string => (text ?? '').slice(0, (stderr.columns || 80) - 4)
  const draw = (): void => {
    drawnAt = now()
    show(`${erase}${fitting()}`)
  }
  const spin = (turning: Spinner): void => {
    if (drawnAt !== undefined) show(erase)
    drawnAt = undefined
    spinning = true
    turning.start(fitting())
  }
  const takeOver = async (): Promise<void> => {
    const { createSpinner } = await import('./spinner.ts')
    spinner ??= createSpinner(stderr)
    // It may have ended, or begun anew, while ora was loading.
    if (text !== undefined && drawnAt !== undefined) spin(spinner)
  }
  const later = (ms: number, work: () => void): void => {
    timer = setTimeout(work, ms)
    timer.unref()
  }
  const begin = (): void => {
    if (spinner !== undefined) {
      spin(spinner)
      return
    }
    draw()
    // Without ora the plain line stays.
    later(spinnerMs, () => void takeOver().catch(() => undefined))
  }

  return {
    start(words) {
      if (!animate) return
      const running = text !== undefined
      text = words
      if (running) this.update(words)
      else later(firstLineMs, begin)
    },
    update(words) {
      if (text === undefined) return
      text = words
      if (spinning && spinner !== undefined) spinner.text = fitting()
      else if (drawnAt !== undefined && now() - drawnAt >= redrawMs) draw()
    },
    stop() {
      clearTimeout(timer)
      text = undefined
      if (spinning) spinner?.stop()
      else if (drawnAt !== undefined) show(erase)
      spinning = false
      drawnAt = undefined
    },
  }
}

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
