// `npm run bench:startup`: start-up time as a ratio to a bare `node -e 0` of the same Node in the same environment and
// minute, compared with the same program unbundled, with curl for a call, and with the command lines of gh, Resend and
// Stripe if they are installed. Prints its tables and writes them into bench/RESULTS.md.
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { execa } from 'execa'
import { startSandbox } from '../src/sandbox/server.ts'
import { openSandboxStore } from '../src/sandbox/store.ts'
import { nodeOf } from '../test/support/nodes.ts'
import { median } from './measure.ts'
import { writeSection } from './results.ts'

const root = new URL('..', import.meta.url).pathname
const rounds = Number(process.env.ORAFI_ROUNDS ?? 20)
/** Warm-up runs, which fill the system's file cache and the compile cache. */
const warmUps = 3

const folder = await mkdtemp(join(await realpath(tmpdir()), 'orafi-bench-'))
const lines: string[] = []
const say = (line: string): void => {
  console.log(line)
  lines.push(line)
}

/** One process, in seconds: wall clock, and CPU time of all processors. */
interface Cost {
  readonly wall: number
  readonly cpu: number
}

/** A command to measure, and its budget as a ratio to a bare node. */
interface Contender {
  readonly name: string
  readonly line: readonly string[]
  readonly env?: Record<string, string> | undefined
  readonly budget?: number | undefined
}

/** Measured by bash, to the millisecond, from the start of the process. Throws if the command fails. */
async function cost({ name, line, env }: Contender): Promise<Cost> {
  const timed = 'TIMEFORMAT="%3R %3U %3S"; time "$@" 2>/dev/null'
  const { exitCode, stdout, stderr } = await execa('bash', ['-c', timed, 'bash', ...line], {
    // Without NODE_EXTRA_CA_CERTS: a certificate file costs a bare node 40 ms, which would improve every ratio.
    env: { PATH: process.env.PATH ?? '', HOME: folder, TMPDIR: folder, ...env },
    extendEnv: false,
    reject: false,
  })
  const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = stderr.split(' ').map(Number)
  if (exitCode !== 0 || Number.isNaN(system)) throw new Error(`${name} ended with ${exitCode}: ${stdout}`)
  return { wall, cpu: user + system }
}

/** Runs all of them in turn, round after round, so that a busy moment affects all of them equally. */
async function measured(contenders: readonly Contender[]): Promise<Map<Contender, Cost[]>> {
  const costs = new Map<Contender, Cost[]>(contenders.map((one) => [one, []]))
  for (let round = -warmUps; round < rounds; round++) {
    for (const contender of contenders) {
      const taken = await cost(contender)
      if (round >= 0) costs.get(contender)?.push(taken)
    }
  }
  return costs
}

/** The median of the ratios to the bare node of the same round. */
function ratio(costs: readonly Cost[], bare: readonly Cost[], of: keyof Cost): number {
  return median(costs.map((one, round) => one[of] / (bare[round]?.[of] ?? Number.NaN)))
}

/** The program without a bundler: a file for every module and every package. */
async function unbundled(): Promise<string> {
  const at = join(folder, 'unbundled')
  const sources = await readdir(join(root, 'src'), { recursive: true })
  const asTheyAre: Plugin = {
    name: 'as they are',
    setup({ onResolve }) {
      onResolve({ filter: /./ }, ({ path, kind }) =>
        kind === 'entry-point' ? undefined : { path: path.replace(/^(\..*)\.ts$/, '$1.js'), external: true },
      )
    },
  }
  await build({
    absWorkingDir: root,
    entryPoints: sources.filter((path) => /(?<!\.d)\.ts$/.test(path)).map((path) => `src/${path}`),
    outdir: at,
    format: 'esm',
    bundle: true,
    plugins: [asTheyAre],
  })
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const bin = join(at, 'bin.mjs')
  const text = `import { main } from './main.js'
import { worldOf } from './world.js'
process.exitCode = await main(process.argv.slice(2), worldOf(process))
`
  await writeFile(bin, text)
  await writeFile(join(at, 'package.json'), '{"type":"module"}\n')
  return bin
}

interface Place {
  readonly url: string
  readonly id: string
  readonly key: string
  readonly fromEnvironment: Record<string, string>
  readonly stored: Record<string, string>
  stop(): Promise<void>
}

/** An API on loopback in this process, and a key for it in a profile. */
async function openPlace(bin: string): Promise<Place> {
  const { now } = Date
  const sleep = async (): Promise<void> => undefined
  const owner = { pid: process.pid, host: 'bench', user: 'bench' }
  const store = await openSandboxStore({ customers: 100, owner, now, sleep })
  const sandbox = await startSandbox({ store, now, sleep })
  const { url, keys } = sandbox
  const config = join(folder, 'config')
  await mkdir(config, { mode: 0o700 })
  const stored = { ORAFI_CONFIG_DIR: config, ORAFI_BASE_URL: url }
  await execa(process.execPath, [bin, 'login', '--with-key'], { env: stored, input: keys.test })
  const fromEnvironment = { ORAFI_API_KEY: keys.test, ORAFI_BASE_URL: url }
  const list = ['customers', 'list', '--limit', '1', '--fields', 'id']
  const { stdout: id } = await execa(process.execPath, [bin, ...list], { env: fromEnvironment })
  return { url, id, key: keys.test, fromEnvironment, stored, stop: sandbox.close }
}

/** The budgets: of `--version`, `--help`, a call with a stored key, a call with a key from the environment. */
const budgets = { '20': [1.2, 1.3, 2.9, 2.9], '24': [1.15, 1.2, 2.2, 2.2] } as const

async function table(
  major: keyof typeof budgets,
  place: Place,
  programs: Record<string, string>,
): Promise<void> {
  const node = await nodeOf(major)
  const { stdout: version } = await execa(node, ['--version'])
  const bare: Contender = { name: 'node -e 0', line: [node, '-e', '0'] }
  const get = ['customers', 'get', place.id, '--json']
  const calls = [
    { name: '--version', args: ['--version'] },
    { name: '--help', args: ['--help'] },
    { name: 'get, key stored', args: get, env: place.stored },
    { name: 'get, key from the environment', args: get, env: place.fromEnvironment },
  ]
  const contenders: Contender[] = Object.entries(programs).flatMap(([program, bin]) =>
    calls.map(({ name, args, env }, index) => ({
      name: `${program} ${name}`,
      line: [node, bin, ...args],
      env,
      budget: program === 'orafi' ? budgets[major][index] : undefined,
    })),
  )
  const curl = ['curl', '-s', '-f', '-H', `x-api-key: ${place.key}`, `${place.url}/customers/${place.id}`]
  contenders.push({ name: 'curl -s, the same call', line: curl })
  for (const peer of ['gh', 'resend', 'stripe']) {
    const { exitCode } = await execa('which', [peer], { reject: false })
    if (exitCode === 0) contenders.push({ name: `${peer} --version`, line: [peer, '--version'] })
  }
  const costs = await measured([bare, ...contenders])
  const basis = costs.get(bare) ?? []
  const ms = (of: keyof Cost): string => (median(basis.map((one) => one[of])) * 1000).toFixed(0)
  say(`Node ${version}: ${bare.name} takes ${ms('wall')} ms by the clock, ${ms('cpu')} ms of processor.`)
  say('')
  say('| | wall | CPU | the lower | budget |')
  say('| --- | ---: | ---: | ---: | ---: |')
  for (const contender of contenders) {
    const taken = costs.get(contender) ?? []
    const [wall, cpu] = [ratio(taken, basis, 'wall'), ratio(taken, basis, 'cpu')]
    const lower = Math.min(wall, cpu)
    const { budget } = contender
    const limit = budget === undefined ? '' : lower > budget ? `**over ${budget}**` : String(budget)
    say(`| ${contender.name} | ${wall.toFixed(2)} | ${cpu.toFixed(2)} | ${lower.toFixed(2)} | ${limit} |`)
  }
  say('')
}

const bin = join(root, 'bin', 'orafi.js')
const programs = { orafi: bin, unbundled: await unbundled() }
const place = await openPlace(bin)
say(`Ratios to a bare \`node -e 0\`, medians of ${rounds} runs that take turns; stdout is a pipe.`)
say('')
for (const major of ['20', '24'] as const) await table(major, place, programs)
await writeSection('startup', lines)
await place.stop()
await rm(folder, { recursive: true, force: true })
