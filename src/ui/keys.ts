import { emitKeypressEvents } from 'node:readline'
import { CliError } from '../errors.ts'
import type { Terminal as Input } from '../world.ts'

/** A pressed key: its name (`return`, `escape`, `up`, `a`), and whether Ctrl was held. */
export interface Key {
  readonly name: string
  readonly ctrl: boolean
}

/** Clears a terminal and moves to the top left. */
export const clearScreen = '\x1b[2J\x1b[3J\x1b[H'

/**
 * Yields keys as they are pressed. Restores the terminal when the iteration ends. Ends at the end of input; throws
 * `interrupted` on Ctrl-C, and the signal's reason.
 */
export async function* keysOf(input: Input, signal: AbortSignal): AsyncGenerator<Key, void, undefined> {
  const pressed: (Key | undefined)[] = []
  let wake: () => void = () => undefined
  const press = (key: Key | undefined): void => {
    pressed.push(key)
    wake()
  }
  const onKey = (
    text: string | undefined,
    key: { name?: string | undefined; ctrl?: boolean } | undefined,
  ): void => press({ name: key?.name ?? text ?? '', ctrl: key?.ctrl === true })
  const onEnd = (): void => press(undefined)
  const onAbort = (): void => wake()
  emitKeypressEvents(input)
  input.setRawMode?.(true)
  input.on('keypress', onKey)
  input.on('end', onEnd)
  signal.addEventListener('abort', onAbort, { once: true })
  input.resume()
  try {
    for (;;) {
      signal.throwIfAborted()
      if (pressed.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      const key = pressed.shift()
      if (key === undefined) return
      if (key.ctrl && key.name === 'c') throw new CliError('interrupted', 'interrupted', { exitCode: 130 })
      yield key
    }
  } finally {
    input.removeListener('keypress', onKey)
    input.removeListener('end', onEnd)
    signal.removeEventListener('abort', onAbort)
    input.setRawMode?.(false)
    input.pause()
  }
}
