import { writeSection } from '../results.ts'
import {
  type LikelyQuality,
  likelyQualityOf,
  type Pair,
  pairsOfPeople,
  type Quality,
  qualityOf,
  type Score,
} from './quality.ts'
import type { Labelled } from './records.ts'
import { type Pool, report, type SetName, setNames, sets, tuning } from './sets.ts'

export interface ReportOptions {
  /** All of them if empty. */
  readonly kinds: readonly string[]
  /** About how many people are in a set. */
  readonly size: number
  /** Certainties to compare at; the first one is the default. */
  readonly certainties: readonly number[]
}

/** The goals at the default certainty, of pairs at different mailboxes. */
const goals: Readonly<Record<SetName, { wrong?: number; precision?: number; recall?: number }>> = {
  typos: { precision: 0.995, recall: 0.9 },
  relatives: { wrong: 5 },
  namesakes: { wrong: 2 },
  unrelated: { precision: 0.99, recall: 0.9 },
  mixed: { precision: 0.99, recall: 0.9 },
}
const mostWrongInShops = 0.05
const shop = 50

/** One kind of set, from one pool, over all its seeds. */
interface Measured {
  readonly kind: SetName
  readonly sets: readonly { readonly set: readonly Labelled[]; readonly quality: Quality }[]
}

/** Prints precision and recall on the labelled sets; writes them into bench/RESULTS.md if none is left out. */
export async function reportQuality({ kinds, size, certainties }: ReportOptions): Promise<void> {
  const lines: string[] = []
  const say = (...text: string[]): void => {
    for (const line of text) console.log(line)
    lines.push(...text)
  }
  const chosen = setNames.filter((kind) => kinds.length === 0 || kinds.includes(kind))
  for (const pool of [tuning, report]) {
    say(`### ${pool.title}`, '')
    const measured: Measured[] = []
    for (const kind of chosen) measured.push(await measuredOf(kind, pool, size))
    say(...qualityTable(measured), '')
    say(...deletionTable(measured), '')
    say(...kindTable(measured), '')
    say(...(await shopTable(measured)), '')
    if (pool === report && certainties.length > 0) say(...(await certaintyTable(measured, certainties)), '')
  }
  if (chosen.length === setNames.length) await writeSection('duplicates: quality', lines)
}

async function measuredOf(kind: SetName, pool: Pool, size: number): Promise<Measured> {
  const measured: Measured = { kind, sets: [] }
  const all: Measured['sets'][number][] = []
  for (const seed of pool.seeds) {
    const set = sets[kind]({ ...pool, seed, size })
    all.push({ set, quality: await qualityOf(set) })
  }
  return { ...measured, sets: all }
}

function summed(scores: readonly Score[]): Score {
  return {
    found: scores.reduce((sum, { found }) => sum + found, 0),
    right: scores.reduce((sum, { right }) => sum + right, 0),
    wanted: scores.reduce((sum, { wanted }) => sum + wanted, 0),
    wrong: scores.flatMap(({ wrong }) => wrong),
    missed: scores.flatMap(({ missed }) => missed),
  }
}

function ratio(part: number, whole: number): string {
  return whole === 0 ? '–' : (part / whole).toFixed(3)
}

function rates({ right, found, wanted }: Score): string {
  return `${ratio(right, found)} | ${ratio(right, wanted)}`
}

function qualityTable(measured: readonly Measured[]): string[] {
  const rows = measured.map(({ kind, sets }) => {
    const of = (what: keyof Quality & ('all' | 'likely' | 'groups' | 'alias')): Score =>
      summed(sets.map(({ quality }) => quality[what]))
    const records = sets.reduce((sum, { set }) => sum + set.length, 0)
    const likely = of('likely')
    const perSet = likely.wrong.length / sets.length
    const largest = Math.max(...sets.map(({ quality }) => quality.largest))
    const { right, found, wanted } = likely
    return [
      `| ${kind} | ${records} | ${rates(of('alias'))} | ${rates(of('all'))} | ${rates(of('groups'))}`,
      ` | ${found} | ${perSet.toFixed(1)} | ${rates(likely)} | ${goalOf(kind, perSet, right / found, right / wanted)}`,
      ` | ${largest} |`,
    ].join('')
  })
  return [
    'P is precision, R is recall; pairs at different mailboxes are what `likely` adds to `alias`. Wrong pairs are the mean of a set.',
    '',
    '| set | customers | alias P | R | all pairs P | R | whole groups P | R | pairs at different mailboxes | wrong | P | R | goal | largest group |',
    `| --- |${' ---: |'.repeat(11)} --- | ---: |`,
    ...rows,
  ]
}

function goalOf(kind: SetName, wrong: number, precision: number, recall: number): string {
  const goal = goals[kind]
  const parts = [
    goal.wrong === undefined ? undefined : ([`wrong ≤ ${goal.wrong}`, wrong <= goal.wrong] as const),
    goal.precision === undefined
      ? undefined
      : ([`P ≥ ${goal.precision}`, precision >= goal.precision] as const),
    goal.recall === undefined ? undefined : ([`R ≥ ${goal.recall}`, recall >= goal.recall] as const),
  ]
  return parts
    .filter((part) => part !== undefined)
    .map(([text, isMet]) => `${text} ${isMet ? '✓' : '**missed**'}`)
    .join(', ')
}

function deletionTable(measured: readonly Measured[]): string[] {
  const rows = measured.map(({ kind, sets }) => {
    const { found, wrong, right, wanted } = summed(sets.map(({ quality }) => quality.deletions))
    const kinds = counted(wrong.map(([a, b]) => [a.kind, b.kind].sort().join(' and ')))
    const which = [...kinds].map(([text, count]) => `${text}: ${count}`).join(', ')
    return `| ${kind} | ${found} | ${ratio(right, wanted)} | ${wrong.length}${wrong.length > 0 ? ' **goal: 0**' : ''} | ${which} |`
  })
  return [
    '| set | proposed for deletion | of the possible | wrong | which |',
    '| --- | ---: | ---: | ---: | --- |',
    ...rows,
  ]
}

function counted(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return counts
}

/** The recall of records of each kind against their person's first record. */
function kindTable(measured: readonly Measured[]): string[] {
  const rows = measured.flatMap(({ kind, sets }) => {
    const isFirst = ([a, b]: Pair): boolean =>
      a.kind === 'right' && b.kind !== 'right' && a.mailbox !== b.mailbox
    const later = (pairs: readonly Pair[]): Map<string, number> =>
      counted(pairs.filter(isFirst).map(([, b]) => b.kind))
    const wanted = later(sets.flatMap(({ set }) => pairsOfPeople(set)))
    const missed = later(sets.flatMap(({ quality }) => quality.likely.missed))
    return [...wanted]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(
        ([what, count]) =>
          `| ${kind} | ${what} | ${count} | ${ratio(count - (missed.get(what) ?? 0), count)} |`,
      )
  })
  if (rows.length === 0) return []
  return ['| set | how the second record differs | pairs | R |', '| --- | --- | ---: | ---: |', ...rows]
}

/** Each set cut into accounts of fifty customers. */
async function shopTable(measured: readonly Measured[]): Promise<string[]> {
  const rows: string[] = []
  for (const { kind, sets } of measured) {
    const qualities: LikelyQuality[] = []
    for (const { set } of sets) {
      for (let at = 0; at < set.length; at += shop)
        qualities.push(await likelyQualityOf(set.slice(at, at + shop)))
    }
    const likely = summed(qualities.map(({ likely }) => likely))
    const deletions = summed(qualities.map(({ deletions }) => deletions))
    const share = likely.found === 0 ? 0 : likely.wrong.length / likely.found
    const goal = likely.wanted === 0 ? '' : share <= mostWrongInShops ? ' ✓' : ' **goal: ≤ 0.05**'
    rows.push(
      `| ${kind} | ${likely.found} | ${likely.wrong.length} | ${share.toFixed(3)}${goal} | ${rates(likely)} | ${deletions.wrong.length} |`,
    )
  }
  return [
    `Cut into shops of ${shop} customers, pairs at different mailboxes:`,
    '',
    '| set | found | wrong | share of wrong | P | R | wrong deletions |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ]
}

async function certaintyTable(
  measured: readonly Measured[],
  certainties: readonly number[],
): Promise<string[]> {
  const rows: string[] = []
  for (const { kind, sets } of measured) {
    for (const certainty of certainties) {
      const scores: Score[] = []
      for (const { set } of sets) scores.push((await likelyQualityOf(set, certainty)).likely)
      const { found, wrong, ...rest } = summed(scores)
      rows.push(
        `| ${kind} | ${certainty} | ${found} | ${wrong.length} | ${rates({ found, wrong, ...rest })} |`,
      )
    }
  }
  return [
    'By `--certainty`, pairs at different mailboxes:',
    '',
    '| set | certainty | found | wrong | P | R |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ]
}
