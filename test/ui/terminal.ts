import { PassThrough } from 'node:stream'
import xterm from '@xterm/headless'
import type { Sink } from '../../src/world.ts'

/** A person's terminal: a keyboard to type on, and a screen to read. */
export function openTerminal(columns = 80) {
  const modes: boolean[] = []
  const keyboard = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode(raw: boolean) {
      modes.push(raw)
    },
  })
  const screen = new xterm.Terminal({ cols: columns, rows: 24, allowProposedApi: true, convertEol: true })
  const written: string[] = []
  const output: Sink = {
    isTTY: true,
    columns,
    write(text) {
      written.push(text)
      return new Promise((resolve) => screen.write(text, resolve))
    },
  }
  return {
    keyboard,
    output,
    /** Everything that was ever drawn, with its escape sequences. */
    written: () => written.join(''),
    /** The lines on the screen, without what is empty at their ends. */
    async lines(): Promise<string[]> {
      await new Promise<void>((resolve) => screen.write('', resolve))
      const buffer = screen.buffer.active
      const lines = Array.from(
        { length: buffer.length },
        (_, row) => buffer.getLine(row)?.translateToString(true).trimEnd() ?? '',
      )
      return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1)
    },
    /** Whether keys come one by one, unechoed by the terminal itself. */
    isRaw: () => modes.at(-1) ?? false,
  }
}

/** Waits until something holds; fails the test by its time-out where it never does. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 1))
}
