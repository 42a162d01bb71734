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

/** Something to read, and its name in messages. */
export interface Source {
  readonly bytes: AsyncIterable<Uint8Array | string>
  readonly name: string
}

/** An input that can be read repeatedly. */
export interface TwiceReadable {
  /** Its name in messages. */
  readonly name: string
  /** Reads all of it, from the start. Throws the signal's reason on abort. */
  read(): AsyncGenerator<Uint8Array>
  /** Whether a path, however it is spelled, is the file being read, which may be redirected standard input. */
  isFile(path: string): Promise<boolean>
  /** Closes it, and removes the spooled copy. May be called twice. */
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
 * Opens a file, or standard input for `-`. Reading throws the signal's reason on abort, so that Ctrl-C works while a
 * pipe is silent. Throws `usage` with the file's name if it cannot be read.
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
 * Opens a file, or standard input for `-`, to be checked first and sent afterwards. A regular file is read in place,
 * and kept open, so that replacing it has no effect. Anything else is spooled to a private file, which disappears with
 * the process, however it ends (docs/contract.md#import).
 * @throws CliError `usage` if it cannot be read · `local_error` if the disk is full · the signal's reason
 */
export async function openTwice(path: string, options: SpoolOptions): Promise<TwiceReadable> {
  const { stdin, signal, folder, owner } = options
  if (path !== '-') {
    const file = await inPlace(path, signal)
    if (file !== undefined) return file
  }
  // Before reading, which may close it.
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

/** Reads standard input into memory, for commands that write no file. Throws the signal's reason on abort. */
export async function inMemory(stdin: NodeJS.ReadableStream, signal: AbortSignal): Promise<TwiceReadable> {
  const { bytes, name } = await openInput('-', stdin, signal)
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(Buffer.from(chunk))
  return {
    name,
    async *read() {
      yield* chunks
    },
    isFile: async () => false,
    close: async () => undefined,
  }
}

/** Undefined if it is not a regular file. */
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
      // The path may lead to another file by now.
      return resolve(other) === resolve(path) || isSame(other, await file.stat({ bigint: true }))
    },
    close() {
      closed ??= file.close()
      return closed
    },
  }
}

/** Undefined if it is not a file descriptor. */
function standardInput(stdin: NodeJS.ReadableStream): BigIntStats | undefined {
  return 'fd' in stdin && typeof stdin.fd === 'number' ? fstatSync(stdin.fd, { bigint: true }) : undefined
}

async function isSame(path: string, { dev, ino }: BigIntStats): Promise<boolean> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined)
  return stats !== undefined && stats.dev === dev && stats.ino === ino
}

/** `name` is already `visible()`. */
function unreadable(name: string, error: unknown): CliError {
  if (error instanceof CliError) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const reason = code === 'ENOENT' ? 'there is no such file' : String(code ?? error)
  return new CliError('usage', `cannot read ${name}: ${reason}`, { cause: error })
}

function abortable(stream: NodeJS.ReadableStream, signal: AbortSignal): AsyncGenerator<Uint8Array | string> {
  // Now, so that a stream that is never read does not keep the process alive.
  if (stream instanceof Readable) addAbortSignal(signal, stream)
  return untilAborted(stream, signal)
}

/** Throws the signal's reason instead of the stream's own AbortError. */
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
 * Opens a named pipe for reading, once it has a writer. Until then, both opening and reading it block a Node thread and
 * with it the exit of the process. So on abort, a writer of our own unblocks the opening; and the pipe is read through a
 * socket, which does not block. Throws the signal's reason and system errors.
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
