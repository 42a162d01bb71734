import { join } from 'node:path'
import type { Customer, Mode } from './api/customer.ts'
import type { Business } from './api/customers.ts'
import type { Folders } from './config/environment.ts'
import { type GlobalOptions, type Prints, settingsOf } from './globals.ts'
import type { RunHeader } from './journal/records.ts'
import type { OpenRun } from './journal/run.ts'
import type { Result } from './output/result.ts'
import {
  businessOf,
  openClientFor,
  openSession,
  type Session,
  type SessionRequest,
  type SessionSources,
} from './session.ts'
import { traceOf } from './trace.ts'
import { createBusy } from './ui/busy.ts'
import type { Key } from './ui/keys.ts'
import { createProgress, type Progress } from './ui/progress.ts'
import type { Prompts } from './ui/prompts.ts'
import type { World } from './world.ts'

/** Wraps what a command does into commander's action: opens the context, hands it over before the arguments. */
export type Run = <Args extends unknown[]>(
  work: (context: Context, ...args: Args) => Promise<void>,
  prints?: Prints,
) => (...args: Args) => Promise<void>

/** A world plus the parsed options, and what is opened only when it is asked for. */
export interface Context {
  readonly world: World
  readonly options: GlobalOptions
  /** The words of the command line, for hints that repeat it. */
  readonly argv: readonly string[]
  readonly version: string
  readonly signal: AbortSignal
  /** `--test` or `--live`, as far as given. */
  readonly mode: Mode | undefined
  readonly sandbox: boolean
  /** Whether anybody can be asked (docs/contract.md#asking). */
  readonly canAsk: boolean
  folders(): Promise<Folders>
  session(request?: SessionRequest): Promise<Session>
  /** Tries a key with one small request, and asks whose it is. Throws what the API answers to the first. */
  verify(key: string, baseUrl: string): Promise<Business | undefined>
  /** Begins a run in the journal. Throws `local_error` where it cannot be written. */
  openRun(session: Session, what: RunRequest): Promise<OpenRun>
  /** Holds the account until the end: one import or undo at a time. Throws `local_error` naming who holds it. */
  lockIdentity(session: Session, what: string): Promise<void>
  prompts(): Promise<Prompts>
  /** Keys as they are pressed; Ctrl-C interrupts. Only where somebody can be asked. */
  keys(): Promise<AsyncIterable<Key>>
  /** Clears the screen and shows a text made for its width. */
  redraw(text: (columns: number) => string): Promise<void>
  print(result: Result): Promise<void>
  /**
   * Prints what a change did, then its summary on stderr. Where stdout cannot be written the summary is told in spite
   * of `--quiet`, and a warning follows: the change was made, and a script that took it for undone would repeat it.
   */
  printChange(result: Result, told: Told): Promise<void>
  /** A table of customers on stderr: what a question is about. */
  show(records: readonly Customer[]): Promise<void>
  /** A line on stderr that `--quiet` silences. */
  note(line: string): Promise<void>
  /** A line on stderr that nothing silences. */
  warn(line: string): Promise<void>
  /** Shows how far many things are; ended by whoever began it. */
  progress(total: number): Progress
  /** What a waiting person sees; undefined ends it. */
  status(text: string | undefined): void
  /** Something to end when the command ends, before what was opened earlier. */
  onClose(end: () => Promise<void>): void
  /** Ends everything that was opened, the last first. */
  close(): Promise<void>
}

/** What is said of a change on stderr, and what names it where its output was lost. */
export interface Told {
  readonly summary: readonly string[]
  readonly run?: string | undefined
  /** The customer that was created. */
  readonly id?: string | undefined
}

/** A run to begin: what a header says besides when, who and where. */
export type RunRequest = Pick<RunHeader, 'command' | 'personal'> & { readonly undoes?: string | undefined }

/** What `createContext` is told besides the world and the options. */
export interface Occasion {
  readonly prints: Prints
  readonly argv: readonly string[]
  readonly version: string
  /** Takes what hides a key that came into use, in everything that is said on stderr from then on. */
  readonly hideWith: (mask: (text: string) => string) => void
}

/**
 * The context of one command. Opens nothing yet.
 * Throws `usage` for options that exclude each other or do not fit what the command prints.
 */
export function createContext(world: World, options: GlobalOptions, occasion: Occasion): Context {
  const settings = settingsOf(options, occasion.prints, world)
  const busy = createBusy(world.stderr, world.now, settings.animate)
  const stdout = busy.around(world.stdout)
  const stderr = busy.around(world.stderr)
  const closing: (() => Promise<void>)[] = []
  let found: Promise<Folders> | undefined

  const folders = (): Promise<Folders> => {
    found ??= import('./config/environment.ts').then((config) => config.folders(world.env))
    return found
  }

  const sources: SessionSources = {
    world,
    options: { ...options, sandbox: settings.sandbox, mode: settings.mode },
    userAgent: `orafi-cli/${occasion.version} node/${world.nodeVersion} ${world.platform}`,
    folders,
    async store() {
      const { readStore } = await import('./config/store.ts')
      return readStore((await folders()).config)
    },
    onEvent(event) {
      if (event.type === 'request') busy.begin()
      if (event.type === 'answer') busy.end()
      if (settings.debug) void stderr.write(`${traceOf(event)}\n`)
    },
  }

  const print = async (result: Result): Promise<void> => {
    const { createPrinter } = await import('./output/printer.ts')
    const { format, colour } = settings
    const { fields, excelSafe } = options
    const printer = { stdout, format, fields, excelSafe, colour: colour.stdout, pause: world.pause }
    await createPrinter(printer).print(result)
  }

  const note = async (line: string): Promise<void> => {
    if (options.quiet === undefined) await stderr.write(`${line}\n`)
  }

  return {
    world,
    options,
    argv: occasion.argv,
    version: occasion.version,
    signal: world.signal,
    mode: settings.mode,
    sandbox: settings.sandbox,
    canAsk: settings.canAsk,
    folders,
    async session(request = {}) {
      const session = await openSession(sources, request)
      occasion.hideWith(session.client.mask)
      closing.push(() => session.close())
      const shadowed = request.changing ? await session.shadows() : undefined
      if (shadowed !== undefined) {
        await stderr.write(
          `note: ORAFI_API_KEY (${session.key.masked}) is used, not the stored profile ${shadowed}\n`,
        )
      }
      return session
    },
    async verify(key, baseUrl) {
      const client = await openClientFor(sources, {}, { key, baseUrl, readOnly: true })
      occasion.hideWith(client.mask)
      closing.push(() => client.close())
      const { pages } = await import('./api/customers.ts')
      for await (const _page of pages(client, {}, { limit: 1 })) break
      return (await businessOf(client, world)) ?? undefined
    },
    async openRun(session, what) {
      const [{ openRun }, { state }] = await Promise.all([import('./journal/run.ts'), folders()])
      const { masked, hash } = session.key
      const who = `${world.owner.user}@${world.owner.host}`
      const header = { ...what, who, identity: session.identity, key: { masked, hash } }
      const { owner, now, random } = world
      const run = await openRun({ folder: join(state, 'runs'), header, owner, now, random })
      closing.push(() => run.close())
      return run
    },
    async lockIdentity(session, what) {
      const [{ lockIdentity }, { state }] = await Promise.all([
        import('./journal/identity-lock.ts'),
        folders(),
      ])
      const lock = await lockIdentity({
        state,
        place: session,
        identity: session.identity,
        what,
        owner: world.owner,
        now: world.now,
      })
      closing.push(() => lock.release())
    },
    async prompts() {
      const { createPrompts } = await import('./ui/prompts.ts')
      busy.rest()
      return createPrompts({ input: world.stdin, output: stderr, signal: world.signal })
    },
    async keys() {
      const { keysOf } = await import('./ui/keys.ts')
      busy.rest()
      return keysOf(world.stdin, world.signal)
    },
    async redraw(text) {
      const { clearScreen } = await import('./ui/keys.ts')
      await stderr.write(`${clearScreen}${text(world.stderr.columns || 80)}`)
    },
    print,
    async printChange(result, { summary, run, id }) {
      let failure: unknown
      await print(result).catch((error: unknown) => {
        failure = error ?? new Error('unknown error')
      })
      for (const line of summary) await (failure === undefined ? note(line) : stderr.write(`${line}\n`))
      if (failure === undefined) return
      const [{ renderOutputFailure }, { reasonOf }] = await Promise.all([
        import('./output/errors.ts'),
        import('./storage/errors.ts'),
      ])
      const json = settings.format === 'json' || settings.format === 'ndjson'
      await stderr.write(renderOutputFailure(reasonOf(failure).reason, { run, id }, json))
    },
    async show(records) {
      const [{ createPrinter }, { many }] = await Promise.all([
        import('./output/printer.ts'),
        import('./output/result.ts'),
      ])
      const screen = { isTTY: true, columns: world.stderr.columns, write: stderr.write }
      const printer = createPrinter({
        stdout: screen,
        format: 'default',
        colour: settings.colour.stderr,
        pause: world.pause,
      })
      await printer.print(many(records))
    },
    note,
    warn: (line) => stderr.write(`${line}\n`),
    progress: (total) =>
      createProgress({
        total,
        animate: settings.animate,
        quiet: options.quiet === true || settings.debug,
        say: (text) => busy.say(text),
        write: (line) => void stderr.write(`${line}\n`),
        now: world.now,
      }),
    status: (text) => busy.say(text),
    onClose: (end) => void closing.push(end),
    async close() {
      busy.rest()
      const failures: unknown[] = []
      // Each in its turn whatever the others do: a server or a lock that stayed would keep the process, or the next one.
      for (const end of closing.reverse()) await end().catch((error: unknown) => failures.push(error))
      if (failures.length > 0) throw failures[0]
    },
  }
}
