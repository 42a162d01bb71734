import { CliError } from '../errors.ts'
import { LockHeld, takeLock } from '../storage/lock.ts'
import type { Owner } from '../storage/process.ts'
import { removeLeftovers, replaceFile } from '../storage/replace.ts'
import { visible } from '../visible.ts'
import {
  eachLine,
  leftCopies,
  lockPath,
  type RunFile,
  type RunLine,
  runIds,
  runLines,
  runPath,
  withRunFile,
} from './file.ts'
import { formsOf, idsIn, mentions, type Person, tracesOf, withNewIds } from './person.ts'
import { createTally, type RunSummary, summariseRun } from './read.ts'
import { type Entry, lineOf } from './records.ts'
import { withoutPersonal } from './run.ts'

/** Whose data to erase: everybody's, or one or more customers'. */
export type Whose = 'all' | Person

/** What to forget: one run, all runs started before a time (epoch ms), or customers by id or e-mail. */
export interface ForgetFilter {
  readonly run?: string | undefined
  readonly before?: number | undefined
  readonly customers?: readonly string[] | undefined
}

/** A customer whose data a run contains. */
export interface Found {
  /** How many records contain personal data to erase. */
  readonly records: number
  /** Some of the customers, with what the run has of them. */
  readonly people: readonly { readonly id: string; readonly name?: string; readonly email?: string }[]
}

/** The runs that contain matching personal data. */
export interface Forgettable {
  readonly whose: Whose
  /** With the number of records each. Runs without any are excluded, so that forgetting twice does nothing. */
  readonly runs: readonly (RunSummary & Found)[]
  /** Customers that were not meant, though their e-mails look the same. */
  readonly similar: readonly string[]
  /** Runs in progress that contain some too: nothing can be erased from them now. */
  readonly running: readonly RunSummary[]
  /** The errors of unreadable runs, which may contain some too: success must not be reported. */
  readonly damaged: readonly CliError[]
}

/**
 * Searches the journal for personal data to erase. Changes nothing.
 * @throws CliError `not_found` if the given run does not exist, or a customer is in no run
 */
export async function findForgettable(
  folder: string,
  { run, before, customers = [] }: ForgetFilter,
  owner: Pick<Owner, 'host'>,
): Promise<Forgettable> {
  const damaged: CliError[] = []
  /** Calls `work` for each run, and collects the errors of unreadable runs in `damaged`. */
  async function each<Value>(ids: readonly string[], work: (id: string) => Promise<Value>): Promise<Value[]> {
    const values: Value[] = []
    for (const id of ids) {
      try {
        values.push(await work(id))
      } catch (error) {
        if (!(error instanceof CliError) || error.code === 'not_found') throw error
        damaged.push(error)
      }
    }
    return values
  }

  const named = run === undefined ? await runIds(folder) : [run]
  const summaries = await each(named, (id) => summariseRun(folder, id, owner))
  const chosen = summaries.filter(({ when }) => before === undefined || Date.parse(when) < before)
  let whose: Whose = 'all'
  let similar: readonly string[] = []
  let ids = chosen.map((one) => one.run)
  if (customers.length > 0) {
    const given = new Set(customers.filter((one) => !isEmail(one)))
    const sought: Person = { ids: given, emails: customers.filter(isEmail).flatMap(formsOf) }
    const traces = await each(ids, async (id) => ({ id, ...(await tracesOf(folder, id, sought)) }))
    ids = traces.map(({ id }) => id)
    const known = new Set(traces.flatMap((one) => [...one.known]))
    similar = traces.flatMap((one) => [...one.similar])
    const unknown = customers.find(
      (one) => !(isEmail(one) ? formsOf(one) : [one]).some((form) => known.has(form)),
    )
    // The customer may be in an unreadable run, whose error is reported.
    if (unknown !== undefined && damaged.length === 0) throw unknownCustomer(unknown, similar)
    const found = [...given, ...traces.flatMap((one) => one.ids)]
    const renamings = traces.flatMap((one) => one.renamings)
    whose = { ids: withNewIds(found, renamings), emails: sought.emails }
  }
  const counts = new Map(await each(ids, async (id) => [id, await findPersonal(folder, id, whose)] as const))
  const held = chosen.map((one) => ({ ...one, ...(counts.get(one.run) ?? { records: 0, people: [] }) }))
  return {
    whose,
    similar,
    runs: held.filter(({ running, records }) => records > 0 && !running),
    running: held.filter(({ running, records }) => running && (records > 0 || whose === 'all')),
    damaged,
  }
}

/** Whether a customer is given by e-mail. */
export function isEmail(customer: string): boolean {
  return customer.includes('@')
}

function unknownCustomer(customer: string, similar: readonly string[]): CliError {
  const near =
    similar.length > 0
      ? `it has ${visible(similar.join(', '))}, which is spelled differently: give the id`
      : undefined
  const hint =
    near ??
    (isEmail(customer)
      ? 'imports store no e-mails, only hashes: give the id too (orafi customers find shows it)'
      : 'list the runs with: orafi runs list')
  return new CliError('not_found', `the customer '${visible(customer)}' is not in the journal`, { hint })
}

/**
 * Finds the records of a run with personal data to erase: customer records, and hashes and messages from which somebody
 * could be identified.
 * @throws CliError `not_found` if there is no such run · `local_error` if it is damaged
 */
export function findPersonal(folder: string, run: string, whose: Whose): Promise<Found> {
  return withRunFile(folder, run, async (file) => {
    const affected = await affectedItems(file, whose)
    const personal = new Set<string>()
    const people = new Map<string, Found['people'][number]>()
    await eachLine(file, ({ entry }) => {
      if (!affected(entry)) return
      if (isPersonal(entry)) personal.add(entry.item)
      if (people.size < mostPeople || people.has(entry.item))
        people.set(entry.item, personOf(entry, people.get(entry.item)))
    })
    return {
      records: personal.size,
      people: [...people].flatMap(([item, one]) => (personal.has(item) ? [one] : [])),
    }
  })
}

/** How many customers of a run are named. */
const mostPeople = 20

function personOf(
  entry: Personal,
  before: Found['people'][number] = { id: entry.item },
): Found['people'][number] {
  if (entry.type === 'outcome') return { ...before, id: entry.id ?? before.id }
  const { firstname, lastname, email } = entry.record ?? {}
  const name = [firstname, lastname].filter((one) => typeof one === 'string' && one !== '').join(' ')
  return {
    ...before,
    ...(name === '' ? {} : { name }),
    ...(typeof email === 'string' && email !== '' ? { email } : {}),
  }
}

export interface ForgetOptions {
  readonly folder: string
  readonly run: string
  readonly whose: Whose
  readonly owner: Owner
  /** Epoch ms. */
  now(): number
}

/**
 * Erases personal data from a run by rewriting its file; ids and outcomes stay. A concurrent reader sees the old or the
 * new file. The old blocks are freed but not overwritten on disk.
 * @returns how many records were erased
 * @throws LockHeld (`local_error`) while the run is in progress · CliError as `findPersonal`
 */
export async function forgetRun({ folder, run, whose, owner, now }: ForgetOptions): Promise<number> {
  await withRunFile(folder, run, async () => undefined)
  const lock = await takeLock(lockPath(folder, run), { owner, what: 'orafi runs forget', now })
  const path = runPath(folder, run)
  try {
    await removeLeftovers(path)
    return await withRunFile(folder, run, async (file) => {
      const affected = await affectedItems(file, whose)
      const erased = new Set<string>()
      await replaceFile(path, rewritten(file, { affected, erased, all: whose === 'all', at: now() }))
      return erased.size
    })
  } finally {
    await lock.release()
  }
}

/**
 * Removes the copies that a killed `forgetRun` left behind, since they contain the data to be erased. Copies of a run in
 * progress are kept.
 */
export async function removeLeftCopies(
  folder: string,
  options: { readonly owner: Owner; now(): number },
): Promise<void> {
  for (const run of await leftCopies(folder)) {
    const lock = await takeLock(lockPath(folder, run), { ...options, what: 'orafi runs forget' }).catch(
      (error: unknown) => {
        if (error instanceof LockHeld) return undefined
        throw error
      },
    )
    if (lock === undefined) continue
    try {
      await removeLeftovers(runPath(folder, run))
    } finally {
      await lock.release()
    }
  }
}

type Personal = Extract<Entry, { type: 'intent' | 'outcome' }>

function isPersonal(entry: Personal): boolean {
  if (entry.type === 'intent') return entry.record !== undefined || entry.hash !== undefined
  return entry.fingerprint !== undefined || entry.message !== undefined
}

/**
 * Returns a function that says whether an entry is about these customers. The items are collected first, since an
 * import's intent does not contain the id of the customer that it will create.
 */
async function affectedItems(file: RunFile, whose: Whose): Promise<(entry: Entry) => entry is Personal> {
  const all = whose === 'all'
  const items = new Set<string>()
  if (!all) {
    await eachLine(file, ({ entry }) => {
      if (entry.type !== 'intent' && entry.type !== 'outcome') return
      if (idsIn(entry).some((id) => whose.ids.has(id)) || mentions(entry, whose.emails)) items.add(entry.item)
    })
  }
  return (entry): entry is Personal =>
    (entry.type === 'intent' || entry.type === 'outcome') && (all || items.has(entry.item))
}

interface Rewriting {
  readonly affected: (entry: Entry) => entry is Personal
  /** Collects the items from which something was erased. */
  readonly erased: Set<string>
  /** Everybody's data is erased, and the run is marked as forgotten. */
  readonly all: boolean
  /** Epoch ms. */
  readonly at: number
}

async function* rewritten(file: RunFile, to: Rewriting): AsyncGenerator<string> {
  const tally = createTally()
  for await (const block of runLines(file)) {
    let text = ''
    for (const line of block) {
      const { entry } = line
      if (entry.type === 'intent') tally.add(entry.item)
      else if (entry.type === 'outcome') tally.conclude(entry)
      text += rewriteLine(line, to)
    }
    yield text
  }
  yield lineOf({ type: 'end', at: to.at, ...tally.counts() })
}

function rewriteLine({ entry, text }: RunLine, { affected, erased, all, at }: Rewriting): string {
  // Other lines are kept byte for byte; the counts are written again at the end.
  if (entry.type === 'end') return ''
  if (entry.type === 'forgotten') return all ? '' : `${text}\n`
  if (entry.type === 'run') return `${text}\n${all ? lineOf({ type: 'forgotten', at }) : ''}`
  if (!affected(entry) || !isPersonal(entry)) return `${text}\n`
  erased.add(entry.item)
  return lineOf(erase(entry))
}

function erase(entry: Personal): Entry {
  if (entry.type === 'outcome') return { ...withoutPersonal(entry), type: 'outcome' }
  return { type: 'intent', item: entry.item, at: entry.at, forgotten: true }
}
