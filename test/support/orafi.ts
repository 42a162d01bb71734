import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { CliError, ClosedPipe } from '../../src/errors.ts'
import { main } from '../../src/main.ts'
import type { Sink, World } from '../../src/world.ts'
import { type Clock, createClock, realTimer } from './clock.ts'
import { createJob } from './job.ts'

type StreamName = 'stdin' | 'stdout' | 'stderr'
type Signal = keyof typeof signalCodes
const signalCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }

/** How a command line is run. */
export interface Circumstances {
  /** What ORAFI_API_KEY holds. */
  key?: string | undefined
  /** What ORAFI_BASE_URL holds. */
  url?: string | undefined
  env?: Record<string, string> | undefined
  /** Everything is a terminal, or just the streams that are named. */
  tty?: boolean | readonly StreamName[] | undefined
  /** A function if the size of the terminal changes while the command runs. */
  columns?: number | (() => number) | undefined
  /** What stands in standard input; on a terminal a line is typed at each question, or all of it at a screen. */
  stdin?: string | Uint8Array | undefined
  /** What is typed on the controlling terminal, a line at each question; there is one only if this is given. */
  terminal?: string | undefined
  /** What is typed on the terminal before anything is asked. */
  typedAhead?: string | undefined
  /** The folder that holds config and state; one that lasts lets commands follow each other. */
  home?: string | undefined
  /** Called before anything is done, with what interrupts it, and what does so for the second time. */
  onStart?: ((interrupt: (signal?: Signal) => void, again: () => void) => void) | undefined
  /** Called whenever something was written. */
  onOutput?: ((soFar: Output, interrupt: (signal?: Signal) => void) => void) | undefined
  /** stdout goes away once this many characters were read. */
  closeAfter?: number | undefined
  clock?: Clock | undefined
  /** Instead of a timer that keeps real time. */
  timer?: World['timer'] | undefined
}

export interface Output {
  stdout: string
  stderr: string
}

export interface Result extends Output {
  code: number
  /** How long every wait was, in ms. */
  slept: readonly number[]
}

/** When tests take place: 2026-03-01T12:00:00Z. */
export const testTime = Date.UTC(2026, 2, 1, 12)

/** A folder of this test's own, gone when the test is. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'orafi-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/**
 * Runs a whole command line in this process: `orafi('customers get c_1 --json', { key })`. Words are split at blanks,
 * quotes keep them together. What it touches is a world of the test's making; nothing is mocked.
 */
export async function orafi(
  line: string | readonly string[],
  circumstances: Circumstances = {},
): Promise<Result> {
  const home = circumstances.home ?? (await temporaryFolder())
  const clock = circumstances.clock ?? createClock(testTime)
  const output: Output = { stdout: '', stderr: '' }
  const [controller, second] = [new AbortController(), new AbortController()]
  const interrupt = (signal: Signal = 'SIGINT'): void => {
    controller.abort(
      new CliError('interrupted', `interrupted by ${signal}`, { exitCode: signalCodes[signal] }),
    )
  }
  circumstances.onStart?.(interrupt, () => second.abort(new CliError('interrupted', 'interrupted again')))
  const isTTY = (name: StreamName): boolean =>
    Array.isArray(circumstances.tty) ? circumstances.tty.includes(name) : circumstances.tty === true
  const stdin = stdinOf(circumstances, isTTY('stdin'))
  const keyboard = Object.assign(new PassThrough(), { isTTY: true })
  const answer =
    circumstances.terminal !== undefined
      ? typist(keyboard, circumstances.terminal)
      : isTTY('stdin')
        ? typist(stdin, String(circumstances.stdin ?? ''))
        : () => undefined
  const sink = (name: 'stdout' | 'stderr'): Sink => ({
    isTTY: isTTY(name),
    get columns() {
      const { columns = 80 } = circumstances
      return isTTY(name) ? (typeof columns === 'function' ? columns() : columns) : undefined
    },
    async write(text) {
      if (
        name === 'stdout' &&
        output.stdout.length >= (circumstances.closeAfter ?? Number.POSITIVE_INFINITY)
      ) {
        throw new ClosedPipe()
      }
      output[name] += text
      circumstances.onOutput?.(output, interrupt)
      if (name === 'stderr') answer(text)
      // A real stream takes its time too: whoever forgets to wait shows here.
      await setImmediate()
    },
  })
  const world: World = {
    stdin,
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    terminal: async () => (circumstances.terminal === undefined ? undefined : keyboard),
    env: environment(circumstances, home),
    now: clock.now,
    random: seededRandom(),
    sleep: clock.sleep,
    timer: circumstances.timer ?? realTimer,
    pause: setImmediate,
    signal: controller.signal,
    hurry: second.signal,
    job: createJob().job,
    owner: { pid: process.pid, host: 'shop-desk', user: 'ada' },
    platform: 'linux',
    nodeVersion: '20.20.0',
  }
  const code = await main(typeof line === 'string' ? words(line) : line, world)
  return { code, ...output, slept: clock.slept }
}

function environment({ key, url, env }: Circumstances, home: string): Record<string, string> {
  return {
    ORAFI_CONFIG_DIR: join(home, 'config'),
    ORAFI_STATE_DIR: join(home, 'state'),
    TERM: 'xterm-256color',
    ...(key === undefined ? {} : { ORAFI_API_KEY: key }),
    ...(url === undefined ? {} : { ORAFI_BASE_URL: url }),
    ...env,
  }
}

/** A pipe ends after what stands in it; a terminal stays open until somebody types its end. */
function stdinOf({ stdin, typedAhead }: Circumstances, isTTY: boolean): PassThrough {
  const stream = Object.assign(new PassThrough(), { isTTY })
  if (isTTY && typedAhead !== undefined) stream.write(typedAhead)
  if (!isTTY) stream.end(stdin)
  return stream
}

/** A person at the keyboard: types a line of `text` at each question that is shown, or all of it at a whole screen. */
function typist(keyboard: PassThrough, text: string): (shown: string) => void {
  let left = text
  return (shown) => {
    const isScreen = shown.startsWith('\x1b[2J')
    if (left === '' || !(isScreen || /[:?\]] $/.test(shown))) return
    const typed = isScreen ? left : (/^[^\r\n]*[\r\n]?/.exec(left)?.[0] ?? '')
    left = left.slice(typed.length)
    keyboard.write(typed)
  }
}

/** Words as a shell splits them, without anything else that a shell does. */
export function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  )
}

/** Randomness that is the same in every run. */
export function seededRandom(seed = 1): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
