import { CommanderError } from '@commander-js/extra-typings'
import { ApiError, describeCause } from './api/errors.ts'
import { type Context, createContext } from './context.ts'
import { CliError, ClosedPipe, type ErrorCode, exitCodeOf } from './errors.ts'
import { hasColour } from './globals.ts'
import { hintOf } from './hints.ts'
import { type Reported, renderError } from './output/errors.ts'
import { buildProgram, buildWholeProgram, type ProgramOptions } from './program.ts'
import { errorCode, reasonOf } from './storage/errors.ts'
import { version } from './version.ts'
import { visible } from './visible.ts'
import { type World, writingBy } from './world.ts'

/** Text that looks like a key: people type keys in the wrong places, and servers echo them. */
const likeKey = /ora_(test|live)_[\w-]{19,}([\w-]{4})/g

/** The world with a stderr that masks keys: those known to `masks`, and anything that looks like one. */
function withoutKeys(world: World, masks: readonly ((text: string) => string)[]): World {
  const hide = (text: string): string => {
    const masked = masks.reduce((hidden, mask) => mask(hidden), text)
    return masked.replace(likeKey, 'ora_$1_…$2')
  }
  // By prototype, since the streams of the world are opened on first access.
  return Object.create(world, {
    stderr: { get: () => writingBy(world.stderr, (text) => world.stderr.write(hide(text))) },
  })
}

/** Parses and runs a command line; resolves with its exit code. Never throws. */
export async function run(argv: readonly string[], outside: World): Promise<number> {
  const masks: ((text: string) => string)[] = []
  const world = withoutKeys(outside, masks)
  const opened: Context[] = []
  const texts: string[] = []
  const options: ProgramOptions = {
    columns: world.stdout.columns,
    out: (text) => texts.push(text),
    open(globals, prints) {
      const context = createContext(world, globals, {
        prints,
        argv,
        version,
        hideWith: (mask) => masks.push(mask),
      })
      opened.push(context)
      return context
    },
  }
  const program = buildProgram(options)
  const parse = async (): Promise<void> => {
    try {
      await program.parseAsync(argv, { from: 'user' })
    } catch (error) {
      if (!(error instanceof CommanderError) || isHelp(error)) throw error
      const { usageError } = await import('./reference/suggestions.ts')
      throw usageError(error, program, await buildWholeProgram(options))
    }
  }
  let code = 0
  const reported = new Set<unknown>()
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      // A journal that cannot be written throws the same error again when it is closed.
      if (reported.has(error)) return
      reported.add(error)
      // The exit code of the command takes precedence over one of the clean-up.
      const failed = await report(error, argv, world)
      code ||= failed
    }
  }
  await attempt(parse)
  if (texts.length > 0) await attempt(() => world.stdout.write(texts.join('')))
  for (const context of opened) await attempt(() => context.close())
  return code
}

/** Prints an error on stderr and resolves with its exit code; prints nothing for help and a closed pipe. */
export async function report(error: unknown, argv: readonly string[], world: World): Promise<number> {
  if (error instanceof ClosedPipe || isHelp(error)) return 0
  const known = error instanceof CliError || error instanceof ApiError
  const cause: unknown = world.signal.aborted && !known ? world.signal.reason : error
  const flags = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length)
  const debug = flags.includes('--debug') || /^(?:1|true)$/i.test(world.env.ORAFI_DEBUG ?? '')
  if (debug && cause instanceof Error) {
    await world.stderr.write(`debug: ${visible(cause.stack ?? cause.message, { keepNewlines: true })}\n`)
  }
  const reported = asReported(cause)
  const json = flags.includes('--json') || flags.includes('--ndjson')
  const text = renderError(reported, json)
  await world.stderr.write(`${json ? text : await forScreen(text, flags, world)}\n`)
  return (cause instanceof CliError ? cause.exitCode : undefined) ?? exitCodeOf(reported.code)
}

async function forScreen(text: string, flags: readonly string[], world: World): Promise<string> {
  const { stderr } = world
  if (!stderr.isTTY) return text
  const { renderMessage } = await import('./output/message.ts')
  return renderMessage(
    text,
    stderr.columns,
    hasColour({ color: !flags.includes('--no-color') }, world, stderr),
  )
}

function asReported(error: unknown): Reported & { code: ErrorCode } {
  if (error instanceof ApiError) {
    return { code: error.code, message: error.message, status: error.status, hint: hintOf(error) }
  }
  const known = error instanceof CliError ? error : systemError(error)
  if (known !== undefined) {
    const { code, message, status, hint, ids } = known
    return { code, message, status, hint, ids }
  }
  const message = error instanceof Error ? error.message : String(error)
  return {
    code: 'local_error',
    message: `unexpected error: ${visible(message)}`,
    hint: 'this is a bug in orafi; run it again with --debug and report the output',
  }
}

/** Help and version are not errors, even if commander shows the help because a subcommand is missing. */
function isHelp(error: unknown): boolean {
  const codes = ['commander.helpDisplayed', 'commander.help', 'commander.version']
  return error instanceof CommanderError && codes.includes(error.code)
}

/** Codes of Node, undici and OpenSSL for network errors. */
const network =
  /^(?:E(?:CONN|HOST|NET|AI_)\w+|ENOTFOUND|ENOTCONN|ESHUTDOWN|ETIMEDOUT|EPROTO|UND_ERR_\w+|ERR_(?:TLS|SSL)_\w+|CERT_\w+|DEPTH_ZERO\w*|SELF_SIGNED\w*|UNABLE_TO_\w+)$/

/** System calls that only use the network. */
const networkCalls = /^(?:connect|getaddrinfo|getnameinfo|query\w+)$/

/** Codes of the system (`ENOSPC`) and zlib, and Node's code for a closed pipe. */
const system = /^(?:E[A-Z0-9]+|WSA[A-Z0-9_]+|Z_\w+|ERR_STREAM_PREMATURE_CLOSE)$/

/** Messages and codes of V8 and Node for too little memory. */
const tooMuch =
  /^Invalid (?:string|array) length$|allocation failed|out of memory|(?:cannot|could not) allocate|maximum size exceeded/i
const tooMuchCodes = /^ERR_(?:FS_FILE_TOO_LARGE|STRING_TOO_LONG|BUFFER_TOO_LARGE|\w*MEMORY\w*)$/

/**
 * Converts an unexpected system error: `unavailable` for the network, else `local_error`. Undefined for any other
 * error, which is a bug in orafi.
 */
function systemError(error: unknown): CliError | undefined {
  if (!(error instanceof Error)) return undefined
  const code = errorCode(error) ?? ''
  const call = 'syscall' in error && typeof error.syscall === 'string' ? error.syscall : ''
  if (network.test(code) || networkCalls.test(call)) {
    return new CliError('unavailable', `network error: ${describeCause(error)}`, {
      hint: 'check the network, the proxy settings and ORAFI_BASE_URL, then try again',
      cause: error,
    })
  }
  if (tooMuchCodes.test(code) || code === 'ENOMEM' || tooMuch.test(error.message)) {
    return new CliError('local_error', 'out of memory', {
      hint: 'process less data at a time, or allow more memory: NODE_OPTIONS=--max-old-space-size=8192',
      cause: error,
    })
  }
  if (call === 'uv_cwd') {
    return new CliError('local_error', 'the current folder no longer exists', {
      hint: 'change to another folder (cd), then try again',
      cause: error,
    })
  }
  if (!system.test(code)) return undefined
  const path = 'path' in error && typeof error.path === 'string' ? error.path : ''
  const where = visible([call, path].filter((part) => part !== '').join(' '))
  const { reason, hint = 'run it again with --debug to see where it happened' } = reasonOf(error)
  return new CliError('local_error', `system error: ${reason}${where === '' ? '' : ` (${where})`}`, {
    hint,
    cause: error,
  })
}
