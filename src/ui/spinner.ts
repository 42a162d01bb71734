import { clearLine, cursorTo, moveCursor } from 'node:readline'
import { Writable } from 'node:stream'
import ora, { type Ora } from 'ora'
import type { Sink } from '../world.ts'

export type Spinner = Pick<Ora, 'start' | 'stop' | 'text'>

/**
 * ora on a sink. It neither touches stdin, where an answer may be typed ahead, nor hides the cursor, which a
 * killed process would not bring back, nor chooses colours, which are not its to choose.
 */
export function createSpinner(sink: Sink): Spinner {
  const stream = new Writable({
    decodeStrings: false,
    write(text, _encoding, done) {
      // At once, not on a later turn: ora watches the process's own streams while it turns, and would take a late
      // write of its own for somebody else's, and draw again, without end.
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
