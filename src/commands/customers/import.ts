import { join } from 'node:path'
import { type Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { ApiError } from '../../api/errors.ts'
import { countRows, type ImportReport, importRows } from '../../bulk/import.ts'
import { type CheckedInput, checkInput } from '../../bulk/import-input.ts'
import { type Earlier, readAccount, readEarlier } from '../../bulk/import-unresolved.ts'
import { createThrottle, maxConcurrency } from '../../bulk/pool.ts'
import type { Context, Run } from '../../context.ts'
import { count, digits } from '../../count.ts'
import { CliError } from '../../errors.ts'
import { parseEncoding } from '../../files/decode.ts'
import { type ColumnMap, columnFields, type Defaults, parseDefaults, parseMap } from '../../files/headings.ts'
import { type Format, formats, parseDelimiter } from '../../files/records.ts'
import { openRejects } from '../../files/rejects.ts'
import { hintOf } from '../../hints.ts'
import type { OpenRun } from '../../journal/run.ts'
import { report } from '../../output/result.ts'
import type { Session } from '../../session.ts'
import { createTextSet, type TextSet } from '../../text-set.ts'
import { visible } from '../../visible.ts'
import { checkLiveUnattended, confirmCreation } from '../confirm.ts'
import { deletionOptions, positive, repeatable } from '../options.ts'
import { beforeChange, countsOf, reasonsOf, undoLine, whereAll } from '../summary.ts'
import { noteRepeated } from './filters.ts'

interface Options {
  readonly format?: Format | undefined
  readonly encoding?: string | undefined
  readonly delimiter?: string | undefined
  readonly skipLines?: number | undefined
  readonly map?: ColumnMap | undefined
  readonly default?: Defaults | undefined
  readonly strict?: true | undefined
  readonly skipInvalid?: true | undefined
  readonly allowExisting?: true | undefined
  readonly dryRun?: true | undefined
  readonly rejects?: string | undefined
  readonly force?: true | undefined
  readonly concurrency?: number | undefined
  readonly yes?: true | undefined
}

/** With a live key, more rows than this need confirmation (docs/contract.md#import). */
const confirmAbove = 10

/** `orafi customers import FILE` */
export function define(command: Command, run: Run): void {
  command
    .argument('<file>', 'CSV, NDJSON or a JSON array; - for stdin')
    .addOption(new Option('--format <format>', 'file format, if it is not detected').choices(formats))
    .option('--encoding <name>', 'text encoding, such as windows-1252, if it is not detected', parseEncoding)
    .option('--delimiter <character>', 'CSV delimiter, if it is not detected', parseDelimiter)
    .option('--skip-lines <n>', 'number of lines to skip before the CSV header', positive)
    .addOption(
      repeatable(
        '--map <columns>',
        'map columns to fields: email=E-Mail,firstname=Given,fullname=Name',
        parseMap,
      ),
    )
    .addOption(
      repeatable('--default <field=value>', 'value for a missing firstname or lastname', parseDefaults),
    )
    .option('--strict', 'treat rows with a repeated e-mail as invalid')
    .option('--skip-invalid', 'skip invalid rows and import the others')
    .option('--allow-existing', 'also create people whose e-mail already exists in the account')
    .option('--dry-run', 'validate without creating anything')
    .option('--rejects <file>', 'write rejected rows to a file, with the error, in the format of the input')
    .option('--force', 'overwrite the --rejects file')
    .option(
      '--concurrency <n>',
      `concurrent requests, at most ${maxConcurrency} (default: adapts)`,
      concurrency,
    )
    .addOption(deletionOptions.yes())
    .action(run(importFile))
}

function concurrency(text: string): number {
  const number = positive(text)
  if (number > maxConcurrency) throw new InvalidArgumentError(`Expected at most ${maxConcurrency}.`)
  return number
}

/** How many invalid rows are listed, and how many repeated ones. */
const mostListed = 100

/** Prints only the first lines. */
function onlyFirst(print: (line: string) => Promise<void>): (line: string) => Promise<void> {
  let lines = 0
  return async (line) => {
    lines += 1
    if (lines <= mostListed) await print(line)
  }
}

async function importFile(context: Context, file: string, options: Options): Promise<void> {
  const { signal, world } = context
  const { owner, now, sleep } = world
  const { dryRun = false, allowExisting = false, skipInvalid, force = false } = options
  const throttle = createThrottle(options.concurrency)
  const session = await context.session({ changing: true, many: true, observe: throttle.observe })
  const folder = join((await context.folders()).state, 'spool')

  const source = await context.input(file)
  const [bad, repeated] = [onlyFirst(context.warn), onlyFirst(context.note)]
  const input = await checkInput(source, {
    ...options,
    onRead: context.counting(`reading ${source.name}`, 'row'),
    defaults: options.default,
    onBad: ({ line, problems }) => bad(`line ${line}: ${problems.join('; ')}`),
    onRepeat: ({ line }, first) => repeated(`line ${line}: repeats the e-mail of line ${first}; left out`),
  })
  if (input.bad > mostListed) {
    const others = count(input.bad - mostListed, 'more invalid row')
    await context.warn(`and ${others}; for all of them: --dry-run --skip-invalid --rejects FILE`)
  }
  if (input.repeated > mostListed)
    await context.note(`and ${count(input.repeated - mostListed, 'more repeated row')}`)
  for (const note of input.shape.notes) await context.note(note)
  if (dryRun || asks(session, input)) for (const line of mappingOf(input)) await context.about(line)
  if (input.bad > 0 && !skipInvalid) {
    throw new CliError(
      'usage',
      `${digits(input.bad)} of ${count(input.rows, 'row')} ${input.bad === 1 ? 'is' : 'are'} invalid; nothing was sent`,
      { hint: 'fix them, or add --skip-invalid (and --rejects FILE to keep them)' },
    )
  }
  const rejects =
    options.rejects === undefined
      ? undefined
      : await openRejects(options.rejects, { input: source, shape: input.shape, force, folder, owner })

  if (!dryRun) await confirm(context, session, input, options)

  await context.lockIdentity(session, 'orafi customers import')
  const known = await beforeChange(context, 'created', readKnown(context, session, allowExisting))
  const startedAt = now()
  let run: Promise<OpenRun> | undefined
  // Opened with the first intent: an import that has nothing to send is not in the journal.
  const journal = (): Promise<OpenRun> => {
    run ??= context.openRun(session, { command: 'import', personal: true })
    return run
  }
  const work = { rows: input.read(), ...known, allowExisting, rejects }
  let done: ImportReport
  if (dryRun) done = await countRows(work)
  else {
    done = await importRows({
      ...work,
      client: session.client,
      run: {
        intend: async (intents) => (await journal()).intend(intents),
        conclude: async (outcomes) => (await journal()).conclude(outcomes),
      },
      throttle,
      signal,
      timeoutMs: context.options.timeout * 1000,
      now,
      sleep,
      onEnd: context.progress('importing', input.rows, throttle),
      onResolving: (rows, waitMs) =>
        context.status({ what: resolving(rows), startsAt: waitMs > 0 ? now() + waitMs : undefined }),
    })
  }
  const seconds = (now() - startedAt) / 1000

  // Report before failing: customers were created even if the rejected rows could not be saved.
  const kept = await Promise.resolve(rejects?.close()).then(
    (path) => ({ path, failure: undefined }),
    (failure: unknown) => ({ path: undefined, failure }),
  )
  await printReport(context, session, done, {
    dryRun,
    rows: input.rows,
    run: (await run?.catch(() => undefined))?.id,
    rejects: kept.path,
    seconds: Math.round(seconds * 1000) / 1000,
  })
  if (done.stopped !== undefined) throw stopError(context, done.stopped)
  if (kept.failure !== undefined) throw kept.failure
  if (!dryRun && done.rejected + done.undecided > 0) throw new CliError('partial', partOf(done))
}

async function confirm(
  context: Context,
  session: Session,
  input: CheckedInput,
  options: Options,
): Promise<void> {
  if (asks(session, input)) {
    const rows = rowsToSend(input)
    await confirmCreation(context, session, `Import up to ${count(rows, 'customer')}?`, rows, options)
  } else if (options.yes || !context.canAsk) checkLiveUnattended(context, session)
  // Looked up before anything is sent, so that the summary is printed without delay.
  await session.named()
}

function rowsToSend({ rows, bad, repeated }: CheckedInput): number {
  return rows - bad - repeated
}

/** Whether the import must be confirmed. */
function asks(session: Session, input: CheckedInput): boolean {
  return session.key.mode === 'live' && rowsToSend(input) > confirmAbove
}

/** How the file was understood, line by line: its form, its columns, and the first customers. */
function mappingOf({ shape, rows, samples }: CheckedInput): string[] {
  const { name, format, encoding, delimiter, mapping, line } = shape
  const isCsv = format === 'csv'
  const delimiters: Readonly<Record<string, string>> = { '\t': 'tab', ',': 'comma', ';': 'semicolon' }
  const form = [
    isCsv
      ? `CSV, delimiter ${delimiters[delimiter] ?? `'${visible(delimiter)}'`}, ${line === undefined ? 'no header' : `header on line ${line}`}`
      : format === 'json'
        ? 'JSON'
        : 'NDJSON',
    encoding.label.toUpperCase() + (encoding.isGzip ? ', gzip' : ''),
    count(rows, 'row'),
  ]
  const columns = columnFields.flatMap((field) => {
    const heading = mapping?.[field]
    return heading === undefined ? [] : [`${field} from '${visible(heading.trim())}'`]
  })
  const people = samples.map(
    ({ firstname, lastname, email }) =>
      `  first name '${firstname}', last name '${lastname}', e-mail ${email}`,
  )
  return [
    `Reading ${name}: ${form.join(', ')}`,
    ...(columns.length === 0 ? [] : [`Columns: ${columns.join(', ')}`]),
    ...(people.length === 0 ? [] : ['The first customers:', ...people]),
  ]
}

/**
 * Reads which e-mails exist in the account, and which rows of earlier imports are unresolved in the journal
 * (docs/contract.md#each-row-once).
 */
async function readKnown(
  context: Context,
  session: Session,
  allowExisting: boolean,
): Promise<{ emails: TextSet; earlier: Earlier }> {
  const { owner, now } = context.world
  context.status({ what: 'reading the journal' })
  const earlier = await readEarlier({
    folder: join((await context.folders()).state, 'runs'),
    identity: session.identity,
    keyHash: await session.key.hash(),
    owner,
    now,
    withCreated: allowExisting,
  })
  context.onClose(() => earlier.close())
  const emails = createTextSet()
  if (!allowExisting) {
    const onScanned = context.counting('reading the account')
    const repeated = await readAccount(session.client, (email) => void emails.add(email), onScanned)
    await noteRepeated(context, repeated)
  }
  return { emails, earlier }
}

function resolving(rows: number): string {
  return `checking ${count(rows, 'row')} whose request got no response`
}

async function printReport(
  context: Context,
  session: Session,
  { created, skipped, repeated, rejected, undecided, refused, unresolved, unrecorded }: ImportReport,
  about: {
    dryRun: boolean
    rows: number
    run: string | undefined
    rejects: string | undefined
    seconds: number
  },
): Promise<void> {
  const { dryRun, rows, run, rejects, seconds } = about
  const { profile, key } = session
  const notSent = rows - created - skipped - repeated - rejected - undecided
  const outcome = { run: run ?? null, created, skipped, repeated, rejected, undecided, notSent, seconds }
  const document = { ...outcome, profile, mode: key.mode, key: key.masked }
  const counts = {
    [dryRun ? 'would be created' : 'created']: created,
    skipped,
    repeated,
    rejected,
    unresolved: undecided,
  }
  const unknown = 'it is unknown whether the customer was created, and it was not sent again'
  const lines = [
    ...reasonsOf(
      'rejected',
      refused.map(({ line, reason }) => ({ id: `line ${line}`, reason })),
      whereAll(run),
    ),
    ...reasonsOf(
      'unresolved',
      unresolved.map((line) => ({ id: `line ${line}`, reason: unknown })),
      whereAll(run),
    ),
  ]
  const recorded = created - unrecorded.length
  if (unrecorded.length > 0) {
    lines.push(
      `${recorded} of ${digits(created)} created are in the journal and can be undone; those of ${rangesOf(unrecorded)} are not: import the same file again to add them`,
    )
  }
  const nothing =
    created === 0
      ? 'nothing was created'
      : recorded === 0
        ? 'none of the created customers is in the journal'
        : undefined
  await context.printChange(report(document, [], [], 'nowhere'), {
    run,
    summary: [
      `${countsOf(counts, notSent)} in ${seconds} s (${await session.named()})`,
      ...lines,
      ...(rejects === undefined ? [] : [`Rejected rows: ${visible(rejects)}`]),
      dryRun ? 'Dry run: nothing was sent.' : undoLine(context, session, { personal: true, run, nothing }),
    ],
  })
}

/** The lines of a file, in order: `line 7`, `lines 2-4, 7`. */
function rangesOf(lines: readonly number[]): string {
  const ranges: { first: number; last: number }[] = []
  for (const line of [...lines].sort((a, b) => a - b)) {
    const open = ranges.at(-1)
    if (open?.last === line - 1) open.last = line
    else ranges.push({ first: line, last: line })
  }
  const shown = ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`))
  return `${lines.length === 1 ? 'line' : 'lines'} ${shown.join(', ')}`
}

/** The error that stopped the import, with a hint how to continue (docs/contract.md#import). */
function stopError({ signal }: Context, stopped: unknown): unknown {
  if (stopped instanceof CliError && stopped === signal.reason) {
    const { code, message, exitCode } = stopped
    const hint = 'to continue, run the same command again: it sends what is missing'
    return new CliError(code, message, { hint, ...(exitCode === undefined ? {} : { exitCode }) })
  }
  if (stopped instanceof ApiError && stopped.code === 'auth') {
    return new CliError('auth', `${stopped.message}; the import stopped`, {
      hint: `no rows are lost: run the same command again with a key that works; ${hintOf(stopped)}`,
      cause: stopped,
    })
  }
  return stopped
}

function partOf({ rejected, undecided }: ImportReport): string {
  return [
    ...(rejected > 0 ? [count(rejected, 'row was rejected', 'rows were rejected')] : []),
    ...(undecided > 0 ? [count(undecided, 'row is unresolved', 'rows are unresolved')] : []),
  ].join('; ')
}
