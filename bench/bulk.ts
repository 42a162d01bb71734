// `npm run bench:bulk`: import and export compared with alternatives, in one run, against the sandbox
// server in another process. Prints its tables and writes them into bench/RESULTS.md. `-- reading` runs
// that part only; the parts are speed, reading and memory.
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Measured, measure, median } from './measure.ts'
import { writeSection } from './results.ts'

const bin = new URL('../bin/orafi.js', import.meta.url).pathname
const peers = new URL('./peers/', import.meta.url).pathname
const concurrency = 32
const rounds = 3

const folder = await mkdtemp(join(tmpdir(), 'orafi-bench-'))
const lines: string[] = []
const say = (line: string): void => {
  console.log(line)
  lines.push(line)
}

interface Server {
  env: Record<string, string>
  stop(): void
}

/** An ephemeral sandbox server in a separate process. */
async function serve(flags: readonly string[]): Promise<Server> {
  const child = spawn(
    process.execPath,
    [bin, 'sandbox', 'serve', '--port', '0', '--ephemeral', ...flags, '--json'],
    {
      env: { PATH: process.env.PATH ?? '', HOME: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const text = await new Promise<string>((resolve) =>
    child.stdout.once('data', (chunk) => resolve(String(chunk))),
  )
  const { url, keys } = JSON.parse(text)
  return {
    env: { ORAFI_BASE_URL: url, ORAFI_API_KEY: keys.test, HOME: folder },
    stop: () => void child.kill('SIGKILL'),
  }
}

async function people(count: number): Promise<string> {
  const file = join(folder, `people-${count}.csv`)
  const rows = Array.from({ length: count }, (_, index) => `Name${index},Obi,person${index}@shop.example`)
  await writeFile(file, `firstname,lastname,email\n${rows.join('\n')}\n`)
  return file
}

/** Runs a command against a new server, so that every round starts with an empty account. */
async function against(
  flags: readonly string[],
  run: (env: Record<string, string>) => Promise<Measured>,
): Promise<Measured> {
  const server = await serve(flags)
  try {
    return await run({ ...server.env, ORAFI_STATE_DIR: await mkdtemp(join(folder, 'state-')) })
  } finally {
    server.stop()
  }
}

const orafi = (args: readonly string[]) => (env: Record<string, string>) =>
  measure(process.execPath, [bin, ...args], env)
const node = (script: string, args: readonly string[]) => (env: Record<string, string>) =>
  measure(process.execPath, [`${peers}${script}`, ...args], env)
const shell = (script: string, args: readonly string[]) => (env: Record<string, string>) =>
  measure('sh', [`${peers}${script}`, ...args], env)

async function imports(count: number, latency: number): Promise<void> {
  const file = await people(count)
  const flags = ['--customers', '0', '--latency', String(latency)]
  const seconds: Record<string, number[]> = { import: [], adaptive: [], bare: [] }
  for (let round = 0; round < rounds; round++) {
    const fixed = orafi(['customers', 'import', file, '--concurrency', String(concurrency)])
    seconds.import?.push((await against(flags, fixed)).seconds)
    seconds.bare?.push((await against(flags, node('bare-create.js', [file, String(concurrency)]))).seconds)
    seconds.adaptive?.push((await against(flags, orafi(['customers', 'import', file]))).seconds)
  }
  const curl = (await against(flags, shell('curl-create.sh', [file]))).seconds
  const ours = median(seconds.import ?? [])
  const bare = median(seconds.bare ?? [])
  const adaptive = median(seconds.adaptive ?? [])
  const rate = (time: number): string => String(Math.round(count / time))
  say(
    `| ${latency} ms | ${rate(ours)} | ${rate(adaptive)} | ${rate(bare)} | ${rate(curl)} | ${(bare / ours).toFixed(2)} | ${(curl / ours).toFixed(1)} |`,
  )
}

async function exports(count: number, latency: number): Promise<void> {
  const flags = ['--customers', String(count), '--latency', String(latency)]
  const seconds: Record<string, number[]> = { export: [], bare: [] }
  for (let round = 0; round < rounds; round++) {
    const to = join(folder, `export-${round}-${latency}.ndjson`)
    seconds.export?.push((await against(flags, orafi(['customers', 'export', to]))).seconds)
    seconds.bare?.push((await against(flags, node('bare-list.js', [`${to}.bare`]))).seconds)
  }
  const curl = (await against(flags, shell('curl-list.sh', [join(folder, 'curl.ndjson')]))).seconds
  const ours = median(seconds.export ?? [])
  const bare = median(seconds.bare ?? [])
  say(
    `| ${latency} ms | ${ours.toFixed(2)} | ${bare.toFixed(2)} | ${curl.toFixed(2)} | ${(bare / ours).toFixed(2)} | ${(curl / ours).toFixed(1)} |`,
  )
}

/** How much of the CPU time of an import is reading: a dry run reads the file as often as an import. */
async function reading(count: number): Promise<void> {
  const file = await people(count)
  const flags = ['--customers', '0']
  const share: number[] = []
  const read: number[] = []
  const whole: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = (await against(flags, orafi(['customers', 'count']))).cpuSeconds
    const dry = (await against(flags, orafi(['customers', 'import', file, '--dry-run']))).cpuSeconds - start
    const all = (await against(flags, orafi(['customers', 'import', file]))).cpuSeconds - start
    read.push(dry)
    whole.push(all)
    share.push(dry / all)
  }
  say(
    `| ${count} | ${median(read).toFixed(2)} | ${median(whole).toFixed(2)} | ${Math.round(median(share) * 100)} % |`,
  )
}

async function memory(count: number): Promise<void> {
  const flags = ['--customers', String(count)]
  const into = await against(flags, orafi(['customers', 'import', await people(1000)]))
  const rows = await against(['--customers', '0'], orafi(['customers', 'import', await people(count)]))
  const out = await against(flags, orafi(['customers', 'export', join(folder, `memory-${count}.ndjson`)]))
  const mb = ({ peakMb }: Measured): string => peakMb.toFixed(0)
  say(`| ${count} | ${mb(rows)} | ${mb(into)} | ${mb(out)} |`)
}

async function speed(): Promise<void> {
  say(`Import of 20,000 rows, rows a second; the sandbox server in another process, medians of ${rounds}.`)
  say('')
  say(
    `| latency | import, ${concurrency} at once | import, adaptive | bare undici Pool, ${concurrency} | xargs -P8 curl | import / bare | import / curl |`,
  )
  say('| --- | ---: | ---: | ---: | ---: | ---: | ---: |')
  for (const latency of [0, 20]) await imports(20_000, latency)
  say('')
  say(`Export of an account of 20,000, seconds; medians of ${rounds}. A test key sees a part of them.`)
  say('')
  say('| latency | export | bare sequential undici | curl and jq | export / bare | export / curl |')
  say('| --- | ---: | ---: | ---: | ---: | ---: |')
  for (const latency of [0, 20]) await exports(20_000, latency)
}

async function readings(): Promise<void> {
  say(
    `CPU seconds of reading, of a whole import at 0 ms, and the share; medians of ${rounds}, without start-up.`,
  )
  say('')
  say('| rows | reading and checking (dry run) | import | share |')
  say('| ---: | ---: | ---: | ---: |')
  for (const count of [20_000, 100_000]) await reading(count)
}

async function peaks(): Promise<void> {
  say('Peak resident memory, MB.')
  say('')
  say('| rows | import of so many | import of 1,000 into an account of so many | export of so many |')
  say('| ---: | ---: | ---: | ---: |')
  for (const count of [10_000, 100_000, 1_000_000]) await memory(count)
}

const parts = { speed, reading: readings, memory: peaks }
const wanted = process.argv.slice(2)
for (const [name, run] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  await run()
  await writeSection(`bulk: ${name}`, lines.splice(0))
}
await rm(folder, { recursive: true, force: true })
