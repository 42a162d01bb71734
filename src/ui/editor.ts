import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'
import { visible } from '../visible.ts'
import type { Sink } from '../world.ts'

/** A sink as the kind of stream that readline draws on. */
export interface Screen {
  readonly stream: Writable
  /** What is drawn from here on is not shown. */
  mute(muted: boolean): void
  /** Resolves when everything shown has been taken. Throws what the sink throws. */
  flush(): Promise<void>
}

/** @param output where it appears; its texts arrive one after the other */
export function createScreen(output: Sink): Screen {
  let muted = false
  let taken = Promise.resolve()
  const stream = new Writable({
    decodeStrings: false,
    write(text, _encoding, done) {
      // Whether to show it is decided now, not when a slow terminal has taken what came before.
      if (!muted) {
        taken = taken.then(() => output.write(String(text)))
        // `flush` tells of it.
        taken.catch(() => undefined)
      }
      done()
    },
  })
  // readline asks the stream how wide it is.
  Object.defineProperty(stream, 'columns', { get: () => output.columns })
  return {
    stream,
    mute(on) {
      muted = on
    },
    flush: () => taken,
  }
}

/** A terminal's keyboard, or what stands for one. */
export type Input = NodeJS.ReadableStream & {
  readonly isTTY?: boolean | undefined
  setRawMode?(raw: boolean): unknown
}

/** How the reading of a line ended: with what was typed, with Ctrl-C, or with Esc or the end of input. */
export type Reading =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'declined' }

export interface EditorOptions {
  readonly input: Input
  readonly output: Sink
  /** Ends the reading with its reason. */
  readonly signal: AbortSignal
}

export interface LineOptions {
  /** Whether what is typed is shown. */
  readonly echo: boolean
  /** What becomes of what was typed before the question is shown: it answers it, or nobody ever reads it. */
  readonly typedAhead: 'keep' | 'discard'
}

/** Reads lines from a terminal, with the keys that people know: Backspace, Ctrl-U, arrows. */
export interface Editor {
  /** Throws the signal's reason, and what the output throws. */
  readLine(question: string, options: LineOptions): Promise<Reading>
}

/** Milliseconds until an Esc is one, and not the beginning of an arrow key that arrives in two pieces. */
const escapeMs = 100

/**
 * Milliseconds without a key until everything typed ahead has arrived: a long paste comes in pieces. More than
 * `escapeMs`, so that an Esc typed ahead is over too.
 */
const quietMs = escapeMs + 20

/** How often that is waited for: input that never pauses comes from no person who could read a question. */
const mostWaits = 25

/** What was typed before its question came: lines, and the keys that end everything. */
interface Ahead {
  readonly readings: Reading[]
  /** Typed, but not ended by Enter. */
  rest: string
}

/**
 * An editor over node:readline. Each reading has a readline of its own, so that the terminal is in its ordinary
 * mode between two questions; lines that came along with an answer are kept for the questions after it.
 */
export function createEditor({ input, output, signal }: EditorOptions): Editor {
  const ahead: Ahead = { readings: [], rest: '' }
  return {
    async readLine(question, { echo, typedAhead }) {
      signal.throwIfAborted()
      if (typedAhead === 'discard') {
        const end = await discard(input, ahead, signal)
        if (end !== undefined) return end
      }
      const typed = ahead.readings.shift()
      if (typed !== undefined) {
        await output.write(`${question}${echo && typed.kind === 'line' ? visible(typed.text) : ''}\n`)
        return typed
      }
      if (hasEnded(input)) {
        await output.write(`${question}\n`)
        return { kind: 'declined' }
      }
      const screen = createScreen(output)
      const terminal = createInterface({
        input,
        output: screen.stream,
        terminal: true,
        historySize: 0,
        escapeCodeTimeout: escapeMs,
      })
      try {
        const reading = read(terminal, ahead, { input, signal, quiet: () => screen.mute(true) })
        terminal.setPrompt(question)
        terminal.prompt()
        screen.mute(!echo)
        if (ahead.rest !== '') terminal.write(ahead.rest)
        const end = await reading
        ahead.rest = terminal.line
        screen.mute(false)
        // Enter has ended the line on the screen already where keys are shown; nothing else has.
        if (!echo || end.kind !== 'line') screen.stream.write('\n')
        return end
      } finally {
        terminal.close()
        await screen.flush()
      }
    },
  }
}

/**
 * Throws away what was typed so far, wherever it waits: in `ahead`, in the stream, or in the terminal, which keeps
 * lines to itself until somebody reads. Undefined once nothing more comes; the terminal then hands over each key at
 * once, as the question wants it. A Ctrl-C among what was typed still interrupts. Throws the signal's reason.
 */
async function discard(input: Input, ahead: Ahead, signal: AbortSignal): Promise<Reading | undefined> {
  let interrupted = ahead.readings.some(({ kind }) => kind === 'interrupted')
  let came = false
  ahead.readings.length = 0
  ahead.rest = ''
  const onData = (chunk: Buffer | string): void => {
    came = true
    interrupted ||= chunk.includes('\x03')
  }
  // A terminal that goes away; the stream is destroyed then.
  const onError = (): void => undefined
  let quiet = false
  input.setRawMode?.(true)
  input.on('data', onData)
  input.on('error', onError)
  input.resume()
  try {
    for (let waits = 0; waits < mostWaits && !interrupted && !quiet; waits++) {
      came = false
      await nextTurn(quietMs)
      signal.throwIfAborted()
      quiet = !came
    }
  } finally {
    // Paused, so that nothing is lost between here and the question.
    input.pause()
    input.removeListener('data', onData)
    if (!quiet || interrupted || hasEnded(input)) input.setRawMode?.(false)
    input.removeListener('error', onError)
  }
  if (interrupted) return { kind: 'interrupted' }
  return quiet ? undefined : { kind: 'declined' }
}

/** Resolves after `ms`, and once what had arrived by then was handed over, however late the timer is. */
function nextTurn(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(() => setImmediate(resolve), ms))
}

/** The first of: Enter, Ctrl-C, Esc, the end of input, the signal. Lines after the first go to `ahead`. */
function read(
  terminal: Interface,
  ahead: Ahead,
  { input, signal, quiet }: { input: Input; signal: AbortSignal; quiet(): void },
): Promise<Reading> {
  return new Promise((resolve, reject) => {
    let answered = false
    const end = (reading: Reading): void => {
      // More in the same chunk: it was typed ahead.
      if (answered) return void ahead.readings.push(reading)
      answered = true
      // What follows in the same chunk belongs to the next question, which may be one without echo.
      quiet()
      resolve(reading)
    }
    const onKey = (_text: unknown, key: { name?: string } | undefined): void => {
      if (key?.name === 'escape') end({ kind: 'declined' })
    }
    const onAbort = (): void => reject(signal.reason)
    terminal.on('line', (text) => {
      // readline ends a line for the end of input too, but nobody has pressed Enter.
      end(!answered && hasEnded(input) ? { kind: 'declined' } : { kind: 'line', text })
    })
    terminal.on('SIGINT', () => end({ kind: 'interrupted' }))
    // Ctrl-D, the end of input, or a terminal that went away.
    terminal.on('error', onClose)
    input.on('close', onClose)
    input.on('keypress', onKey)
    signal.addEventListener('abort', onAbort, { once: true })
    terminal.on('close', () => {
      input.removeListener('close', onClose)
      input.removeListener('keypress', onKey)
      signal.removeEventListener('abort', onAbort)
      onClose()
    })
    function onClose(): void {
      if (!answered) end({ kind: 'declined' })
    }
  })
}

/** Whether nothing more can come; the plain stream interface does not tell, the streams that there are do. */
function hasEnded(input: Input): boolean {
  const ended = 'readableEnded' in input && input.readableEnded === true
  return ended || ('destroyed' in input && input.destroyed === true)
}
