import { join } from 'node:path'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import type { Sandbox } from '../sandbox/server.ts'
import type { SandboxStore } from '../sandbox/store.ts'

/** What `orafi sandbox serve` takes, as parsed. */
export interface ServeOptions {
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

/** Throws `usage` where the sandbox on disk began with other customers than those asked for. */
export async function openStore(
  context: Context,
  { ephemeral, customers, seed }: ServeOptions,
): Promise<SandboxStore> {
  const { openSandboxStore } = await import('../sandbox/store.ts')
  const folder = ephemeral ? undefined : join((await context.folders()).state, 'sandbox')
  const { owner, now, sleep } = context.world
  const store = await openSandboxStore({ folder, customers, seed, owner, now, sleep })
  const { shop } = store
  if ((customers ?? shop.customers) === shop.customers && (seed ?? shop.seed) === shop.seed) return store
  await store.close()
  throw new CliError(
    'usage',
    `the sandbox began with ${shop.customers} customers from seed ${shop.seed} and keeps them`,
    { hint: 'orafi sandbox reset makes room for others; --ephemeral needs none' },
  )
}

/** Throws `local_error` where the port cannot be had. */
export async function start(context: Context, store: SandboxStore, options: ServeOptions): Promise<Sandbox> {
  const { startSandbox } = await import('../sandbox/server.ts')
  const { now, random, sleep } = context.world
  const { port, maxPage, failRate, dropRate, rateLimit } = options
  try {
    return await startSandbox({
      store,
      now,
      random,
      sleep,
      port,
      maxPage,
      latencyMs: options.latency,
      answers: options.answers,
      duplicates: options.conflict ? 'conflict' : 'accept',
      faults: { failRate, dropRate, rateLimit },
    })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    const why = code === 'EACCES' ? 'may not be used without more rights' : 'is taken by another program'
    throw new CliError('local_error', `port ${port} ${why}`, {
      hint: 'choose another with --port; --port 0 takes a free one',
    })
  }
}
