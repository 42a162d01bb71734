import { join } from 'node:path'
import { type Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import type { Context, Run } from '../../context.ts'
import { count } from '../../count.ts'
import { CliError } from '../../errors.ts'
import { report } from '../../output/result.ts'
import type { Sandbox } from '../../sandbox/server.ts'
import type { SandboxStore } from '../../sandbox/store.ts'
import { positive, wholeNumber } from '../options.ts'

interface ServeOptions {
  readonly port: number
  readonly customers?: number | undefined
  readonly seed?: number | undefined
  readonly latency: number
  readonly answers: 'documented' | 'object'
  readonly maxPage: number
  readonly ephemeral?: true | undefined
  readonly failRate: number
  readonly dropRate: number
  readonly rateLimit?: { requests: number; seconds: number } | undefined
  readonly conflict?: true | undefined
}

/** `orafi sandbox serve` */
export function define(command: Command, run: Run): void {
  command
    .option('--port <port>', 'port to listen on; 0 picks a free one', port, 4010)
    .option('--customers <n>', 'number of customers in a new sandbox (default: 250)', customers)
    .option('--seed <n>', 'seed for the fake customers', wholeNumber)
    .option('--latency <ms>', 'delay of every response', wholeNumber, 0)
    .option('--max-page <n>', 'maximum page size', positive, 100)
    .addOption(
      new Option(
        '--answers <form>',
        'how customers are written: as the endpoints document them, or as the object page does',
      )
        .choices(['documented', 'object'] as const)
        .default('documented' as const),
    )
    .option('--ephemeral', 'keep everything in memory; read and write nothing on disk')
    .optionsGroup('Faults:')
    .option('--fail-rate <p>', 'fraction of requests that fail with 500, 502 or 503', share, 0)
    .option('--drop-rate <p>', 'fraction of requests dropped without a response', share, 0)
    .option('--rate-limit <n/seconds>', 'answer 429 beyond n requests per this many seconds', rateLimit)
    .option('--conflict', 'answer 409 when a created e-mail already exists')
    .action(run(serve))
}

async function serve(context: Context, options: ServeOptions): Promise<void> {
  const { failRate, dropRate } = options
  if (failRate + dropRate > 1)
    throw new CliError('usage', '--fail-rate and --drop-rate add up to more than 1')
  const store = await openStore(context, options)
  try {
    const sandbox = await start(context, store, options)
    try {
      await context.print(described(sandbox, store))
      const where = options.ephemeral ? 'in memory' : 'kept on disk'
      await context.note(
        `SANDBOX of ${count(store.count, 'customer')} (${where}) at ${sandbox.url}; Ctrl-C stops it`,
      )
      await interrupted(context.signal)
    } finally {
      await sandbox.close()
    }
  } finally {
    await store.close()
  }
}

function described({ url, keys }: Sandbox, { shop }: SandboxStore) {
  const lines = [
    `export ORAFI_BASE_URL=${url}`,
    `export ORAFI_API_KEY=${keys.test}`,
    `# export ORAFI_API_KEY=${keys.live}`,
  ]
  return report(
    { url, keys, ...shop },
    lines.map((line) => ({ line })),
    [{ key: 'line', title: '' }],
  )
}

/** Never resolves: a server that is stopped by a signal counts as interrupted (docs/contract.md#exit-codes). */
function interrupted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(signal.reason)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}

/** Throws `usage` if the sandbox on disk was created with other --customers or --seed. */
async function openStore(
  context: Context,
  { ephemeral, customers, seed }: ServeOptions,
): Promise<SandboxStore> {
  const { openSandboxStore } = await import('../../sandbox/store.ts')
  const folder = ephemeral ? undefined : join((await context.folders()).state, 'sandbox')
  const { owner, now, sleep } = context.world
  const store = await openSandboxStore({ folder, customers, seed, owner, now, sleep })
  const { shop } = store
  if ((customers ?? shop.customers) === shop.customers && (seed ?? shop.seed) === shop.seed) return store
  await store.close()
  throw new CliError(
    'usage',
    `the sandbox already exists, with ${count(shop.customers, 'customer')} from seed ${shop.seed}`,
    { hint: 'run orafi sandbox reset first, or use --ephemeral' },
  )
}

/** Throws `local_error` if the port is not available. */
async function start(context: Context, store: SandboxStore, options: ServeOptions): Promise<Sandbox> {
  const [{ startSandbox }, { randomFaults }] = await Promise.all([
    import('../../sandbox/server.ts'),
    import('../../sandbox/faults.ts'),
  ])
  const { now, random, sleep } = context.world
  const { port, maxPage, rateLimit } = options
  try {
    return await startSandbox({
      store,
      now,
      sleep,
      port,
      maxPage,
      latencyMs: options.latency,
      answers: options.answers,
      duplicates: options.conflict ? 'conflict' : 'accept',
      faults: { next: randomFaults(options, random), rateLimit },
    })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    const why = code === 'EACCES' ? 'needs elevated privileges' : 'is already in use'
    throw new CliError('local_error', `port ${port} ${why}`, {
      hint: 'choose another with --port; 0 picks a free one',
    })
  }
}

/** A TCP port; 0 picks a free one. */
function port(text: string): number {
  const number = wholeNumber(text)
  if (number > 65_535) throw new InvalidArgumentError('Expected a port from 0 to 65535.')
  return number
}

function customers(text: string): number {
  const number = wholeNumber(text)
  if (number > 50_000_000) throw new InvalidArgumentError('Expected at most 50,000,000.')
  return number
}

/** A share from 0 to 1, such as 0.05. */
function share(text: string): number {
  const number = /^(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN
  if (!(number <= 1)) throw new InvalidArgumentError('Expected a share from 0 to 1, such as 0.05.')
  return number
}

/** Requests per seconds, such as 50/10. */
function rateLimit(text: string): { requests: number; seconds: number } {
  const [, requests, seconds] = /^(\d{1,9})\/(\d{1,6}(?:\.\d+)?)$/.exec(text) ?? []
  const limit = { requests: Number(requests), seconds: Number(seconds) }
  if (!(limit.requests >= 1 && limit.seconds > 0)) {
    throw new InvalidArgumentError('Expected requests and seconds, such as 50/10.')
  }
  return limit
}
