import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { addAbortSignal, Readable } from 'node:stream'
import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'
import { openFifo } from './fifo.ts'

/** Something to read, and how messages call it. */
export interface Source {
  readonly bytes: AsyncIterable<Uint8Array | string>
  readonly name: string
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

/** The error of a file that cannot be opened; `name` is visible already. */
export function unreadable(name: string, error: unknown): CliError {
  if (error instanceof CliError) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const reason = code === 'ENOENT' ? 'there is no such file' : String(code ?? error)
  return new CliError('usage', `cannot read ${name}: ${reason}`, { cause: error })
}

function abortable(stream: NodeJS.ReadableStream, signal: AbortSignal): AsyncGenerator<Uint8Array | string> {
  if (stream instanceof Readable) addAbortSignal(signal, stream)
  return untilAborted(stream, signal)
}

/** Streams end with an AbortError of their own; whoever reads is told why. */
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
