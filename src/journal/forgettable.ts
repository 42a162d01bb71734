import { CliError } from '../errors.ts'
import type { Owner } from '../storage/process.ts'
import { visible } from '../visible.ts'
import { countPersonal, type Whose } from './forget.ts'
import { type RunSummary, summariseRun } from './list.ts'
import { foldEmail, type Person, tracesOf, withNewIds } from './person.ts'
import { runIds } from './place.ts'

/** What is to be forgotten: one run, all runs begun before a time (epoch ms), or customers by id or e-mail. */
export interface Wanted {
  readonly run?: string | undefined
  readonly before?: number | undefined
  readonly customers?: readonly string[] | undefined
}

/** The runs that hold what is to be forgotten. */
export interface Forgettable {
  readonly whose: Whose
  /** With how many records each; a run without any is left alone, so that forgetting twice does nothing. */
  readonly runs: readonly (RunSummary & { readonly records: number })[]
  /** Those that hold some as well, and are going on: nothing can be erased from them now. */
  readonly goingOn: readonly RunSummary[]
  /** The errors of runs that cannot be read: they may hold some, and nobody must be told that it is gone. */
  readonly damaged: readonly CliError[]
}

/**
 * Looks through the journal for personal data that is to go. Changes nothing.
 *
 * @throws CliError `not_found` where a named run is not there, or where no run knows a customer
 */
export async function findForgettable(
  folder: string,
  { run, before, customers = [] }: Wanted,
  owner: Pick<Owner, 'host'>,
): Promise<Forgettable> {
  const damaged: CliError[] = []
  /** Does something for each run; those for which that fails drop out. */
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
  let ids = chosen.map((one) => one.run)
  const people: Person[] = []
  for (const customer of customers) {
    const isEmail = customer.includes('@')
    const sought: Person = isEmail
      ? { ids: new Set(), emails: [foldEmail(customer)] }
      : { ids: new Set([customer]), emails: [] }
    const traces = await each(ids, async (id) => ({ id, ...(await tracesOf(folder, id, sought)) }))
    ids = traces.map(({ id }) => id)
    // In a run that cannot be read somebody may stand all the same: its error says so.
    if (!traces.some(({ known }) => known) && damaged.length === 0) throw unknownCustomer(customer)
    const all = [...sought.ids, ...traces.flatMap((one) => one.ids)]
    const renamings = traces.flatMap((one) => one.renamings)
    people.push({ ids: withNewIds(all, renamings), emails: sought.emails })
  }
  if (people.length > 0) {
    whose = {
      ids: new Set(people.flatMap((one) => [...one.ids])),
      emails: people.flatMap((one) => one.emails),
    }
  }
  const counts = new Map(await each(ids, async (id) => [id, await countPersonal(folder, id, whose)] as const))
  const held = chosen.map((one) => ({ ...one, records: counts.get(one.run) ?? 0 }))
  return {
    whose,
    runs: held.filter(({ goingOn, records }) => records > 0 && !goingOn),
    goingOn: held.filter(({ goingOn, records }) => goingOn && (records > 0 || people.length === 0)),
    damaged,
  }
}

function unknownCustomer(customer: string): CliError {
  const hint = customer.includes('@')
    ? 'an import keeps only hashes, no e-mails: give the id too; orafi customers find shows it'
    : 'see which runs there are: orafi runs list'
  return new CliError('not_found', `the journal does not know the customer '${visible(customer)}'`, { hint })
}
