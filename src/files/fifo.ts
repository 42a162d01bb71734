import { close, constants, open } from 'node:fs'
import { open as openHandle } from 'node:fs/promises'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'

/**
 * Opens a named pipe for reading, once somebody writes to it. Both the opening and the reading of one block a thread
 * of Node's, and with it the end of the process, for as long as nobody writes: so an opening that waits is woken by a
 * writer of our own when the signal aborts, and what is read goes through a socket, which does not block. Throws the
 * signal's reason, and the system's own errors.
 */
export async function openFifo(path: string, signal: AbortSignal): Promise<Readable> {
  signal.throwIfAborted()
  const wake = (): void => {
    void openHandle(path, constants.O_WRONLY | constants.O_NONBLOCK).then(
      (writer) => writer.close(),
      () => undefined,
    )
  }
  signal.addEventListener('abort', wake, { once: true })
  try {
    const fd = await promisify(open)(path, constants.O_RDONLY)
    if (signal.aborted) {
      await promisify(close)(fd)
      throw signal.reason
    }
    return new Socket({ fd, readable: true, writable: false })
  } finally {
    signal.removeEventListener('abort', wake)
  }
}
