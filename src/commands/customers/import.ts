import { join } from 'node:path'
import { type Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { type CheckedInput, checkInput } from '../../bulk/import-input.ts'
import { createThrottle, mostAtOnce } from '../../bulk/throttle.ts'
import type { Context, Run } from '../../context.ts'
import { checkLive, confirmCreation } from '../../dialogue/creation.ts'
import { carryOut, type Importing, lookAround, rehearse } from '../../dialogue/import-run.ts'
import { type KeptRejects, tellImport } from '../../dialogue/import-summary.ts'
import { CliError } from '../../errors.ts'
import { type ColumnMap, parseMap } from '../../files/columns.ts'
import { type Format, formats } from '../../files/format.ts'
import { openRejects, type Rejects } from '../../files/rejects.ts'
import { openTwice } from '../../files/spool.ts'
import { guide, requestExits } from '../../reference/guide.ts'
import type { Session } from '../../session.ts'
import { deletionOptions, positive } from '../options.ts'

interface Options {
  readonly format?: Format | undefined
  readonly delimiter?: string | undefined
  readonly map?: ColumnMap | undefined
  readonly skipInvalid?: true | undefined
  readonly allowExisting?: true | undefined
  readonly dryRun?: true | undefined
  readonly rejects?: string | undefined
  readonly force?: true | undefined
  readonly concurrency?: number | undefined
  readonly yes?: true | undefined
}

/** So many rows into a live account are created without a question (docs/contract.md#import). */
const unasked = 10

/** `orafi customers import FILE` */
export function define(command: Command, run: Run): void {
  command
    .description('Make sure that every person in a file exists in the account, each once.')
    .argument('<file>', 'CSV, NDJSON or a JSON array; - for stdin')
    .addOption(
      new Option('--format <format>', 'what it is written in, where the name does not say').choices(formats),
    )
    .option('--delimiter <character>', 'what separates the cells of a CSV')
    .addOption(
      new Option('--map <columns>', 'which columns are what: email=E-Mail,firstname=Given').argParser(
        parseMap,
      ),
    )
    .option('--skip-invalid', 'go on without the rows that cannot be sent')
    .option('--allow-existing', 'create people whose e-mail is in the account already, too')
    .option('--dry-run', 'do everything but send')
    .option(
      '--rejects <file>',
      'write the rows that were not imported, with the error, in the format they came in',
    )
    .option('--force', 'overwrite the file of --rejects')
    .addOption(
      new Option('--concurrency <n>', `requests at once, at most ${mostAtOnce} (default: adapts)`).argParser(
        atOnce,
      ),
    )
    .addOption(deletionOptions.yes())
    .action(run(bringIn))
  guide(command, {
    exits: [
      ...requestExits,
      7,
      [2, 'also where a row cannot be sent; nothing was sent'],
      [6, 'some rows were rejected, or could not be decided; the same command again goes on'],
    ],
    notes:
      'The same file again sends what is missing, each row once: on this machine, with this journal, after any crash or Ctrl-C. A second import or undo with the same key is refused meanwhile.\n\nOn another machine, with another state folder or with the journal gone, each row is sent once only after the other import has ended: wait one --timeout where it was killed.',
    json: '{"run", "created", "skipped", "rejected", "undecided", "notSent", "seconds", "profile", "mode", "key"}',
    examples: [
      'orafi customers import people.csv --dry-run',
      'orafi customers import people.csv --skip-invalid --rejects rejects.csv --yes --live',
      'orafi customers import - --format ndjson --map email=mail,firstname=given,lastname=family < people.ndjson',
    ],
  })
}

async function bringIn(context: Context, file: string, options: Options): Promise<void> {
  const throttle = createThrottle(options.concurrency)
  const session = await context.session({ changing: true, many: true, observe: throttle.observe })
  const { state } = await context.folders()
  const folder = join(state, 'spool')
  const { stdin, owner } = context.world
  const source = await openTwice(file, { stdin, signal: context.signal, folder, owner })
  context.onClose(() => source.close())
  const input = await checkInput(source, { ...options, onBad: (row) => tellBad(context, row) })
  if (!options.skipInvalid) checkNoneBad(input)
  const rejects =
    options.rejects === undefined
      ? undefined
      : await openRejects(options.rejects, {
          input: source,
          shape: input.shape,
          force: options.force === true,
          folder,
          owner,
        })
  if (!options.dryRun) await agree(context, session, input, options)
  await context.lockIdentity(session, 'orafi customers import')
  const importing: Importing = {
    context,
    session,
    input,
    throttle,
    rejects,
    allowExisting: options.allowExisting === true,
  }
  const known = await lookAround(importing)
  const imported = await (options.dryRun ? rehearse : carryOut)(importing, known)
  // First tell, then fail: what was created was created, whether or not the rejected rows could be kept.
  await tellImport(importing, imported, await closed(rejects))
}

/** The file that the rejected rows are in, if there are any; or why they could not be kept. */
async function closed(rejects: Rejects | undefined): Promise<KeptRejects> {
  try {
    return { file: await rejects?.close() }
  } catch (failure) {
    return { failure }
  }
}

/** Bad rows stop an import before anything is sent, unless it is told to go on without them. */
function checkNoneBad({ bad, rows }: CheckedInput): void {
  if (bad === 0) return
  throw new CliError('usage', `${bad} of ${rows} rows cannot be sent; nothing was sent`, {
    hint: 'mend them, or say --skip-invalid (with --rejects FILE to keep them)',
  })
}

async function tellBad(context: Context, row: { line: number; problems: readonly string[] }): Promise<void> {
  await context.warn(`line ${row.line}: ${row.problems.join('; ')}`)
}

async function agree(
  context: Context,
  session: Session,
  input: CheckedInput,
  options: Options,
): Promise<void> {
  const rows = input.rows - input.bad
  if (session.key.mode === 'live' && rows > unasked) {
    await confirmCreation(context, session, `Import up to ${rows} customers?`, rows, options)
  } else if (options.yes || !context.canAsk) checkLive(context, session)
  // Known before anything is sent: the summary does not wait for it.
  await session.named()
}

function atOnce(text: string): number {
  const number = positive(text)
  if (number > mostAtOnce) throw new InvalidArgumentError(`It takes at most ${mostAtOnce}.`)
  return number
}
