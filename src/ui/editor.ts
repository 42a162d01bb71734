import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'
import { visible } from '../visible.ts'
import type { Terminal as Input, Job, Sink, Watcher, World } from '../world.ts'

/** A sink as a stream for readline. */
export interface Screen {
  readonly stream: Writable
  /** Whether to drop what is written from now on. */
  mute(muted: boolean): void
  /** Resolves when everything is written. Throws what the sink throws. */
  flush(): Promise<void>
}

/** @param output receives the texts, one write at a time */
export function createScreen(output: Sink): Screen {
  let muted = false
  let taken = Promise.resolve()
  const stream = new Writable({
    decodeStrings: false,
    write(text, _encoding, done) {
      // Decided now, not after earlier writes to a slow terminal.
      if (!muted) {
        taken = taken.then(() => output.write(String(text)))
        // Reported by `flush`.
        taken.catch(() => undefined)
      }
      done()
    },
  })
  // readline reads the width from the stream.
  Object.defineProperty(stream, 'columns', { get: () => output.columns })
  return {
    stream,
    mute(on) {
      muted = on
    },
    flush: () => taken,
  }
}

/** A line, Ctrl-C (`interrupted`), Esc or the end of input (`declined`), or more than anybody types (`tooLong`). */
export type Reading =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'declined' }
  | { readonly kind: 'tooLong' }

/** The process was stopped; the text typed so far. */
interface Stopped {
  readonly kind: 'stopped'
  readonly text: string
}

/** A terminal to read from. */
export interface Keyboard {
  readonly input: Input
  readonly job: Job
  /** Rejects the reading with its reason. */
  readonly signal: AbortSignal
  /** Waits for what was typed ahead; ms. */
  readonly sleep: World['sleep']
}

export interface EditorOptions extends Keyboard {
  readonly output: Sink
  /** Whether to write words only, without escape sequences (docs/contract.md#colour-and-movement). */
  readonly plain: boolean
}

export interface LineOptions {
  /**
   * Whether to show the typed text. If not, it is a secret, which is pasted: blank lines before it are skipped, and
   * what is pasted with it belongs to the answer, so that it does not reach the shell.
   */
  readonly echo: boolean
  /** Whether text typed before the question is shown counts as the answer. */
  readonly typedAhead: 'keep' | 'discard'
}

/** Reads lines from a terminal, with line editing. */
export interface Editor {
  /**
   * If the process is stopped and continued meanwhile, the question is asked again, with what was typed.
   * Throws the signal's reason, and what the output throws.
   */
  readLine(question: string, options: LineOptions): Promise<Reading>
}

/** After this time (ms), an Esc is not the start of an arrow key that arrives in two pieces. */
const escapeMs = 100

/**
 * After this time without input (ms), all text typed ahead has arrived; a long paste comes in pieces. More than
 * `escapeMs`, so that an Esc typed ahead is complete too.
 */
const quietMs = escapeMs + 20

/** The most characters of a line, and lines of a secret: readline takes quadratic time for a line. */
const longestLine = 1024
const mostLines = 100

/** The maximum number of such waits: input that never pauses does not come from a person. */
const mostWaits = 25

/** Input that was typed before its question. */
interface Ahead {
  readonly readings: Reading[]
  /** Text not yet ended by Enter. */
  rest: string
}

/**
 * An editor on node:readline. Each question has its own readline interface, so that the terminal is in normal mode
 * between questions and while the process is stopped; further lines that arrive with an answer are kept for the next
 * questions.
 */
export function createEditor({ output, plain, ...keyboard }: EditorOptions): Editor {
  const { input, signal } = keyboard
  const ahead: Ahead = { readings: [], rest: '' }

  const ask = async (question: string, echo: boolean, typed: string): Promise<Reading | Stopped> => {
    const screen = createScreen(output)
    const terminal = inWords(plain, () => {
      const opened = createInterface({
        input,
        output: screen.stream,
        terminal: true,
        historySize: 0,
        escapeCodeTimeout: escapeMs,
        prompt: question,
      })
      opened.prompt()
      return opened
    })
    const stops = watchStops(keyboard.job)
    let end: Reading | Stopped | undefined
    try {
      const reading = read(terminal, ahead, {
        ...keyboard,
        echo,
        plain,
        stops,
        quiet: () => screen.mute(true),
        erase: (characters) => void screen.stream.write('\b \b'.repeat(characters)),
      })
      screen.mute(!echo)
      if (typed !== '') terminal.write(typed)
      end = await reading
      ahead.rest = end.kind === 'stopped' ? '' : terminal.line
      screen.mute(false)
      // With echo, Enter has already ended the line on the screen.
      if (!echo || end.kind !== 'line') screen.stream.write('\n')
      return end
    } finally {
      if (end === undefined) {
        // Interrupted by a signal: the error begins on a line of its own.
        screen.mute(false)
        screen.stream.write('\n')
      }
      terminal.close()
      await screen.flush()
      stops.restored()
      if (end?.kind === 'stopped') await stops.resumed
      stops.end()
    }
  }

  const discardAhead = async (): Promise<Reading | undefined> => {
    const interrupted = ahead.readings.some(({ kind }) => kind === 'interrupted')
    ahead.readings.length = 0
    ahead.rest = ''
    const end = interrupted ? 'interrupted' : await discard(keyboard)
    return end === undefined ? undefined : { kind: end }
  }

  /** An answer typed ahead, or the end of the input. */
  const known = (echo: boolean): { reading: Reading; shown: string } | undefined => {
    const reading = ahead.readings.shift() ?? (hasEnded(input) ? { kind: 'declined' } : undefined)
    return reading && { reading, shown: echo && reading.kind === 'line' ? visible(reading.text) : '' }
  }

  return {
    async readLine(question, { echo, typedAhead }) {
      let kept = ''
      for (;;) {
        signal.throwIfAborted()
        if (typedAhead === 'discard') {
          const end = await discardAhead()
          if (end !== undefined) return end
        }
        const early = known(echo)
        if (early !== undefined) {
          await output.write(`${question}${early.shown}\n`)
          return early.reading
        }
        const reading = await ask(question, echo, kept || ahead.rest)
        if (reading.kind !== 'stopped') return reading
        kept = reading.text
      }
    },
  }
}

/** readline reads the environment itself, and writes no escape sequences if TERM is dumb. */
function inWords<Opened>(plain: boolean, open: () => Opened): Opened {
  const { TERM } = process.env
  if (!plain || TERM === 'dumb') return open()
  process.env.TERM = 'dumb'
  try {
    return open()
  } finally {
    if (TERM === undefined) delete process.env.TERM
    else process.env.TERM = TERM
  }
}

/** The stop of a process that restores the terminal first. */
interface Stops {
  /** Set to what leaves the terminal when the process is to be stopped, or was. */
  leave: () => void
  /** The terminal is restored: the process may stop. */
  restored(): void
  readonly resumed: Promise<void>
  end(): void
}

function watchStops(job: Job): Stops {
  let restored: () => void = () => undefined
  const isRestored = new Promise<void>((resolve) => {
    restored = resolve
  })
  let resume: () => void = () => undefined
  const resumed = new Promise<void>((resolve) => {
    resume = resolve
  })
  const end = job.watch({
    stop() {
      stops.leave()
      return isRestored
    },
    resume() {
      stops.leave()
      resume()
    },
  })
  const stops: Stops = { leave: () => undefined, restored, resumed, end }
  return stops
}

/**
 * Puts the terminal into raw mode, and discards what was typed so far: in the stream, and in the terminal's line buffer.
 * Returns undefined once the input pauses, in raw mode; otherwise restores the terminal. A Ctrl-C in the discarded
 * input still interrupts. Throws the signal's reason.
 */
export async function discard(keyboard: Keyboard): Promise<'interrupted' | 'declined' | undefined> {
  const { input, job, signal, sleep } = keyboard
  let interrupted = false
  let came = false
  const onData = (chunk: Buffer | string): void => {
    came = true
    interrupted ||= chunk.includes('\x03')
    if (chunk.includes('\x1a')) job.stop()
  }
  // The terminal was closed; the stream is destroyed then.
  const onError = (): void => undefined
  let quiet = false
  input.on('error', onError)
  const leaveRaw = enterRaw(keyboard, {
    resume() {
      came = true
    },
  })
  input.on('data', onData)
  input.resume()
  try {
    for (let waits = 0; waits < mostWaits && !interrupted && !quiet; waits++) {
      came = false
      await sleep(quietMs, signal)
      // The timer may be late: all input that had arrived by then is delivered first.
      await new Promise((resolve) => setImmediate(resolve))
      signal.throwIfAborted()
      quiet = !came
    }
  } finally {
    // Paused, so that no input is lost before the question.
    input.pause()
    input.removeListener('data', onData)
    leaveRaw(quiet && !interrupted && !hasEnded(input))
    input.removeListener('error', onError)
  }
  if (interrupted) return 'interrupted'
  return quiet ? undefined : 'declined'
}

/**
 * Puts the terminal into raw mode, except while the process is stopped. Returns a function that ends this, and leaves
 * raw mode unless told to keep it.
 */
export function enterRaw(
  { input, job }: Keyboard,
  { resume, ...others }: Omit<Watcher, 'stop'>,
): (keep?: boolean) => void {
  const unwatch = job.watch({
    ...others,
    stop: () => void input.setRawMode?.(false),
    resume() {
      // Off first: the shell has changed the mode, which Node does not know.
      input.setRawMode?.(false)
      input.setRawMode?.(true)
      resume()
    },
  })
  input.setRawMode?.(true)
  return (keep = false) => {
    unwatch()
    if (!keep) input.setRawMode?.(false)
  }
}

interface ReadOptions extends Keyboard {
  readonly echo: boolean
  readonly plain: boolean
  readonly stops: Stops
  /** Shows no more of what is typed. */
  quiet(): void
  /** Erases the last characters on the screen. */
  erase(characters: number): void
}

/** The first of: Enter, Ctrl-C, Esc, the end of input, a stop, the signal. Lines after the first go to `ahead`. */
function read(terminal: Interface, ahead: Ahead, options: ReadOptions): Promise<Reading | Stopped> {
  const { input, job, signal, echo, plain, stops, quiet, erase } = options
  return new Promise((resolve, reject) => {
    let first: Reading | Stopped | undefined
    /** The lines of a secret. */
    const lines: string[] = []
    let pause: NodeJS.Timeout | undefined
    const end = (reading: Reading | Stopped): void => {
      if (first === undefined) {
        clearTimeout(pause)
        first = reading
        // The rest of the chunk belongs to the next question, which may have no echo.
        quiet()
        resolve(reading)
      } else if (first.kind !== 'stopped' && reading.kind !== 'stopped') {
        // Further lines of the same chunk were typed ahead. After Ctrl-Z they are dropped, as the terminal itself does.
        ahead.readings.push(reading)
      }
    }
    const endSecret = (): void => end({ kind: 'line', text: lines.join('\n') })
    const decline = (): void => (lines.length > 0 ? endSecret() : end({ kind: 'declined' }))
    const waitForMore = (): void => {
      clearTimeout(pause)
      pause = setTimeout(() => setImmediate(endSecret), quietMs)
    }
    const onKey = (_text: unknown, key: { name?: string; ctrl?: boolean } | undefined): void => {
      if (terminal.line.length > longestLine || lines.length > mostLines) end({ kind: 'tooLong' })
      else if (lines.length > 0) waitForMore()
      if (key?.ctrl && key.name === 'z' && process.platform !== 'win32') {
        stops.leave()
        job.stop()
      } else if (key?.name === 'escape') decline()
      else if (plain && /[\0-\x1f\x7f]$/.test(terminal.line)) edit(key?.name)
    }
    /** readline edits nothing if TERM is dumb: the key is in the line. */
    const edit = (name: string | undefined): void => {
      const before = [...terminal.line.slice(0, -1)]
      const after = name === 'backspace' ? before.slice(0, -1) : name === 'u' ? [] : before
      Object.assign(terminal, { line: after.join('') })
      erase(before.length - after.length)
    }
    const onAbort = (): void => reject(signal.reason)
    // On a dumb terminal Ctrl-Z is in the line.
    const typed = (): string => [...lines, terminal.line].join('\n').replaceAll('\x1a', '')
    stops.leave = () => end({ kind: 'stopped', text: typed() })
    terminal.on('line', (text) => {
      // readline also emits a line at the end of input, without Enter.
      if (first === undefined && hasEnded(input)) decline()
      else if (echo || first !== undefined) end({ kind: 'line', text })
      else {
        lines.push(text)
        waitForMore()
      }
    })
    terminal.on('SIGINT', () => end({ kind: 'interrupted' }))
    // Otherwise readline would stop the process itself, and leave the terminal in raw mode after `fg`.
    terminal.on('SIGTSTP', () => undefined)
    // Ctrl-D, the end of input, or a closed terminal.
    terminal.on('error', onClose)
    input.on('close', onClose)
    input.on('keypress', onKey)
    signal.addEventListener('abort', onAbort, { once: true })
    terminal.on('close', () => {
      clearTimeout(pause)
      input.removeListener('close', onClose)
      input.removeListener('keypress', onKey)
      signal.removeEventListener('abort', onAbort)
      onClose()
    })
    function onClose(): void {
      if (first === undefined) decline()
    }
  })
}

/** Whether the input has ended. Not part of NodeJS.ReadableStream, but of all streams used here. */
function hasEnded(input: Input): boolean {
  const ended = 'readableEnded' in input && input.readableEnded === true
  return ended || ('destroyed' in input && input.destroyed === true)
}
