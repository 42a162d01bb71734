// `npx tsx bench/duplicates.ts`: precision and recall on labelled sets, and time and memory up to a million
// customers. Prints its tables and writes them into bench/RESULTS.md.
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Level } from '../src/duplicates/evidence.ts'
import { humanErrors, uniformErrors } from './duplicates-errors.ts'
import { reportNames, tuningNames } from './duplicates-people.ts'
import { type Quality, qualityOf, type Score } from './duplicates-quality.ts'
import type { Counted } from './duplicates-run.ts'
import { labelledSet, type SetOptions } from './duplicates-set.ts'
import { measure } from './measure.ts'
import { writeSection } from './results.ts'

const people = 8000
const reportedSeeds = [2, 3, 5, 8, 13]
const sizes = [10_000, 100_000, 1_000_000]

const sets: readonly (readonly [string, readonly SetOptions[]])[] = [
  ['tuned on: uniform edits', [{ seed: 1, people, names: tuningNames, errors: uniformErrors }]],
  [
    `reported: keys and sounds, other names, seeds ${reportedSeeds.join(', ')}`,
    reportedSeeds.map((seed) => ({ seed, people, names: reportNames, errors: humanErrors })),
  ],
]

const lines: string[] = []
const say = (line: string): void => {
  console.log(line)
  lines.push(line)
}

/** Precision and recall of every level on one kind of set, over its seeds. */
async function reportQuality(title: string, options: readonly SetOptions[]): Promise<void> {
  const qualities: Quality[] = []
  let records = 0
  for (const one of options) {
    const set = labelledSet(one)
    records += set.length
    qualities.push(await qualityOf(set))
  }
  say(`**Set ${title}** (${records} customers)`)
  say('')
  say('| | pairs found | right | there to find | precision | recall |')
  say('| --- | ---: | ---: | ---: | ---: | ---: |')
  say(
    row(
      'exact: same e-mail',
      qualities.map(({ exact }) => exact),
    ),
  )
  say(
    row(
      'alias: one mailbox',
      qualities.map(({ alias }) => alias),
    ),
  )
  say(
    row(
      'likely: other mailbox, one person',
      qualities.map(({ likely }) => likely),
    ),
  )
  say(
    row(
      'proposed for deletion: one mailbox, same name',
      qualities.map(({ deletions }) => deletions),
    ),
  )
  say('')
}

function row(name: string, scores: readonly Score[]): string {
  const sum = (of: (score: Score) => number): number => scores.reduce((total, score) => total + of(score), 0)
  const [found, right, wanted] = [sum((one) => one.found), sum((one) => one.right), sum((one) => one.wanted)]
  return `| ${name} | ${found} | ${right} | ${wanted} | ${(right / found).toFixed(4)} | ${(right / wanted).toFixed(4)} |`
}

/** Writes files of customers from one labelled set; the smaller ones are prefixes of the largest. */
async function makeFiles(folder: string): Promise<void> {
  const names = {
    first: [...tuningNames.first, ...reportNames.first],
    last: [...tuningNames.last, ...reportNames.last],
  }
  const most = Math.max(...sizes)
  const set = labelledSet({ seed: 21, people: Math.ceil(most * 0.62), names, errors: uniformErrors })
  for (const size of sizes) {
    const file = await open(fileOf(folder, size), 'w')
    for (let at = 0; at < size; at += 1000) {
      const block = set.slice(at, Math.min(at + 1000, size))
      await file.write(block.map(({ customer }) => `${JSON.stringify(customer)}\n`).join(''))
    }
    await file.close()
  }
}

function fileOf(folder: string, size: number): string {
  return join(folder, `${size}.ndjson`)
}

async function reportScale(folder: string, match: Level): Promise<void> {
  let before: number | undefined
  for (const size of sizes) {
    const answer = join(folder, 'answer.json')
    const script = new URL('./duplicates-run.ts', import.meta.url).pathname
    const { peakMb } = await measure(
      process.execPath,
      ['--import', 'tsx', script, fileOf(folder, size), match, answer],
      { HOME: folder },
    )
    const counted: Counted = JSON.parse(await readFile(answer, 'utf8'))
    const growth = before === undefined ? '' : `× ${(counted.grouping / before).toFixed(1)}`
    const { customers, groups, grouping } = counted
    say(`| ${match} | ${customers} | ${groups} | ${grouping.toFixed(2)} | ${growth} | ${peakMb.toFixed(0)} |`)
    before = grouping
  }
}

for (const [title, options] of sets) await reportQuality(title, options)
const folder = await mkdtemp(join(tmpdir(), 'orafi-duplicates-'))
try {
  await makeFiles(folder)
  say('Reading an NDJSON file and grouping it, one process each:')
  say('')
  say('| match | customers | groups | seconds | growth | peak MB |')
  say('| --- | ---: | ---: | ---: | ---: | ---: |')
  for (const match of ['exact', 'alias', 'likely'] as const) await reportScale(folder, match)
} finally {
  await rm(folder, { recursive: true, force: true })
}
await writeSection('duplicates', lines)
