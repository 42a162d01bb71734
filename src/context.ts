import { join } from 'node:path'
import type { Mode } from './api/customer.ts'
import { type Business, pages } from './api/customers.ts'
import { type Folders, folders as foldersOf } from './config/environment.ts'
import type { TwiceReadable } from './files/input.ts'
import { type GlobalOptions, type Prints, settingsOf } from './globals.ts'
import type { RunHeader } from './journal/records.ts'
import type { OpenRun } from './journal/run.ts'
import type { Surface } from './output/columns.ts'
import { renderOutputFailure, traceOf } from './output/errors.ts'
import type { Result } from './output/result.ts'
import {
  businessOf,
  openClientFor,
  openSession,
  type Session,
  type SessionRequest,
  type SessionSources,
} from './session.ts'
import { reasonOf } from './storage/errors.ts'
import type { Key } from './ui/keys.ts'
import type { Prompts } from './ui/prompts.ts'
import { createStatus } from './ui/status.ts'
import type { Activity } from './ui/status-text.ts'
import type { Terminal, World } from './world.ts'

/** Makes a commander action of a command's function, which gets the context before the arguments. */
export type Run = <Args extends unknown[]>(
  work: (context: Context, ...args: Args) => Promise<void>,
  prints?: Prints,
) => (...args: Args) => Promise<void>

/** The world and the parsed options of a command, and what it opens on demand. */
export interface Context {
  readonly world: World
  readonly options: GlobalOptions
  /** The command line, for hints that repeat it. */
  readonly argv: readonly string[]
  readonly version: string
  readonly signal: AbortSignal
  /** `--test` or `--live`, if given. */
  readonly mode: Mode | undefined
  readonly sandbox: boolean
  /** Whether to use words and whole lines only: no colour, symbols, redrawing or cursor keys (ACCESSIBLE, TERM=dumb). */
  readonly plain: boolean
  /** Whether `print` makes a table: on a terminal, or with `--table`. */
  readonly tabular: boolean
  /** Whether the command can prompt (docs/contract.md#asking). */
  readonly canAsk: boolean
  /** Standard input is read as data: from now on questions are asked on the controlling terminal, if there is one. */
  askOnTerminal(): Promise<void>
  folders(): Promise<Folders>
  session(request?: SessionRequest): Promise<Session>
  /** Checks a key with one small request, then requests its business. Throws the error of the first request. */
  verify(key: string, baseUrl: string): Promise<Business | undefined>
  /** Starts a run in the journal. Throws `local_error` if it cannot be written. */
  openRun(session: Session, what: RunRequest): Promise<OpenRun>
  /** Locks the account until the command ends: one import or undo at a time. Throws `local_error` naming the holder. */
  lockIdentity(session: Session, what: string): Promise<void>
  /** @param otherwise what is said if the question is not answered: `nothing was deleted` */
  prompts(otherwise: string): Promise<Prompts>
  /** Keys as they are pressed, and `redraw`, first, to draw the screen; Ctrl-C interrupts. Only if `canAsk`. */
  keys(): Promise<AsyncIterable<Key>>
  /** Clears the screen and shows the text for its size. */
  redraw(text: (surface: Surface) => string): Promise<void>
  print(result: Result): Promise<void>
  /**
   * Prints the result of a change, then its summary on stderr. If stdout cannot be written, the summary and the ids are
   * printed there in spite of `--quiet`, with a warning: a script must not repeat a change because its output was lost.
   */
  printChange(result: Result, summary: ChangeSummary): Promise<void>
  /** Shows a table on stderr that belongs to a question, as `about`; of customers, these fields. */
  show(result: Result, fields?: readonly string[]): Promise<void>
  /** Prints a line on stderr that belongs to a question. With `--quiet` only if it is asked. */
  about(line: string): Promise<void>
  /** Prints a line on stderr, except with `--quiet`. */
  note(line: string): Promise<void>
  /** Prints a line on stderr, also with `--quiet`. */
  warn(line: string): Promise<void>
  /** Says what the command is doing, for the status line; undefined clears it. */
  status(activity: Activity | undefined): void
  /** Says how many are done, each time the returned function is called with their number. */
  counting(what: string, unit?: string): (done: number) => void
  /** Says how many of `total` items are done: the returned function is called after each. */
  progress(
    what: string,
    total: number,
    throttle: { readonly allowed: number },
  ): (how: 'done' | 'failed') => void
  /**
   * Opens a file, or standard input for `-`, and closes it when the command ends. Throws `usage` if it cannot be read,
   * `local_error` if standard input cannot be spooled.
   */
  input(path: string): Promise<TwiceReadable>
  /** Registers a function to call when the command ends; last registered, first called. */
  onClose(end: () => Promise<void>): void
  /** Closes everything that was opened, in reverse order. */
  close(): Promise<void>
}

/** The summary of a change on stderr, and what to say if stdout was lost. */
export interface ChangeSummary {
  readonly summary: readonly string[]
  /** The ids by outcome (`Deleted`); visible(). The summary names the customer of a create itself. */
  readonly ids?: Readonly<Record<string, readonly string[]>> | undefined
  /** Whether anything was changed; by default, whether there is a run or a customer. */
  readonly changed?: boolean | undefined
  readonly run?: string | undefined
  /** The customer that was created. */
  readonly id?: string | undefined
}

/** The fields of a run's header that the command sets. */
export type RunRequest = Pick<RunHeader, 'command' | 'personal'> & { readonly undoes?: string | undefined }

/** What `createContext` needs besides the world and the options. */
export interface Invocation {
  readonly prints: Prints
  readonly argv: readonly string[]
  readonly version: string
  /** Registers a mask for a key in use, which applies to everything printed on stderr from then on. */
  readonly hideWith: (mask: (text: string) => string) => void
}

/**
 * The context of one command. Opens nothing yet.
 * Throws `usage` for options that cannot be used together or not with this command.
 */
export function createContext(world: World, options: GlobalOptions, invocation: Invocation): Context {
  const settings = settingsOf(options, invocation.prints, world)
  const { stderr: screen, now, timer } = world
  const isInterrupted = (): boolean => world.signal.aborted
  const status = createStatus({ stderr: screen, mode: settings.status, now, timer, isInterrupted })
  const stdout = status.around(world.stdout)
  const stderr = status.around(world.stderr)
  const closing: (() => Promise<void>)[] = []
  if (settings.status === 'line') {
    const unwatch = world.job.watch({ stop: status.hide, resume: status.redraw })
    closing.push(async () => unwatch())
  }
  let found: Promise<Folders> | undefined
  let answersFrom = (): Terminal | undefined => world.stdin

  const folders = (): Promise<Folders> => {
    found ??= foldersOf(world.env)
    return found
  }

  const sources: SessionSources = {
    world,
    options: { ...options, sandbox: settings.sandbox, mode: settings.mode },
    userAgent: `orafi-cli/${invocation.version} node/${world.nodeVersion} ${world.platform}`,
    folders,
    async store() {
      const { readStore } = await import('./config/store.ts')
      return readStore((await folders()).config)
    },
    onEvent(event) {
      status.observe(event)
      if (settings.debug) void stderr.write(`${traceOf(event)}\n`)
    },
  }

  const print = async (result: Result): Promise<void> => {
    const { createPrinter } = await import('./output/printer.ts')
    const { format, colour } = settings
    const { fields, excelSafe, delimiter } = options
    const printer = {
      stdout,
      format,
      fields,
      excelSafe,
      delimiter,
      colour: colour.stdout,
      columns: settings.columns,
      pause: world.pause,
    }
    await createPrinter(printer).print(result)
  }

  /** Writes a message to stderr, wrapped and in colour if that is a terminal. */
  const say = async (message: string): Promise<void> => {
    if (!stderr.isTTY) return stderr.write(`${message}\n`)
    const { renderMessage } = await import('./output/message.ts')
    await stderr.write(`${renderMessage(message, stderr.columns, settings.colour.stderr)}\n`)
  }

  const note = async (line: string): Promise<void> => {
    if (options.quiet === undefined) await say(line)
  }

  /** With `--quiet`, what belongs to a question that may not be asked. */
  const held: (() => Promise<void>)[] = []
  const beforeQuestion = async (write: () => Promise<void>): Promise<void> => {
    if (options.quiet) held.push(write)
    else await write()
  }

  return {
    world,
    options,
    argv: invocation.argv,
    version: invocation.version,
    signal: world.signal,
    mode: settings.mode,
    sandbox: settings.sandbox,
    plain: settings.plain,
    tabular: settings.format === 'table' || (settings.format === 'default' && world.stdout.isTTY),
    get canAsk() {
      // Standard input last, since opening it takes milliseconds.
      return settings.mayAsk && answersFrom()?.isTTY === true
    },
    async askOnTerminal() {
      const terminal = settings.mayAsk ? await world.terminal() : undefined
      answersFrom = () => terminal
      if (terminal !== undefined) closing.push(async () => void terminal.destroy?.())
    },
    folders,
    async session(request = {}) {
      if (settings.sandbox) status.set({ what: 'starting the sandbox' })
      const session = await openSession(sources, request)
      status.set(undefined)
      invocation.hideWith(session.client.mask)
      closing.push(() => session.close())
      const shadowed = request.changing ? await session.shadows() : undefined
      if (shadowed !== undefined)
        await note(`note: ORAFI_API_KEY (${session.key.masked}) is used, not the stored profile ${shadowed}`)
      const { listMode } = request
      const { mode, masked } = session.key
      // docs/contract.md#which-key
      if (listMode !== undefined && listMode !== mode)
        await say(`warning: this is a ${mode} key (${masked}): it returns ${mode} data, regardless of --mode`)
      return session
    },
    async verify(key, baseUrl) {
      const client = await openClientFor(sources, {}, { key, baseUrl, readOnly: true })
      invocation.hideWith(client.mask)
      closing.push(() => client.close())
      for await (const _page of pages(client, {}, { limit: 1 })) break
      return (await businessOf(client, world)) ?? undefined
    },
    async openRun(session, what) {
      const [{ openRun }, { state }] = await Promise.all([import('./journal/run.ts'), folders()])
      const who = `${world.owner.user}@${world.owner.host}`
      const header = {
        ...what,
        who,
        identity: session.identity,
        key: { masked: session.key.masked, hash: await session.key.hash() },
      }
      const { owner, now, random } = world
      const run = await openRun({ folder: join(state, 'runs'), header, owner, now, random })
      closing.push(() => run.close())
      return run
    },
    async lockIdentity(session, what) {
      const [{ lockIdentity }, { state }] = await Promise.all([import('./journal/run.ts'), folders()])
      const lock = await lockIdentity({
        state,
        place: { baseUrl: session.baseUrl, key: { mode: session.key.mode, hash: await session.key.hash() } },
        identity: session.identity,
        what,
        owner: world.owner,
        now: world.now,
      })
      closing.push(() => lock.release())
    },
    async prompts(otherwise) {
      const { createPrompts } = await import('./ui/prompts.ts')
      status.set(undefined)
      for (const write of held.splice(0)) await write()
      const input = answersFrom()
      if (input === undefined) throw new Error('prompting is not possible')
      return createPrompts({
        input,
        output: stderr,
        job: world.job,
        signal: world.signal,
        sleep: world.sleep,
        colour: settings.colour.stderr,
        plain: settings.plain,
        otherwise,
      })
    },
    async keys() {
      const { keysOf } = await import('./ui/keys.ts')
      status.set(undefined)
      const { stdin: input, job, signal, sleep } = world
      return keysOf({ input, output: stderr, job, signal, sleep })
    },
    async redraw(text) {
      const [{ clearScreen }, { createPaint }] = await Promise.all([
        import('./ui/keys.ts'),
        import('./output/columns.ts'),
      ])
      const { columns, rows } = world.stderr
      const paint = createPaint(settings.colour.stderr)
      await stderr.write(`${clearScreen}${text({ columns: columns || 80, rows: rows || undefined, paint })}`)
    },
    print,
    async printChange(result, change) {
      const { summary, ids = {}, run, id, changed = run !== undefined || id !== undefined } = change
      let failure: unknown
      await print(result).catch((error: unknown) => {
        failure = error ?? new Error('unknown error')
      })
      for (const line of summary) await (failure === undefined ? note(line) : say(line))
      if (failure === undefined) return
      for (const [outcome, which] of Object.entries(ids))
        if (which.length > 0) await say(`${outcome}: ${which.join(', ')}`)
      const json = settings.format === 'json' || settings.format === 'ndjson'
      const warning = renderOutputFailure(reasonOf(failure).reason, { run, id, changed }, json)
      await (json ? stderr.write(`${warning}\n`) : say(warning))
    },
    async show(result, fields) {
      const { createPrinter } = await import('./output/printer.ts')
      const screen = { isTTY: true, columns: world.stderr.columns, write: stderr.write }
      const printer = createPrinter({
        stdout: screen,
        format: 'default',
        colour: settings.colour.stderr,
        preview: true,
        fields,
        pause: world.pause,
      })
      await beforeQuestion(() => printer.print(result))
    },
    about: (line) => beforeQuestion(() => say(line)),
    note,
    warn: say,
    status: status.set,
    counting: (what, unit = 'customer') => {
      status.set({ what })
      return (done) => status.set({ what, done, unit })
    },
    progress(what, total, throttle) {
      let done = 0
      let failed = 0
      // A single request says more about itself.
      const show = (): void =>
        status.set(total === 1 ? undefined : { what, done, total, failed, concurrency: throttle.allowed })
      show()
      return (how) => {
        done += 1
        if (how === 'failed') failed += 1
        show()
      }
    },
    async input(path) {
      // Somebody may be typing it.
      if (path === '-' && !world.stdin.isTTY) status.set({ what: 'reading standard input' })
      const [{ openTwice }, { state }] = await Promise.all([import('./files/input.ts'), folders()])
      const { stdin, owner } = world
      const input = await openTwice(path, {
        stdin,
        signal: world.signal,
        folder: join(state, 'spool'),
        owner,
      })
      status.set(undefined)
      closing.push(() => input.close())
      return input
    },
    onClose: (end) => void closing.push(end),
    async close() {
      status.end()
      const failures: unknown[] = []
      // All of them, even if one fails: an open server would keep the process alive, a lock would block the next one.
      for (const end of closing.reverse()) await end().catch((error: unknown) => failures.push(error))
      if (failures.length > 0) throw failures[0]
    },
  }
}
