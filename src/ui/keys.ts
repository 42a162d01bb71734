import { emitKeypressEvents } from 'node:readline'
import { CliError } from '../errors.ts'
import type { Sink } from '../world.ts'
import { discard, enterRaw, type Keyboard } from './editor.ts'

/** A pressed key: its name (`return`, `escape`, `up`, `a`), and whether Ctrl was held; or `redraw`. */
export interface Key {
  readonly name: string
  readonly ctrl: boolean
  /** Whether others were pressed after it, so that the screen need not be drawn yet. */
  readonly hasNext: boolean
}

/** Clears a terminal and moves to the top left. */
export const clearScreen = '\x1b[2J\x1b[H'

/** The alternate screen: what was on the terminal before is there again afterwards. */
const alternate = { on: '\x1b[?1049h', off: '\x1b[?1049l' }

type Pressed = Omit<Key, 'hasNext'>

/** Yielded first, and whenever the screen is to be drawn again: after Ctrl-Z and `fg`, or with another size. */
const redraw: Pressed = { name: 'redraw', ctrl: false }

/**
 * Switches to the alternate screen, and yields keys as they are pressed; those pressed before the first `redraw` are
 * discarded. Ctrl-Z stops the process. Restores the terminal when the iteration ends. Throws `interrupted` on Ctrl-C,
 * `declined` at the end of input, and the signal's reason.
 */
export async function* keysOf(
  keyboard: Keyboard & { readonly output: Sink },
): AsyncGenerator<Key, void, undefined> {
  const { input, output, job, signal } = keyboard
  const pressed: (Pressed | 'interrupted' | 'declined')[] = []
  let wake: () => void = () => undefined
  const press = (key: Pressed | 'interrupted' | 'declined'): void => {
    pressed.push(key)
    wake()
  }
  /** Keys typed to the shell, or ahead of the screen, are no answer to it. */
  let isDrawn = false
  const draw = async (): Promise<void> => {
    isDrawn = false
    const end = await discard(keyboard)
    isDrawn = true
    press(end ?? redraw)
    input.resume()
  }
  const onKey = (
    text: string | undefined,
    key: { name?: string | undefined; ctrl?: boolean } | undefined,
  ): void => {
    const name = key?.name ?? text ?? ''
    const ctrl = key?.ctrl === true
    if (!isDrawn) return
    if (ctrl && name === 'z') job.stop()
    else press(ctrl && name === 'c' ? 'interrupted' : { name, ctrl })
  }
  const onEnd = (): void => press('declined')
  const onAbort = (): void => wake()
  const switchBack = (): Promise<void> => output.write(alternate.off)
  const unwatch = job.watch({ stop: switchBack, resume: () => void output.write(alternate.on) })
  await output.write(alternate.on)
  const leaveRaw = enterRaw(keyboard, {
    resume: () => void (isDrawn && draw().catch(onAbort)),
    resize: () => void (isDrawn && press(redraw)),
  })
  emitKeypressEvents(input)
  input.on('keypress', onKey)
  for (const event of ['end', 'close', 'error']) input.on(event, onEnd)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await draw()
    for (;;) {
      signal.throwIfAborted()
      const key = pressed.shift()
      if (key === 'interrupted') throw new CliError('interrupted', 'interrupted', { exitCode: 130 })
      if (key === 'declined') throw new CliError('declined', 'the terminal was closed')
      if (key !== undefined) yield { ...key, hasNext: pressed.length > 0 }
      else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  } finally {
    input.removeListener('keypress', onKey)
    for (const event of ['end', 'close', 'error']) input.removeListener(event, onEnd)
    signal.removeEventListener('abort', onAbort)
    leaveRaw()
    unwatch()
    input.pause()
    await switchBack()
  }
}
