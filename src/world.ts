import { setMaxListeners } from 'node:events'
import { fstatSync, statSync, write } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { CliError, ClosedPipe } from './errors.ts'

/** A stream narrowed to what is used of it. */
export interface Sink {
  readonly isTTY: boolean
  /** Characters across; undefined where nobody knows. */
  readonly columns: number | undefined
  /** Resolves when the reader has taken the text. Throws ClosedPipe when the reader went away. */
  write(text: string): Promise<void>
}

/** Everything outside: a process hands over its own, a test hands over what it wants to see used. */
export interface World {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined }
  readonly stdout: Sink
  readonly stderr: Sink
  readonly env: Readonly<Record<string, string | undefined>>
  /** Epoch ms. */
  now(): number
  /** At least 0, less than 1. */
  random(): number
  /** Resolves after `ms`; rejects with the signal's reason when that aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls `expire` after `ms`, unless the function it gives is called first: the limit of a request. */
  timer(ms: number, expire: () => void): () => void
  /** Resolves on the next turn of the event loop: when what has arrived so far was used. */
  pause(): Promise<void>
  /** Aborts with an `interrupted` error on Ctrl-C, SIGTERM and SIGHUP. */
  readonly signal: AbortSignal
  /** Whose process this is, for locks and journals. */
  readonly owner: { readonly pid: number; readonly host: string; readonly user: string }
  readonly platform: string
  readonly nodeVersion: string
}

/** Signals that end a command, and the exit codes that shells know them by. */
const interruptions = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

/** The world of a real process. A second signal ends it at once, for those who cannot wait. */
export function worldOf(process: NodeJS.Process): World {
  const once = <Value>(make: () => Value): (() => Value) => {
    let made: { value: Value } | undefined
    return () => {
      made ??= { value: make() }
      return made.value
    }
  }
  // Node opens each of its streams when it is first touched, which takes milliseconds.
  const stdout = once(() => sinkOf(1, () => process.stdout))
  const stderr = once(() => quiet(sinkOf(2, () => process.stderr)))
  const signal = once(() => signalOf(process))
  const owner = once(() => ({ pid: process.pid, host: hostname(), user: userName() }))
  return {
    get stdin() {
      return process.stdin
    },
    get stdout() {
      return stdout()
    },
    get stderr() {
      return stderr()
    },
    get owner() {
      return owner()
    },
    env: process.env,
    now: Date.now,
    random: Math.random,
    sleep: sleepFor,
    timer(ms, expire) {
      const timer = setTimeout(expire, Math.min(ms, longestTimer))
      return () => clearTimeout(timer)
    },
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    get signal() {
      return signal()
    },
    platform: process.platform,
    nodeVersion: process.versions.node,
  }
}

/**
 * A terminal is written through Node's stream. Files and pipes are written directly: the stream for them loads Node's
 * network code, which takes longer than most commands.
 */
function sinkOf(fd: number, stream: () => NodeJS.WriteStream): Sink {
  return isDevice(fd) ? streamSink(stream()) : fileSink(fd)
}

/** Whether it may be a terminal, which /dev/null is not. By its name: Node's module that knows it takes time to load. */
function isDevice(fd: number): boolean {
  try {
    const found = fstatSync(fd)
    return found.isCharacterDevice() && found.rdev !== statSync('/dev/null').rdev
  } catch {
    return true
  }
}

function fileSink(fd: number): Sink {
  let gone = false
  let last = Promise.resolve()
  const writeAll = async (text: string): Promise<void> => {
    const bytes = Buffer.from(text)
    for (let done = 0; done < bytes.length; ) {
      if (gone) throw new ClosedPipe()
      done += await writeSome(fd, bytes, done)
    }
  }
  return {
    isTTY: false,
    columns: undefined,
    write(text) {
      // One after the other: the system may take a part of a text at a time.
      const written = last.then(() => writeAll(text))
      last = written.catch((error: unknown) => {
        gone ||= error instanceof ClosedPipe
      })
      return written
    },
  }
}

/** How many bytes were taken; 0 when the pipe is full just now and its writer does not wait for it. */
function writeSome(fd: number, bytes: Buffer, from: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, from, bytes.length - from, null, (error, written) => {
      if (error === null) resolve(written)
      else if (error.code === 'EAGAIN') void sleepFor(1).then(() => resolve(0))
      else reject(error.code === 'EPIPE' ? new ClosedPipe() : error)
    })
  })
}

function streamSink(stream: NodeJS.WriteStream): Sink {
  let gone = false
  // Without a listener a terminal that went away ends the process with a stack trace.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    gone ||= error.code === 'EPIPE' || error.code === 'EIO'
  })
  return {
    get isTTY() {
      return stream.isTTY === true
    },
    get columns() {
      return stream.columns
    },
    write(text) {
      if (gone) return Promise.reject(new ClosedPipe())
      return new Promise((resolve, reject) => {
        stream.write(text, (error) => {
          if (!error) resolve()
          else reject(gone ? new ClosedPipe() : error)
        })
      })
    },
  }
}

/** What is said on the side is not worth failing for when nobody listens. */
function quiet(sink: Sink): Sink {
  return {
    get isTTY() {
      return sink.isTTY
    },
    get columns() {
      return sink.columns
    },
    write: (text) => sink.write(text).catch(() => undefined),
  }
}

/** By hand: Node's timers with promises are a module that is loaded for it. */
function sleepFor(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason)
      return
    }
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', stop)
        resolve()
      },
      Math.min(ms, longestTimer),
    )
    signal?.addEventListener('abort', stop, { once: true })
  })
}

/** Above this many ms Node's timers fire at once. */
const longestTimer = 2 ** 31 - 1

function signalOf(process: NodeJS.Process): AbortSignal {
  const controller = new AbortController()
  // Every request and every wait listens.
  setMaxListeners(0, controller.signal)
  for (const [name, code] of Object.entries(interruptions)) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(code)
      controller.abort(new CliError('interrupted', `interrupted by ${name}`, { exitCode: code }))
    })
  }
  return controller.signal
}

/** Containers run as users that have no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}
