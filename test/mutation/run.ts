import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { writeSection } from '../../bench/results.ts'
import { equivalent } from './equivalent.ts'
import { listMutants, type Mutant, withMutants } from './mutants.ts'
import { createTypeCheck } from './types.ts'

/** The rooms, and the tests that hold each. */
const rooms: Record<string, readonly string[]> = {
  api: ['test/api', 'test/commands/base-url', 'test/commands/customers/wire-envelope'],
  journal: ['test/journal', 'test/commands/runs', 'test/bulk', 'test/commands/customers/import'],
  bulk: [
    'test/bulk',
    'test/duplicates/plan-apply',
    'test/commands/runs/undo',
    'test/commands/customers/delete',
    'test/commands/customers/export',
    'test/commands/customers/import',
  ],
  customers: [
    'test/customers',
    'test/bulk/journaled-first',
    'test/commands/customers/create',
    'test/commands/customers/get',
    'test/commands/customers/list',
    'test/commands/customers/find',
    'test/commands/customers/odd-ids',
    'test/commands/customers/delete',
    'test/commands/customers/import-settled',
    'test/commands/customers/export',
    'test/commands/customers/wire-dates',
    'test/duplicates/plan-apply',
    'test/files/ids',
  ],
}

const root = join(import.meta.dirname, '../..')
/** One process per core. */
const processes = 2
/** A process that tries one mutant for this long is stuck. */
const stuckMs = 180_000

interface Killed {
  readonly id: number
  /** The test that failed. */
  readonly by: string
  readonly why: string
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { survivors: { type: 'boolean', default: false } },
})
const [room = '', count = '200', seed = '1'] = positionals
const tests = rooms[room]
if (tests === undefined) {
  console.error(
    `usage: npm run test:mutation -- ${Object.keys(rooms).join('|')} [HOW MANY [SEED]] [--survivors]`,
  )
  process.exit(2)
}
await testRoom(room, tests, Number(count), Number(seed))

async function testRoom(room: string, tests: readonly string[], count: number, seed: number): Promise<void> {
  const all: Mutant[] = []
  for (const name of readdirSync(join(root, 'src', room)).filter((one) => /(?<!\.d)\.ts$/.test(one))) {
    const file = `src/${room}/${name}`
    all.push(...listMutants(file, readFileSync(join(root, file), 'utf8'), all.length))
  }
  const sample = sampleOf(all, count, seed)
  // With --survivors: the mutants killed last time. After adding tests, only the others need to be tried.
  const last = join(root, 'node_modules/.cache/orafi-mutation', `${room}.json`)
  const before = new Set<string>(values.survivors ? JSON.parse(readFileSync(last, 'utf8')) : [])
  const isLeft = (one: Mutant): boolean => !before.has(nameOf(one)) && whyEquivalent(one) === undefined
  const tried = values.survivors ? sample.filter(isLeft) : sample
  const shares = Array.from({ length: processes }, (_, share) =>
    tried.filter((_one, index) => index % processes === share),
  )
  const ends = await Promise.all(shares.map((share) => tryShare(share, tests)))
  const killed = new Set(ends.flatMap((end) => end.killed.map(({ id }) => id)))
  const unreached = new Set(ends.flatMap((end) => end.unreached))
  const survivors = sample.filter((one) => !before.has(nameOf(one)) && !killed.has(one.id))
  mkdirSync(dirname(last), { recursive: true })
  writeFileSync(last, JSON.stringify(sample.filter((one) => !survivors.includes(one)).map(nameOf)))
  const judged = survivors.map((one) => ({ ...one, why: whyEquivalent(one) }))
  const missed = judged.filter(({ why }) => why === undefined)
  for (const { id, file, line, text, change } of missed) {
    const where = unreached.has(id) ? '  (no test gets there)' : ''
    console.log(`${file}:${line}  ${text}\n    => ${change || '(left out)'}${where}`)
  }
  const counted = sample.length - (judged.length - missed.length)
  const score = `${((100 * (sample.length - judged.length)) / counted).toFixed(1)} %`
  console.log(`${room}: ${score}`)
  await writeSection(`mutation: ${room}`, [
    `\`npm run test:mutation -- ${room} ${sample.length} ${seed}\``,
    '',
    '| mutants | killed | equivalent | survived | killed of those that are not equivalent |',
    '| ---: | ---: | ---: | ---: | ---: |',
    `| ${sample.length} | ${sample.length - judged.length} | ${judged.length - missed.length} | ${missed.length} | ${score} |`,
    '',
    ...judged.map(
      ({ file, text, change, why }) =>
        `- \`${file}\`: \`${text}\` → \`${change.replace(/\s+/g, ' ') || 'left out'}\`: ${why ?? '**survived**'}`,
    ),
  ])
}

/** A sample of the mutants that compile, the same for the same seed. */
function sampleOf(all: readonly Mutant[], count: number, seed: number): Mutant[] {
  let state = seed
  const isRefused = createTypeCheck(root)
  const left = [...all]
  const sample: Mutant[] = []
  while (left.length > 0 && sample.length < count) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const drawn = left.splice(Math.floor((state / 2 ** 32) * left.length), 1)
    sample.push(...drawn.filter((one) => !isRefused(one)))
  }
  return sample
}

function nameOf({ file, line, text, from, change }: Mutant): string {
  return [file, line, from, text, change].join(' ')
}

function whyEquivalent({ file, text, change }: Mutant): string | undefined {
  return equivalent.find((one) => one.file === file && one.text === text && one.change === change)?.why
}

/** Tries some mutants in a copy of the project, in a separate process. A mutant that hangs it counts as killed. */
async function tryShare(
  mutants: readonly Mutant[],
  tests: readonly string[],
): Promise<{ killed: Killed[]; unreached: number[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'orafi-mutation-'))
  for (const name of [
    'src',
    'test',
    'bin',
    'bench',
    'scripts',
    'docs',
    'README.md',
    'package.json',
    'tsconfig.json',
  ]) {
    cpSync(join(root, name), join(folder, name), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const file of new Set(mutants.map((one) => one.file))) {
    const source = readFileSync(join(root, file), 'utf8')
    writeFileSync(
      join(folder, file),
      withMutants(
        source,
        mutants.filter((one) => one.file === file),
      ),
    )
  }
  const facts = (name: string): unknown[] =>
    existsSync(join(folder, name))
      ? readFileSync(join(folder, name), 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line))
      : []
  const stuck: Killed[] = []
  const left = (): number[] => {
    const ended = new Set([...(facts('killed') as Killed[]), ...stuck].map(({ id }) => id))
    return mutants.map(({ id }) => id).filter((id) => !ended.has(id))
  }
  const everywhere = mutants.filter((one) => one.isStatic).map(({ id }) => id)
  writeFileSync(join(folder, 'static.json'), JSON.stringify(everywhere))
  writeFileSync(join(folder, 'mutants.json'), JSON.stringify(left()))
  while (!(await vitest(folder, tests))) {
    const [broken] = facts('broken')
    if (broken !== undefined) throw new Error(`a test fails without any mutant: ${broken}`)
    stuck.push({
      id: Number(readFileSync(join(folder, 'trying'), 'utf8')),
      by: 'the time limit',
      why: 'stuck',
    })
    writeFileSync(join(folder, 'mutants.json'), JSON.stringify(left()))
  }
  const reached = new Set(facts('reached'))
  const unreached = left().filter((id) => !reached.has(id))
  const all = [...(facts('killed') as Killed[]), ...stuck]
  rmSync(folder, { recursive: true, force: true })
  return { killed: all, unreached }
}

/** Whether it ended by itself with every test passing. */
async function vitest(folder: string, tests: readonly string[]): Promise<boolean> {
  const command = ['run', '--config', 'test/mutation/vitest.config.ts', ...tests]
  const trying = join(folder, 'trying')
  writeFileSync(trying, '-1')
  const child = spawn(join(folder, 'node_modules/.bin/vitest'), command, {
    cwd: folder,
    env: { ...process.env, MUTATION_FOLDER: folder },
    stdio: 'ignore',
    detached: true,
  })
  const exited = once(child, 'exit')
  for (;;) {
    const end = await Promise.race([exited, setTimeout(2000)])
    if (end !== undefined) return end[0] === 0
    if (Date.now() - statSync(trying).mtimeMs > stuckMs && child.pid !== undefined) {
      process.kill(-child.pid, 'SIGKILL')
    }
  }
}
