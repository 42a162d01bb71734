import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'
import { visible } from '../visible.ts'
import type { Terminal as Input, Sink } from '../world.ts'

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

/** A line, Ctrl-C (`interrupted`), or Esc or the end of input (`declined`). */
export type Reading =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'declined' }

export interface EditorOptions {
  readonly input: Input
  readonly output: Sink
  /** Rejects the reading with its reason. */
  readonly signal: AbortSignal
}

export interface LineOptions {
  /** Whether to show the typed text. */
  readonly echo: boolean
  /** Whether text typed before the question is shown counts as the answer. */
  readonly typedAhead: 'keep' | 'discard'
}

/** Reads lines from a terminal, with line editing. */
export interface Editor {
  /** Throws the signal's reason, and what the output throws. */
  readLine(question: string, options: LineOptions): Promise<Reading>
}

/** After this time (ms), an Esc is not the start of an arrow key that arrives in two pieces. */
const escapeMs = 100

/**
 * After this time without input (ms), all text typed ahead has arrived; a long paste comes in pieces. More than
 * `escapeMs`, so that an Esc typed ahead is complete too.
 */
const quietMs = escapeMs + 20

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
 * between questions; further lines that arrive with an answer are kept for the next questions.
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
        // With echo, Enter has already ended the line on the screen.
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
 * Discards what was typed so far: in `ahead`, in the stream, and in the terminal's line buffer. Returns undefined once
 * the input pauses; the terminal is then in raw mode, as the question needs it. A Ctrl-C in the discarded input still
 * interrupts. Throws the signal's reason.
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
  // The terminal was closed; the stream is destroyed then.
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
    // Paused, so that no input is lost before the question.
    input.pause()
    input.removeListener('data', onData)
    if (!quiet || interrupted || hasEnded(input)) input.setRawMode?.(false)
    input.removeListener('error', onError)
  }
  if (interrupted) return { kind: 'interrupted' }
  return quiet ? undefined : { kind: 'declined' }
}

/** Resolves after `ms`, once all input that had arrived by then was delivered, even if the timer is late. */
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
      // Further lines of the same chunk were typed ahead.
      if (answered) return void ahead.readings.push(reading)
      answered = true
      // The rest of the chunk belongs to the next question, which may have no echo.
      quiet()
      resolve(reading)
    }
    const onKey = (_text: unknown, key: { name?: string } | undefined): void => {
      if (key?.name === 'escape') end({ kind: 'declined' })
    }
    const onAbort = (): void => reject(signal.reason)
    terminal.on('line', (text) => {
      // readline also emits a line at the end of input, without Enter.
      end(!answered && hasEnded(input) ? { kind: 'declined' } : { kind: 'line', text })
    })
    terminal.on('SIGINT', () => end({ kind: 'interrupted' }))
    // After Ctrl-Z and `fg`, readline leaves the input paused, in raw mode: not even Ctrl-C would arrive.
    terminal.on('SIGCONT', () => terminal.resume())
    // Ctrl-D, the end of input, or a closed terminal.
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

/** Whether the input has ended. Not part of NodeJS.ReadableStream, but of all streams used here. */
function hasEnded(input: Input): boolean {
  const ended = 'readableEnded' in input && input.readableEnded === true
  return ended || ('destroyed' in input && input.destroyed === true)
}
