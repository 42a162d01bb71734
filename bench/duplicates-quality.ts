import type { Customer } from '../src/api/customer.ts'
import { careOf } from '../src/customers/guards.ts'
import type { Level } from '../src/duplicates/evidence.ts'
import { findDuplicates } from '../src/duplicates/find.ts'
import type { Group } from '../src/duplicates/groups.ts'
import type { Labelled } from './duplicates-set.ts'

/** Numbers of pairs or deletions: found, right, and wanted. */
export interface Score {
  readonly found: number
  readonly right: number
  readonly wanted: number
  /** Some of the wrong ones, for inspection. */
  readonly wrong: readonly (readonly [Labelled, Labelled])[]
  readonly missed: readonly (readonly [Labelled, Labelled])[]
}

export interface Quality {
  /** Pairs of the same e-mail. */
  readonly exact: Score
  /** Pairs of one mailbox. */
  readonly alias: Score
  /** Pairs at different mailboxes that are one person. */
  readonly likely: Score
  /** Deletions with their keepers; right if they are one person. */
  readonly deletions: Score
}

export async function qualityOf(set: readonly Labelled[]): Promise<Quality> {
  const exact = await scored(
    set,
    'exact',
    ({ address }) => address,
    () => true,
  )
  const alias = await scored(
    set,
    'alias',
    ({ mailbox }) => mailbox,
    () => true,
  )
  const likely = await scored(
    set,
    'likely',
    ({ person }) => person,
    (a, b) => a.mailbox !== b.mailbox,
  )
  return { exact, alias, likely, deletions: await deletions(set) }
}

type Counts = (a: Labelled, b: Labelled) => boolean

async function scored(
  set: readonly Labelled[],
  match: Level,
  label: (one: Labelled) => number,
  counts: Counts,
): Promise<Score> {
  const found = (await groupsOf(set, match))
    .flatMap(({ members }) => pairsOf(members))
    .filter(([a, b]) => counts(a, b))
  const wanted = [...groupedBy(set, label).values()].flatMap(pairsOf).filter(([a, b]) => counts(a, b))
  const keyOf = ([a, b]: readonly [Labelled, Labelled]): string =>
    [a.customer.id, b.customer.id].sort().join(' ')
  const foundKeys = new Set(found.map(keyOf))
  return {
    found: found.length,
    right: found.filter(([a, b]) => label(a) === label(b)).length,
    wanted: wanted.length,
    wrong: found.filter(([a, b]) => label(a) !== label(b)),
    missed: wanted.filter((pair) => !foundKeys.has(keyOf(pair))),
  }
}

/** Possible proposals: all but one of a person's records with one mailbox and name, unless they need care. */
async function deletions(set: readonly Labelled[]): Promise<Score> {
  const found = (await groupsOf(set, 'likely')).flatMap(({ group, members }) => {
    const byId = new Map(members.map((one) => [one.customer.id, one]))
    const keeper = byId.get(group.keep.id)
    return group.twins
      .filter(({ decision }) => decision === 'delete')
      .map(({ customer }) => [byId.get(customer.id), keeper] as const)
      .filter((pair): pair is [Labelled, Labelled] => pair[0] !== undefined && pair[1] !== undefined)
  })
  const one = [...groupedBy(set, ({ mailbox, form }) => `${mailbox} ${form}`).values()]
  return {
    found: found.length,
    right: found.filter(([a, b]) => a.person === b.person).length,
    wanted: one.reduce(
      (sum, records) => sum + Math.min(records.filter(isCalm).length, records.length - 1),
      0,
    ),
    wrong: found.filter(([a, b]) => a.person !== b.person),
    missed: [],
  }
}

function isCalm({ customer }: Labelled): boolean {
  const { live, spent } = careOf(customer)
  return !live && !spent
}

async function groupsOf(
  set: readonly Labelled[],
  match: Level,
): Promise<{ group: Group; members: Labelled[] }[]> {
  async function* customers(): AsyncGenerator<Customer> {
    for (const { customer } of set) yield customer
  }
  const byId = new Map(set.map((one) => [one.customer.id, one]))
  const found = await findDuplicates(customers(), { match, keep: 'most-spent', keyMode: 'test' })
  return [...found.groups()].map((group) => ({
    group,
    members: [group.keep, ...group.twins.map(({ customer }) => customer)].flatMap(
      ({ id }) => byId.get(id) ?? [],
    ),
  }))
}

function pairsOf(members: readonly Labelled[]): [Labelled, Labelled][] {
  return members.flatMap((a, at) => members.slice(at + 1).map((b) => [a, b] as [Labelled, Labelled]))
}

function groupedBy<Key>(set: readonly Labelled[], key: (one: Labelled) => Key): Map<Key, Labelled[]> {
  const groups = new Map<Key, Labelled[]>()
  for (const one of set) {
    const group = groups.get(key(one))
    if (group === undefined) groups.set(key(one), [one])
    else group.push(one)
  }
  return groups
}
