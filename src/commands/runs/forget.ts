import { join } from 'node:path'
import { type Command, InvalidArgumentError } from '@commander-js/extra-typings'
import type { Context, Run } from '../../context.ts'
import { count, digits } from '../../count.ts'
import { type Moment, parseAge } from '../../customers/moments.ts'
import { checkId } from '../../customers/validation.ts'
import { CliError } from '../../errors.ts'
import { isRunId } from '../../journal/file.ts'
import {
  type Forgettable,
  findForgettable,
  forgetRun,
  isEmail,
  removeLeftCopies,
} from '../../journal/forget.ts'
import { shownIdentity } from '../../journal/list.ts'
import { filesWith, formsOf } from '../../journal/person.ts'
import { type Column, report } from '../../output/result.ts'
import { visible } from '../../visible.ts'
import { checkConfirmable } from '../confirm.ts'
import { collected, deletionOptions, repeatable } from '../options.ts'

interface Options {
  readonly olderThan?: Moment | undefined
  readonly customer?: readonly string[] | undefined
  readonly yes?: true | undefined
}

const columns: readonly Column[] = [
  { key: 'run', title: 'RUN' },
  { key: 'erased', title: 'ERASED', align: 'right' },
]

/** `orafi runs forget RUN | CUSTOMER… | --older-than 90d` */
export function define(command: Command, run: Run): void {
  command
    .argument('[what...]', 'a run, or customers by id or e-mail')
    .option('--older-than <age>', 'erase the data of all runs older than this: 90d, 12w, 1y', age)
    .addOption(
      repeatable(
        '--customer <id>',
        'the same as naming the customer, for an id that looks like a run; may be repeated',
        collected,
      ),
    )
    .addOption(deletionOptions.yes())
    .action(run(forget))
}

async function forget(context: Context, words: readonly string[], options: Options): Promise<void> {
  const run = words.length === 1 && isRunId(words[0] ?? '') ? words[0] : undefined
  const customers = [...(run === undefined ? words : []), ...(options.customer ?? [])]
  const ways = [run, options.olderThan, customers[0]].filter((way) => way !== undefined)
  if (ways.length !== 1 || (customers.length > 0 && words.some(isRunId))) {
    throw new CliError('usage', 'specify exactly one of RUN, customers and --older-than')
  }
  for (const customer of customers) checkId(customer)
  const { owner, now } = context.world
  const { state } = await context.folders()
  const folder = join(state, 'runs')
  const before = options.olderThan?.at(now())
  await removeLeftCopies(folder, { owner, now })
  const found = await findForgettable(folder, { run, before, customers }, owner).catch(
    async (error: unknown) => {
      await warnOfRest(context, state, customers, { runs: [], similar: [] })
      throw error
    },
  )
  const running = found.running.map(({ run }) => run).join(', ')
  if (run !== undefined && running !== '') throw stillRunning(running)
  if (run !== undefined && found.damaged[0]) throw found.damaged[0]
  const total = found.runs.reduce((sum, { records }) => sum + records, 0)
  if (total > 0) await confirm(context, found.runs, total, options)
  const { erased, failure } = await eraseAll(context, folder, found)
  const sum = erased.reduce((all, one) => all + one.erased, 0)
  const rows = erased.map((one) => ({ run: one.run, erased: String(one.erased) }))
  await context.printChange(report({ runs: erased, erased: sum }, rows, columns), {
    summary: summaryOf(found, erased, visible(folder)),
    ids: { Erased: erased.filter((one) => one.erased > 0).map(({ run }) => run) },
    changed: sum > 0,
  })
  await warnOfRest(context, state, customers, found)
  if (failure !== undefined) throw failure
  if (running !== '') throw stillRunning(running)
  for (const { message } of found.damaged.slice(1)) await context.warn(`warning: ${message}`)
  if (found.damaged[0]) throw found.damaged[0]
}

/** What was erased, of whom and where. */
function summaryOf(
  { runs, damaged }: Forgettable,
  erased: readonly { readonly run: string; readonly erased: number }[],
  folder: string,
): string[] {
  const done = runs.filter(({ run }) => erased.some((one) => one.run === run && one.erased > 0))
  const records = erased.reduce((all, one) => all + one.erased, 0)
  if (records > 0) {
    return [
      ...peopleOf(done).map((line) => `erased ${line}`),
      `${count(records, 'record')} permanently erased in ${count(done.length, 'run')}, in ${folder}`,
      'no undo. Plans, exports and files of rejected rows were not touched.',
    ]
  }
  return damaged.length === 0
    ? ['nothing to erase: the journal has only ids and outcomes of this']
    : [`nothing was erased: ${count(damaged.length, 'run')} in ${folder} cannot be read`]
}

/** The first customers of these runs, each with the runs: `Ada Obi, ada@x.example (c_1) in RUN, RUN`. */
function peopleOf(runs: Forgettable['runs']): string[] {
  const people = new Map<string, { name: string; runs: string[] }>()
  for (const { run, people: some } of runs) {
    for (const { id, name, email } of some) {
      const known = people.get(id) ?? { name: '', runs: [] }
      const shown = [name, email].filter((one) => one !== undefined).join(', ')
      people.set(id, { name: known.name || shown, runs: [...new Set([...known.runs, run])] })
    }
  }
  const lines = [...people].slice(0, mostShown).map(([id, { name, runs }]) => {
    return visible(`${name === '' ? id : `${name} (${id})`} in ${runs.join(', ')}`)
  })
  const more = runs.reduce((sum, { records, people }) => sum + Math.max(0, records - people.length), 0)
  const hidden = people.size - lines.length + more
  return hidden > 0 ? [...lines, `${count(hidden, 'more customer')} in ${count(runs.length, 'run')}`] : lines
}

/** Warns of what a search of our folder would still find of these customers. */
async function warnOfRest(
  context: Context,
  state: string,
  customers: readonly string[],
  { runs, similar }: Pick<Forgettable, 'runs' | 'similar'>,
): Promise<void> {
  // With a run or an age, others may have the same e-mail in runs that are kept.
  const people = customers.length > 0 ? runs.flatMap(({ people }) => people) : []
  const emails = [...customers.filter(isEmail), ...people.flatMap(({ email }) => email ?? [])]
  const names = people.flatMap(({ name }) =>
    name?.includes(' ') ? [name.normalize('NFC').toLowerCase()] : [],
  )
  const texts = [...new Set([...emails.flatMap(formsOf), ...names])]
  for (const path of texts.length > 0 ? await filesWith(state, texts) : []) {
    const isSandbox = path.startsWith(join(state, 'sandbox'))
    const what = isSandbox ? 'the data of the SANDBOX (orafi sandbox reset)' : visible(path)
    await context.warn(`warning: the e-mail or the name is still in ${what}`)
  }
  for (const one of similar)
    await context.warn(`warning: ${visible(one)} was not erased, since its e-mail is spelled differently`)
}

async function eraseAll(
  { world: { owner, now } }: Context,
  folder: string,
  { runs, whose }: Forgettable,
): Promise<{ erased: { run: string; erased: number }[]; failure?: unknown }> {
  const erased: { run: string; erased: number }[] = []
  try {
    for (const { run } of runs)
      erased.push({ run, erased: await forgetRun({ folder, run, whose, owner, now }) })
    return { erased }
  } catch (failure) {
    // What was erased before the failure cannot be restored, so it is still reported.
    return { erased, failure }
  }
}

/** How many runs, and how many customers, are shown before the prompt. */
const mostShown = 20

async function confirm(
  context: Context,
  runs: Forgettable['runs'],
  total: number,
  options: Options,
): Promise<void> {
  const what = `the personal data of ${count(total, 'record')} in ${count(runs.length, 'run')}`
  checkConfirmable(context, options, `erasing ${what}`)
  if (options.yes) return
  for (const { run, command, identity, records } of runs.slice(0, mostShown))
    await context.warn(`  ${run}  ${command}  ${count(records, 'record')}  ${shownIdentity(identity)}`)
  if (runs.length > mostShown) await context.warn(`  and ${digits(runs.length - mostShown)} more`)
  for (const line of peopleOf(runs)) await context.warn(`  ${line}`)
  const prompts = await context.prompts('nothing was erased')
  await prompts.confirm(`Permanently erase ${what}? These runs cannot be undone afterwards.`)
}

function stillRunning(runs: string): CliError {
  return new CliError('local_error', `nothing was erased from runs in progress: ${runs}`, {
    hint: 'wait until they finish, then run the same command again',
  })
}

function age(text: string): Moment {
  const parsed = parseAge(text)
  if (parsed !== undefined) return parsed
  const unclear = /^\d+ ?m$/i.test(text) ? 'Months are written 6mo. ' : ''
  throw new InvalidArgumentError(`${unclear}Expected days, weeks or years, such as 90d, 12w or 1y.`)
}
