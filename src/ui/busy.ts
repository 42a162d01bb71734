import type { Sink } from '../world.ts'
import type { Spinner } from './spinner.ts'

/** A status line on stderr. */
export interface Waiting {
  /** Shows the text after a short delay, or replaces the one shown. */
  start(text: string): void
  /** Replaces the text, if one is shown. Cheap enough to call for every record. */
  update(text: string): void
  /** Erases the line. */
  stop(): void
}

export interface WaitingOptions {
  readonly stderr: Sink
  /** If false, nothing is shown. */
  readonly animate: boolean
  /** Epoch ms. */
  now(): number
}

/**
 * The status line appears within 100 ms of a request (docs/contract.md#colour-and-movement).
 */
const firstLineMs = 80
/** Loading ora takes about as long as a short request, so only long ones get a spinner. */
const spinnerMs = 500
/** The minimum time between redraws of a plain line. */
const redrawMs = 80
/** Moves to the first column and erases the line. */
const erase = '\r\x1b[K'

/** Texts must be visible(); those wider than the terminal are cut. */
export function createWaiting({ stderr, animate, now }: WaitingOptions): Waiting {
  let text: string | undefined
  let timer: NodeJS.Timeout | undefined
  let drawnAt: number | undefined
  let spinner: Spinner | undefined
  let spinning = false

  const show = (line: string): void => {
    // A status line must not make a command fail.
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
    // The status line may have ended or restarted while ora was loading.
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

/** Shows a status line while requests are in flight, and hides it while other output is written. */
export interface Busy {
  /** A request starts. */
  begin(): void
  /** A request ends. */
  end(): void
  /** Sets the text to show instead of the default one; undefined resets it. */
  say(text: string | undefined): void
  /** Clears the line and all state, before a prompt or the end of the command. */
  reset(): void
  /** Erases the line while the process is stopped; `show` draws it again. */
  hide(): void
  show(): void
  /** Wraps a sink, so that the line is hidden while it is written to. */
  around(sink: Sink): Sink
}

/** @param animate false if stderr is not a terminal, or animation is off: then nothing is shown */
export function createBusy(stderr: Sink, now: () => number, animate: boolean): Busy {
  const waiting = createWaiting({ stderr, animate, now })
  let inFlight = 0
  let status: string | undefined

  const show = (): void => {
    if (inFlight > 0 || status !== undefined) waiting.start(status ?? 'Waiting for Orafi…')
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
      const before = status
      status = text
      if (before !== undefined && text !== undefined) waiting.update(text)
      else show()
    },
    reset() {
      inFlight = 0
      status = undefined
      waiting.stop()
    },
    hide: () => waiting.stop(),
    show,
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
