import { setMaxListeners } from 'node:events'
import { closeSync, fstatSync, openSync, statSync, write } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { CliError, ClosedPipe } from './errors.ts'

/** An output stream. */
export interface Sink {
  readonly isTTY: boolean
  /** Whether another program reads it, which may show it on the same terminal. */
  readonly isPipe?: boolean
  /** The width in characters; undefined if unknown. */
  readonly columns: number | undefined
  /** The height in lines; undefined if unknown. */
  readonly rows?: number | undefined
  /** Resolves when the text is written. Throws ClosedPipe if the reader has closed the pipe. */
  write(text: string): Promise<void>
}

/** The input of a terminal. */
export type Terminal = NodeJS.ReadableStream & {
  readonly isTTY?: boolean | undefined
  setRawMode?(raw: boolean): unknown
  destroy?(): unknown
}

/** What a user of the terminal does when the process is stopped (Ctrl-Z), continued (`fg`), or the window resized. */
export interface Watcher {
  /** Restores the terminal, for the shell. The process stops once this has resolved. */
  stop(): Promise<void> | void
  /** Takes the terminal again. Also called without `stop` before: SIGSTOP cannot be caught. */
  resume(): void
  resize?(): void
}

/** The job control of the shell that runs this process. */
export interface Job {
  /** Stops the whole job, as Ctrl-Z does, which a terminal in raw mode only delivers as a key. */
  stop(): void
  /** Returns a function that ends the watch. */
  watch(watcher: Watcher): () => void
}

/** Everything outside of the program: streams, environment, clock, randomness, signals. Tests pass their own. */
export interface World {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined }
  readonly stdout: Sink
  readonly stderr: Sink
  /**
   * Opens the controlling terminal for reading, which exists also if standard input is a pipe. Undefined if there is none.
   * The caller destroys it.
   */
  terminal(): Promise<Terminal | undefined>
  readonly env: Readonly<Record<string, string | undefined>>
  /** Epoch ms. */
  now(): number
  /** At least 0, less than 1. */
  random(): number
  /** Resolves after `ms`; rejects with the signal's reason when that aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /**
   * Calls `expire` after `ms`, but not before input that arrived in time is delivered: not even after the process was
   * stopped for longer. The returned function cancels it.
   */
  timer(ms: number, expire: () => void): () => void
  /** Resolves on the next turn of the event loop, after pending I/O. */
  pause(): Promise<void>
  /** Aborts with an `interrupted` error on Ctrl-C, SIGTERM and SIGHUP. */
  readonly signal: AbortSignal
  /** Aborts on a second one: changes that were sent are not waited for any more. */
  readonly hurry: AbortSignal
  readonly job: Job
  /** The process and its user, for locks and journals. */
  readonly owner: { readonly pid: number; readonly host: string; readonly user: string }
  readonly platform: string
  readonly nodeVersion: string
}

/** Signals that end a command, with their exit codes. */
const interruptions = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

/** The world of a real process. A third signal exits at once. */
export function worldOf(process: NodeJS.Process): World {
  const once = <Value>(make: () => Value): (() => Value) => {
    let made: { value: Value } | undefined
    return () => {
      made ??= { value: make() }
      return made.value
    }
  }
  // Node opens each of its streams on first access, which takes milliseconds.
  const stdout = once(() => sinkOf(1, () => process.stdout))
  const stderr = once(() => ignoringErrors(sinkOf(2, () => process.stderr)))
  const signals = once(() => signalsOf(process))
  const job = once(() => jobOf(process))
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
    terminal: openTerminal,
    env: process.env,
    now: Date.now,
    random: Math.random,
    sleep: sleepFor,
    timer,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    get signal() {
      return signals().signal
    },
    get hurry() {
      return signals().hurry
    },
    get job() {
      return job()
    },
    platform: process.platform,
    nodeVersion: process.versions.node,
  }
}

async function openTerminal(): Promise<Terminal | undefined> {
  let fd: number | undefined
  try {
    fd = openSync('/dev/tty', 'r')
    // It takes time to load.
    const { ReadStream } = await import('node:tty')
    const stream = new ReadStream(fd)
    // When the terminal is closed; whoever reads sees the end.
    stream.on('error', () => undefined)
    return stream
  } catch {
    if (fd !== undefined) closeSync(fd)
    return undefined
  }
}

/**
 * Terminals are written with Node's stream. Files and pipes are written directly, since Node's stream for them loads
 * its network code, which takes longer than most commands.
 */
function sinkOf(fd: number, stream: () => NodeJS.WriteStream): Sink {
  return isDevice(fd) ? streamSink(stream()) : fileSink(fd)
}

/** Whether it may be a terminal, which /dev/null is not. Without node:tty, which takes time to load. */
function isDevice(fd: number): boolean {
  try {
    const found = fstatSync(fd)
    return found.isCharacterDevice() && found.rdev !== statSync('/dev/null').rdev
  } catch {
    return true
  }
}

function isPipe(fd: number): boolean {
  const found = fstatSync(fd)
  return found.isFIFO() || found.isSocket()
}

/** Whether it is a pseudo-terminal whose window was closed. Only known on Linux. */
function isClosedTerminal(fd: number): boolean {
  try {
    const found = fstatSync(fd)
    const isPseudo =
      process.platform === 'linux' && found.isCharacterDevice() && found.rdev >> 11 === 136 >> 3
    return isPseudo && !process.getBuiltinModule('node:tty').isatty(fd)
  } catch {
    return false
  }
}

function fileSink(fd: number): Sink {
  let closed = false
  let last = Promise.resolve()
  const writeAll = async (text: string): Promise<void> => {
    const bytes = Buffer.from(text)
    for (let done = 0; done < bytes.length; ) {
      if (closed) throw new ClosedPipe()
      done += await writeSome(fd, bytes, done)
    }
  }
  return {
    isTTY: false,
    isPipe: isPipe(fd),
    columns: undefined,
    write(text) {
      // One write at a time: the system may accept only a part of a text.
      const written = last.then(() => writeAll(text))
      last = written.catch((error: unknown) => {
        closed ||= error instanceof ClosedPipe
      })
      return written
    },
  }
}

/** Resolves with the number of bytes written; 0 if a non-blocking pipe is full. */
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
  let closed = false
  // Without a listener, a closed terminal would end the process with a stack trace.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    closed ||= error.code === 'EPIPE' || error.code === 'EIO'
  })
  return {
    get isTTY() {
      return stream.isTTY === true
    },
    get columns() {
      return stream.columns
    },
    get rows() {
      return stream.rows
    },
    write(text) {
      if (closed) return Promise.reject(new ClosedPipe())
      return new Promise((resolve, reject) => {
        stream.write(text, (error) => {
          if (!error) resolve()
          else reject(closed ? new ClosedPipe() : error)
        })
      })
    },
  }
}

/** A sink that ignores write errors: a command must not fail because stderr is closed. */
function ignoringErrors(sink: Sink): Sink {
  return writingBy(sink, (text) => sink.write(text).catch(() => undefined))
}

/** The same sink, which writes in another way. */
export function writingBy(sink: Sink, write: Sink['write']): Sink {
  // By prototype, since a terminal may have another size each time it is asked.
  return Object.create(sink, { write: { value: write } })
}

/** Without node:timers/promises, which takes time to load. */
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

/** A timer later than this (ms) was held up, and so was the input. */
const mostLate = 100

function timer(ms: number, expire: () => void): () => void {
  let running: NodeJS.Timeout
  let cancelled = false
  const wait = (delay: number): void => {
    const due = performance.now() + delay
    running = setTimeout(() => {
      if (performance.now() - due > mostLate) wait(mostLate)
      else setImmediate(() => cancelled || expire())
    }, delay)
  }
  wait(Math.min(ms, longestTimer))
  return () => {
    cancelled = true
    clearTimeout(running)
  }
}

/** Node's timers with a longer delay (ms) fire immediately. */
const longestTimer = 2 ** 31 - 1

function signalsOf(process: NodeJS.Process): Pick<World, 'signal' | 'hurry'> {
  const [first, second] = [new AbortController(), new AbortController()]
  // Every request and every wait adds a listener.
  setMaxListeners(0, first.signal)
  for (const [name, code] of Object.entries(interruptions)) {
    process.on(name, () => {
      if (second.signal.aborted) process.exit(code)
      const next = first.signal.aborted ? second : first
      next.abort(new CliError('interrupted', `interrupted by ${name}`, { exitCode: code }))
    })
  }
  // Ctrl-\ still ends everything at once, but restores the terminal, and writes no memory, with the key, to a file.
  process.on('SIGQUIT', () => process.exit(131))
  process.on('exit', (code) => {
    if (![0, 1, 2].some(code === interruptions.SIGHUP ? isDevice : isClosedTerminal)) return
    // Node would abort on the way out, since it cannot restore a terminal that is gone. For a shell this is 129, too.
    process.removeAllListeners('SIGHUP')
    process.kill(process.pid, 'SIGHUP')
  })
  return { signal: first.signal, hurry: second.signal }
}

/** After this time (ms) a process that was to be stopped has been: if it is still running, nobody could continue it. */
const stopMs = 20

function jobOf(process: NodeJS.Process): Job {
  const watchers = new Set<Watcher>()
  let stopping = false
  let alive: NodeJS.Timeout | undefined
  const resume = (): void => {
    stopping = false
    clearTimeout(alive)
    for (const watcher of watchers) watcher.resume()
    // The window may have another size by now; Node looks at it on this signal only.
    process.emit('SIGWINCH')
  }
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    await Promise.allSettled([...watchers].map((watcher) => watcher.stop()))
    // Without a listener the signal stops the process; not SIGSTOP, which would also stop a process without a shell.
    process.off('SIGTSTP', stop)
    process.kill(process.pid, 'SIGTSTP')
    process.on('SIGTSTP', stop)
    await sleepFor(stopMs)
    if (stopping) resume()
  }
  return {
    stop() {
      if (process.platform === 'win32') return
      // Until the signal arrives, nothing else may keep the process from ending.
      alive = setTimeout(() => undefined, 10_000)
      // All of a pipeline, or the shell would wait for the rest of it.
      process.kill(0, 'SIGTSTP')
    },
    watch(watcher) {
      if (process.listenerCount('SIGTSTP') === 0 && process.platform !== 'win32') {
        process.on('SIGTSTP', stop)
        process.on('SIGCONT', resume)
        // A third Ctrl-C ends the process at once, and the terminal has to be restored.
        process.on('exit', () => {
          for (const each of watchers) void each.stop()
        })
        process.on('SIGWINCH', () => {
          for (const each of watchers) each.resize?.()
        })
      }
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
  }
}

/** Containers may run as users without a name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}
