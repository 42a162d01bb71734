import type { ClientEvent } from '../api/client.ts'
import { type Sink, type World, writingBy } from '../world.ts'
import type { Activity, Work } from './status-text.ts'

export interface StatusOptions extends Pick<World, 'stderr' | 'now' | 'timer'> {
  /** `line`: an animated line; `log`: a line of its own every ten seconds; `off`: nothing. */
  readonly mode: 'line' | 'log' | 'off'
  isInterrupted(): boolean
}

/**
 * Says on stderr what a command is doing, and what it waits for (docs/contract.md#waiting). There is one text, from what
 * the command says and from the events of the client; the mode decides how it is shown.
 */
export interface Status {
  /** Undefined ends it: nothing is shown until the next activity or request. */
  set(activity: Activity | undefined): void
  observe(event: ClientEvent): void
  /** Ends it for good: what is still under way, such as a page that nobody reads any more, must not keep the process alive. */
  end(): void
  /** A sink that erases the line before it writes. */
  around(sink: Sink): Sink
  /** Erases the line while the process is stopped; `redraw` draws it again. */
  hide(): void
  redraw(): void
}

/** When the line first appears, and how often it is redrawn (ms): it is visible within 100 ms. */
const lineTimes = { first: 70, every: 100 }
/** On a terminal without animation (docs/contract.md#colour-and-movement), somebody is waiting for the first line. */
const watchedTimes = { first: 2000, every: 10_000 }
const logTimes = { first: 10_000, every: 10_000 }
/** ora takes longer to load than most requests: it is loaded when the line has been redrawn this many times. */
const drawsBeforeSpinner = 5

/** Columns that stay free: the terminal itself shows `^C` or `^Z` behind the line, which must not wrap. */
const spare = 3

export function createStatus({ stderr, mode, now, timer, isInterrupted }: StatusOptions): Status {
  const times = mode === 'line' ? lineTimes : stderr.isTTY ? watchedTimes : logTimes
  let activity: Activity | undefined
  let began: Work['began'] = { at: 0, done: 0 }
  let last: ClientEvent | undefined
  let inFlight = 0
  let heardAt = 0
  let wait: Work['wait']
  /** Cancels the next draw; defined while something is going on. */
  let cancel: (() => void) | undefined
  let draws = 0
  let writing = 0
  let isOver = false
  /** The line on the screen, and how wide it is. */
  let drawn: { readonly line: string; readonly width: number } | undefined
  /** Loaded when it is needed: most commands end before. */
  let text: (typeof import('./status-text.ts') & typeof import('../output/width.ts')) | undefined
  let spinner: { frame(): string } | undefined

  const write = (line: string): void => {
    // A status line must not make a command fail.
    stderr.write(line).catch(() => undefined)
  }
  const columns = (): number => stderr.columns || 80
  /** Returns to the start of the line, which may have wrapped if the terminal has become narrower. */
  const eraser = (): string => {
    const rows = drawn === undefined ? 0 : Math.ceil(drawn.width / columns()) - 1
    return `${rows > 0 ? `\x1b[${rows}A` : ''}\r\x1b[J`
  }
  const erase = (): void => {
    if (drawn !== undefined) write(eraser())
    drawn = undefined
  }
  const show = (): void => {
    if (text === undefined) {
      void Promise.all([import('./status-text.ts'), import('../output/width.ts')]).then(
        ([texts, widths]) => {
          text = { ...texts, ...widths }
          if (cancel !== undefined) show()
        },
        () => undefined,
      )
      return
    }
    const work = { activity, began, last, inFlight, heardAt, wait, interrupted: isInterrupted() }
    if (mode === 'log') {
      const line = text.statusText(work, now())
      if (line !== undefined) write(`${line}\n`)
      return
    }
    const turning = spinner?.frame() ?? ''
    const shown = text.statusText(work, now(), columns() - spare - turning.length)
    // While a slow reader takes the output, such as a pager, the terminal is its own.
    if (shown === undefined || writing > 0) {
      erase()
      return
    }
    const line = `${turning}${shown}`
    if (line === drawn?.line) return
    const start = eraser()
    drawn = { line, width: turning.length + text.widthOf(shown) }
    write(`${start}${line}`)
  }
  const tick = (): void => {
    if (!isActive()) {
      rest()
      return
    }
    cancel = timer(times.every, tick)
    draws += 1
    if (mode === 'line' && draws === drawsBeforeSpinner) void loadSpinner().catch(() => undefined)
    show()
  }
  async function loadSpinner(): Promise<void> {
    const { default: ora } = await import('ora')
    // Only its frames: on its own it would discard what is typed ahead, hide the cursor and draw over other output.
    spinner = ora({ color: false })
  }
  const isActive = (): boolean =>
    activity !== undefined || inFlight > 0 || (wait !== undefined && now() < wait.until)
  const rest = (): void => {
    cancel?.()
    cancel = undefined
    erase()
  }
  const changed = (): void => {
    if (mode === 'off' || isOver) return
    if (!isActive()) rest()
    else cancel ??= timer(times.first, tick)
  }

  return {
    set(next) {
      if (next === undefined) {
        inFlight = 0
        wait = undefined
      } else if (next.what !== activity?.what) began = { at: now(), done: next.done ?? 0 }
      activity = next
      changed()
    },
    observe(event) {
      const { type, delayMs = 0 } = event
      last = event
      if (type === 'wait' || type === 'retry') wait = { event, until: now() + delayMs }
      else if (type === 'answer') inFlight = Math.max(0, inFlight - 1)
      if (type === 'answer' || (type === 'request' && inFlight === 0)) heardAt = now()
      if (type === 'request') inFlight += 1
      changed()
    },
    end() {
      isOver = true
      rest()
    },
    around: (sink) =>
      writingBy(sink, async (output) => {
        // A pipe often ends on the same terminal (`| grep`). Not at every write to a file: the line would flicker.
        if (sink.isTTY || sink.isPipe) erase()
        writing += 1
        try {
          await sink.write(output)
        } finally {
          writing -= 1
        }
      }),
    hide: erase,
    redraw() {
      drawn = undefined
      if (mode === 'line' && cancel !== undefined) show()
    },
  }
}
