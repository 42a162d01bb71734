import {
  type BigIntStats,
  close as closeFile,
  constants,
  createReadStream,
  fstatSync,
  open as openFile,
} from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { Socket } from 'node:net'
import { resolve } from 'node:path'
import { addAbortSignal, Readable } from 'node:stream'
import { promisify } from 'node:util'
import { CliError } from '../errors.ts'
import { diskError } from '../storage/errors.ts'
import { chunksOf } from '../storage/lines.ts'
import type { Owner } from '../storage/process.ts'
import { openScratch } from '../storage/scratch.ts'
import { visible } from '../visible.ts'

/** Something to read, and how messages call it. */
export interface Source {
  readonly bytes: AsyncIterable<Uint8Array | string>
  readonly name: string
}

/** An input that can be read as often as needed. */
export interface TwiceReadable {
  /** How messages call it. */
  readonly name: string
  /** All of it, from the beginning. Ends with the signal's reason when that aborts. */
  read(): AsyncGenerator<Uint8Array>
  /** Whether this path, however it is spelled, leads to the file that is read; standard input may be one. */
  isFile(path: string): Promise<boolean>
  /** Closes it, and erases what was spooled. May be called twice. */
  close(): Promise<void>
}

export interface SpoolOptions {
  readonly stdin: NodeJS.ReadableStream
  readonly signal: AbortSignal
  /** Where standard input and pipes are spooled; made if it is missing. */
  readonly folder: string
  readonly owner: Pick<Owner, 'pid' | 'host'>
}

/**
 * Opens a file, or standard input for `-`. Reading ends with the signal's reason when that aborts, so that Ctrl-C
 * works while a pipe is silent. Throws `usage` naming the file where it cannot be read.
 */
export async function openInput(
  path: string,
  stdin: NodeJS.ReadableStream,
  signal: AbortSignal,
): Promise<Source> {
  if (path === '-') return { bytes: abortable(stdin, signal), name: 'standard input' }
  const name = visible(path)
  try {
    const stats = await stat(path)
    if (stats.isDirectory()) throw new CliError('usage', `cannot read ${name}: it is a folder`)
    if (stats.isFIFO()) return { bytes: abortable(await openFifo(path, signal), signal), name }
    const file = await open(path)
    return { bytes: abortable(createReadStream('', { fd: file }), signal), name }
  } catch (error) {
    signal.throwIfAborted()
    throw unreadable(name, error)
  }
}

/**
 * Opens a file, or standard input for `-`, to be checked first and sent afterwards. A regular file is read in place;
 * it is held open, so that another file of its name changes nothing. Anything else is spooled into a private file
 * that is gone when the process is, however it ends (docs/contract.md#import).
 *
 * @throws CliError `usage` where it cannot be read · `local_error` where the disk has no room for it · the signal's reason
 */
export async function openTwice(path: string, options: SpoolOptions): Promise<TwiceReadable> {
  const { stdin, signal, folder, owner } = options
  if (path !== '-') {
    const file = await inPlace(path, signal)
    if (file !== undefined) return file
  }
  // Asked first: a reader of all of it may close it.
  const input = path === '-' ? standardInput(stdin) : undefined
  const { bytes, name } = await openInput(path, stdin, signal)
  const scratch = await openScratch(folder, owner)
  try {
    for await (const chunk of bytes) await scratch.write(chunk)
  } catch (error) {
    await scratch.close()
    throw error
  }
  return {
    name,
    read: () => scratch.read(signal),
    isFile: async (other) => input !== undefined && isSame(other, input),
    close: () => scratch.close(),
  }
}

/** Undefined for what is not a regular file. */
async function inPlace(path: string, signal: AbortSignal): Promise<TwiceReadable | undefined> {
  const name = visible(path)
  const file = await stat(path)
    .then((stats) => (stats.isFile() ? open(path) : undefined))
    .catch((error: unknown) => {
      throw unreadable(name, error)
    })
  if (file === undefined) return undefined
  let closed: Promise<void> | undefined
  return {
    name,
    async *read() {
      try {
        yield* chunksOf(file, signal)
      } catch (error) {
        signal.throwIfAborted()
        throw diskError('read', name, error)
      }
    },
    async isFile(other) {
      // Another file may have taken its name meanwhile.
      return resolve(other) === resolve(path) || isSame(other, await file.stat({ bigint: true }))
    },
    close() {
      closed ??= file.close()
      return closed
    },
  }
}

/** What standard input is, where it is something of the system's. */
function standardInput(stdin: NodeJS.ReadableStream): BigIntStats | undefined {
  return 'fd' in stdin && typeof stdin.fd === 'number' ? fstatSync(stdin.fd, { bigint: true }) : undefined
}

async function isSame(path: string, { dev, ino }: BigIntStats): Promise<boolean> {
  const there = await stat(path, { bigint: true }).catch(() => undefined)
  return there !== undefined && there.dev === dev && there.ino === ino
}

/** The error of a file that cannot be opened; `name` is visible already. */
function unreadable(name: string, error: unknown): CliError {
  if (error instanceof CliError) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const reason = code === 'ENOENT' ? 'there is no such file' : String(code ?? error)
  return new CliError('usage', `cannot read ${name}: ${reason}`, { cause: error })
}

function abortable(stream: NodeJS.ReadableStream, signal: AbortSignal): AsyncGenerator<Uint8Array | string> {
  // At once, so that what is never read does not hold the process either.
  if (stream instanceof Readable) addAbortSignal(signal, stream)
  return untilAborted(stream, signal)
}

/** Streams end with an AbortError of their own; the signal's reason says why. */
async function* untilAborted(
  bytes: AsyncIterable<Uint8Array | string>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array | string> {
  try {
    yield* bytes
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}

/**
 * Opens a named pipe for reading, once somebody writes to it. Both the opening and the reading of one block a thread
 * of Node's, and with it the end of the process, for as long as nobody writes: so an opening that waits is woken by a
 * writer of our own when the signal aborts, and what is read goes through a socket, which does not block. Throws the
 * signal's reason, and the system's own errors.
 */
async function openFifo(path: string, signal: AbortSignal): Promise<Readable> {
  signal.throwIfAborted()
  const wake = (): void => {
    void open(path, constants.O_WRONLY | constants.O_NONBLOCK).then(
      (writer) => writer.close(),
      () => undefined,
    )
  }
  signal.addEventListener('abort', wake, { once: true })
  try {
    const fd = await promisify(openFile)(path, constants.O_RDONLY)
    if (signal.aborted) {
      await promisify(closeFile)(fd)
      throw signal.reason
    }
    return new Socket({ fd, readable: true, writable: false })
  } finally {
    signal.removeEventListener('abort', wake)
  }
}
