import type { Customer } from '../../src/api/customer.ts'
import { careOf } from '../../src/customers/guards.ts'
import type { Level } from '../../src/duplicates/evidence.ts'
import { findDuplicates } from '../../src/duplicates/find.ts'
import type { Group } from '../../src/duplicates/groups.ts'
import type { Labelled } from './records.ts'

export type Pair = readonly [Labelled, Labelled]

/** Numbers of pairs, groups or deletions: found, right, and wanted. */
export interface Score {
  readonly found: number
  readonly right: number
  readonly wanted: number
  /** The wrong and the missed ones, for inspection. */
  readonly wrong: readonly Pair[]
  readonly missed: readonly Pair[]
}

/** What `--match likely` finds. */
export interface LikelyQuality {
  /** Pairs of one person, at one mailbox or several; different people of one mailbox do not count. */
  readonly all: Score
  /** Pairs of one person at different mailboxes. */
  readonly likely: Score
  /** Whole groups that are exactly one person's records. */
  readonly groups: Score
  /** Deletions with their keepers; right if they are one person. */
  readonly deletions: Score
  /** The number of records in the largest group. */
  readonly largest: number
  readonly found: readonly Found[]
}

export interface Quality extends LikelyQuality {
  /** Pairs of the same e-mail, found by `--match exact`. */
  readonly exact: Score
  /** Pairs of one mailbox, found by `--match alias`. */
  readonly alias: Score
}

/** A group that was found, with its labels. */
export interface Found {
  readonly group: Group
  readonly members: readonly Labelled[]
}

export async function qualityOf(set: readonly Labelled[]): Promise<Quality> {
  return {
    exact: scored(set, await groupsOf(set, 'exact'), ({ address }) => address),
    alias: scored(set, await groupsOf(set, 'alias'), ({ mailbox }) => mailbox),
    ...(await likelyQualityOf(set)),
  }
}

/** @param certainty what `--certainty` is set to; the default if undefined */
export async function likelyQualityOf(set: readonly Labelled[], certainty?: number): Promise<LikelyQuality> {
  const found = await groupsOf(set, 'likely', certainty)
  const person = ({ person }: Labelled): number => person
  return {
    all: scored(set, found, person, (a, b) => a.person === b.person || a.mailbox !== b.mailbox),
    likely: scored(set, found, person, (a, b) => a.mailbox !== b.mailbox),
    groups: wholeGroups(set, found),
    deletions: deletions(set, found),
    largest: Math.max(0, ...found.map(({ members }) => members.length)),
    found,
  }
}

function scored(
  set: readonly Labelled[],
  groups: readonly Found[],
  label: (one: Labelled) => number,
  counts: (a: Labelled, b: Labelled) => boolean = () => true,
): Score {
  const found = groups.flatMap(({ members }) => pairsOf(members)).filter(([a, b]) => counts(a, b))
  const wanted = [...groupedBy(set, label).values()].flatMap(pairsOf).filter(([a, b]) => counts(a, b))
  const keyOf = ([a, b]: Pair): string => [a.customer.id, b.customer.id].sort().join(' ')
  const foundKeys = new Set(found.map(keyOf))
  const wrong = found.filter(([a, b]) => label(a) !== label(b))
  return {
    found: found.length,
    right: found.length - wrong.length,
    wanted: wanted.length,
    wrong,
    missed: wanted.filter((pair) => !foundKeys.has(keyOf(pair))),
  }
}

/** A group of several people who share their only mailbox is as it should be, and counts as neither. */
function wholeGroups(set: readonly Labelled[], found: readonly Found[]): Score {
  const wanted = [...groupedBy(set, ({ person }) => person).values()].filter(({ length }) => length > 1)
  const sizes = new Map(wanted.map((members) => [members[0]?.person, members.length]))
  const counted = found.filter(
    ({ members }) => new Set(members.map(({ mailbox }) => mailbox)).size > 1 || isOnePerson(members),
  )
  const right = counted.filter(
    ({ members }) => isOnePerson(members) && sizes.get(members[0]?.person) === members.length,
  )
  return { found: counted.length, right: right.length, wanted: wanted.length, wrong: [], missed: [] }
}

function isOnePerson(members: readonly Labelled[]): boolean {
  return members.every(({ person }) => person === members[0]?.person)
}

/** Possible proposals: all but one of a person's records with one mailbox and name, unless they need care. */
function deletions(set: readonly Labelled[], groups: readonly Found[]): Score {
  const found = groups.flatMap(({ group, members }) => {
    const byId = new Map(members.map((one) => [one.customer.id, one]))
    const keeper = byId.get(group.keep.id)
    return group.twins
      .filter(({ decision }) => decision === 'delete')
      .map(({ customer }) => [byId.get(customer.id), keeper] as const)
      .filter((pair): pair is [Labelled, Labelled] => pair[0] !== undefined && pair[1] !== undefined)
  })
  // An address in letters of another kind (`ａda@`) is never proposed, on purpose.
  const keyOf = ({ mailbox, form, customer }: Labelled): string =>
    `${mailbox} ${/[^ -~]/.test(String(customer.email))} ${form}`
  const one = [...groupedBy(set, keyOf).values()]
  const wrong = found.filter(([a, b]) => a.person !== b.person)
  const missed = one.flatMap((records) => missedDeletions(records, found))
  const right = found.length - wrong.length
  return { found: found.length, right, wanted: right + missed.length, wrong, missed }
}

function isCalm({ customer }: Labelled): boolean {
  const { live, spent } = careOf(customer)
  return !live && !spent
}

/** The records that a proposal could have named, each with another one of its mailbox and name. */
function missedDeletions(records: readonly Labelled[], found: readonly Pair[]): Pair[] {
  const proposed = new Set(found.map(([{ customer }]) => customer.id))
  const left = records.filter((one) => !proposed.has(one.customer.id))
  const kept = left.find((one) => !isCalm(one)) ?? left[0]
  return kept === undefined ? [] : left.filter((one) => one !== kept && isCalm(one)).map((one) => [one, kept])
}

async function groupsOf(set: readonly Labelled[], match: Level, certainty?: number): Promise<Found[]> {
  async function* customers(): AsyncGenerator<Customer> {
    for (const { customer } of set) yield customer
  }
  const byId = new Map(set.map((one) => [one.customer.id, one]))
  const rules = { match, keep: 'most-spent', keyMode: 'test' } as const
  const found = await findDuplicates(
    customers(),
    certainty === undefined ? rules : withCertainty(rules, certainty),
  )
  return [...found.groups()].map((group) => ({
    group,
    members: [group.keep, ...group.twins.map(({ customer }) => customer)].flatMap(
      ({ id }) => byId.get(id) ?? [],
    ),
  }))
}

function withCertainty<Rules>(rules: Rules, certainty: number): Rules & { certainty: number } {
  return { ...rules, certainty }
}

/** All pairs of a list. */
export function pairsOf(members: readonly Labelled[]): [Labelled, Labelled][] {
  return members.flatMap((a, at) => members.slice(at + 1).map((b): [Labelled, Labelled] => [a, b]))
}

/** All pairs of records of one person. */
export function pairsOfPeople(set: readonly Labelled[]): Pair[] {
  return [...groupedBy(set, ({ person }) => person).values()].flatMap(pairsOf)
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
