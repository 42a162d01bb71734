import { clearLine, cursorTo, moveCursor } from 'node:readline'
import { Writable } from 'node:stream'
import ora, { type Ora } from 'ora'
import type { Sink } from '../world.ts'

export type Spinner = Pick<Ora, 'start' | 'stop' | 'text'>

/**
 * ora on a sink. It does not discard stdin, where an answer may be typed ahead, nor hide the cursor, which a killed
 * process would not restore, nor use colour.
 */
export function createSpinner(sink: Sink): Spinner {
  const stream = new Writable({
    decodeStrings: false,
    write(text, _encoding, done) {
      // Synchronous: ora hooks the process's own streams, and would redraw endlessly after a late write of its own.
      sink.write(String(text)).catch(() => undefined)
      done()
    },
  })
  const terminal = Object.assign(stream, {
    isTTY: true,
    cursorTo: (column: number) => cursorTo(stream, column),
    clearLine: (direction: -1 | 0 | 1) => clearLine(stream, direction),
    moveCursor: (across: number, down: number) => moveCursor(stream, across, down),
  })
  Object.defineProperty(terminal, 'columns', { get: () => sink.columns || 80 })
  return ora({ stream: terminal, isEnabled: true, discardStdin: false, hideCursor: false, color: false })
}
