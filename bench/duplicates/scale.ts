import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Level } from '../../src/duplicates/evidence.ts'
import { measure } from '../measure.ts'
import { writeSection } from '../results.ts'
import type { Counted } from './run.ts'
import { report, sets, tuning } from './sets.ts'

/** The goals at a million customers. */
const goals: Readonly<Record<Level, { cpu: number; mb: number }>> = {
  exact: { cpu: 15, mb: 600 },
  alias: { cpu: 15, mb: 600 },
  likely: { cpu: 60, mb: 1200 },
}
const million = 1_000_000

/** Measures time and memory on accounts of these sizes, one process each; prints it and writes it to bench/RESULTS.md. */
export async function reportScale(sizes: readonly number[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'orafi-duplicates-'))
  const lines: string[] = []
  const say = (line: string): void => {
    console.log(line)
    lines.push(line)
  }
  try {
    await makeFiles(folder, sizes)
    await bundle(folder)
    say('Reading an NDJSON file and grouping it, one process each; CPU is of the whole process.')
    say('')
    say('| match | customers | groups | largest | seconds | growth | CPU seconds | peak MB | goal |')
    say('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |')
    for (const match of ['exact', 'alias', 'likely'] as const) {
      let before: { size: number; seconds: number } | undefined
      for (const size of sizes) {
        const { counted, cpu, mb } = await measured(folder, size, match)
        const seconds = counted.grouping
        const growth = before === undefined ? '' : `× ${(seconds / before.seconds).toFixed(1)}`
        const goal = size === million ? goalOf(match, cpu, mb) : ''
        say(
          `| ${match} | ${counted.customers} | ${counted.groups} | ${counted.largest} | ${seconds.toFixed(2)} | ${growth} | ${cpu.toFixed(1)} | ${mb.toFixed(0)} | ${goal} |`,
        )
        before = { size, seconds }
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  await writeSection('duplicates: scale', lines)
}

function goalOf(match: Level, cpu: number, mb: number): string {
  const goal = goals[match]
  const isMet = cpu <= goal.cpu && mb <= goal.mb
  return `≤ ${goal.cpu} s, ≤ ${goal.mb} MB ${isMet ? '✓' : '**missed**'}`
}

/** As it ships: translating TypeScript while it runs would be measured too. */
async function bundle(folder: string): Promise<void> {
  await build({
    entryPoints: [new URL('./run.ts', import.meta.url).pathname],
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
    },
    outfile: join(folder, 'run.mjs'),
  })
}

async function measured(folder: string, size: number, match: Level) {
  const answer = join(folder, 'answer.json')
  const { peakMb, cpuSeconds } = await measure(
    process.execPath,
    [join(folder, 'run.mjs'), fileOf(folder, size), match, answer],
    { HOME: folder },
  )
  const counted: Counted = JSON.parse(await readFile(answer, 'utf8'))
  return { counted, cpu: cpuSeconds, mb: peakMb }
}

/** Writes files of customers of one mixed account; the smaller ones are prefixes of the largest. */
async function makeFiles(folder: string, sizes: readonly number[]): Promise<void> {
  const { people: one } = tuning
  const { people: other } = report
  const people = {
    names: {
      first: [...one.names.first, ...other.names.first],
      last: [...one.names.last, ...other.names.last],
    },
    cultures: [...one.cultures, ...other.cultures],
    siblings: [...one.siblings, ...other.siblings],
  }
  const set = sets.mixed({ ...tuning, people, seed: 21, size: Math.max(...sizes) })
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
