import { spawn } from '@lydell/node-pty'
import { Terminal } from '@xterm/headless'

const bin = new URL('../../bin/orafi.js', import.meta.url).pathname

/** A command in a real pseudo-terminal, with a screen that can be read. */
export interface Session {
  /** What a person sees now: the rows of the screen, without blanks at their ends. */
  screen(): string
  /** Everything that was written, escape sequences too. */
  raw(): string
  type(text: string): void
  /** Ends it, whatever it is doing. */
  kill(): void
  /** Closes the window. */
  close(): void
  /** Resolves with the screen once it shows the text. */
  see(text: string): Promise<string>
  /** Resolves once the screen is as it should be. `what` says in an error what was never there. */
  until(holds: (screen: string) => boolean, what: string): Promise<string>
  /** Forgets everything but the line with the cursor. */
  clear(): void
  /** Resolves with the exit code. */
  ended: Promise<number>
}

export interface Size {
  columns?: number
  rows?: number
}

/** Runs the built binary in a terminal of the given size. */
export function inTerminal(args: readonly string[], env: Record<string, string>, size: Size = {}): Session {
  return programInTerminal(process.execPath, [bin, ...args], env, size)
}

/** Runs any program in a terminal of the given size. */
export function programInTerminal(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
  { columns = 80, rows = 200 }: Size = {},
): Session {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 })
  const watchers = new Set<() => void>()
  const child = spawn(program, [...args], {
    cols: columns,
    rows,
    name: env.TERM ?? 'xterm-256color',
    env: { PATH: process.env.PATH ?? '', ...env },
  })
  // A terminal answers whoever asks what it can do; fish waits for that.
  terminal.onData((answer) => child.write(answer))
  let written = ''
  child.onData((data) => {
    written += data
    terminal.write(data, () => {
      for (const look of watchers) look()
    })
  })
  const screen = (): string => {
    const { active } = terminal.buffer
    const lines = Array.from(
      { length: active.length },
      (_, row) => active.getLine(row)?.translateToString(true) ?? '',
    )
    return lines.join('\n').trimEnd()
  }
  const until = (holds: (screen: string) => boolean, what: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!holds(screen())) return
        watchers.delete(look)
        clearTimeout(limit)
        resolve(screen())
      }
      const limit = setTimeout(() => reject(new Error(`${what} was never shown, but:\n${screen()}`)), 10_000)
      watchers.add(look)
      look()
    })
  return {
    screen,
    raw: () => written,
    type: (text) => child.write(text),
    kill: () => child.kill('SIGKILL'),
    // Not in its types.
    close: () => Object(child).destroy(),
    see: (text) => until((shown) => shown.includes(text), `'${text}'`),
    until,
    clear: () => terminal.clear(),
    ended: new Promise((resolve) => {
      child.onExit(({ exitCode, signal }) =>
        terminal.write('', () => resolve(signal ? 128 + signal : exitCode)),
      )
    }),
  }
}
