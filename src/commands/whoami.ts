import type { Command } from '@commander-js/extra-typings'
import type { Current } from '../config/current.ts'
import type { InUse } from '../config/standing.ts'
import type { Verdict } from '../config/verdict.ts'
import type { Context, Run } from '../context.ts'
import type { CliError } from '../errors.ts'
import { guide } from '../reference/guide.ts'
import { refuseSandbox, verdictOf } from './keys.ts'
import { keysReport, standingReport } from './whoami-report.ts'

/** `orafi whoami` */
export function define(command: Command, run: Run): void {
  command
    .description('Which key is in use, where it comes from, and whether the API accepts it.')
    .option('--all', 'list every stored key')
    .action(run(whoami))
  guide(command, {
    exits: [[4, 'not signed in, or the key is not accepted'], 5],
    json: '{"profile", "mode", "key", "source", "readOnly", "baseUrl", "config", "state", "accepted", "message", "business", "shadows"}; with --all {"data": [{"profile", "mode", "key", "source", "baseUrl", "readOnly", "default", "inUse", "accepted", "message"}], "config", "state"}. "key" is masked, "accepted" is yes, no or unknown, "business" is {"businessName", "onboarded", "isLive"} or null.',
    examples: ['orafi whoami', 'orafi whoami --all', 'orafi whoami --json | jq -r .mode'],
  })
}

async function whoami(context: Context, options: { all?: true | undefined }): Promise<void> {
  if (options.all) return listAll(context)
  const { standing } = await import('../config/standing.ts')
  const { failure, baseUrl, ...found } = context.sandbox ? await inSandbox(context) : await inEarnest(context)
  const told = await standing(found.inUse, found.verdict, { ...(await context.folders()), baseUrl })
  await context.print(standingReport(told))
  if (failure !== undefined) throw failure
}

interface Found {
  readonly baseUrl: string | null
  readonly inUse?: InUse
  readonly verdict?: Verdict
  /** Thrown once everything has been told. */
  readonly failure?: CliError | undefined
}

async function inSandbox(context: Context): Promise<Found> {
  const { client, key, profile, readOnly, shadows } = await context.session()
  const inUse: InUse = { mode: key.mode, masked: key.masked, source: 'sandbox', profile, readOnly, shadows }
  const { businessOf } = await import('../session.ts')
  const business = (await businessOf(client, context.world)) ?? undefined
  return { baseUrl: null, inUse, verdict: { accepted: 'yes', business } }
}

async function inEarnest(context: Context): Promise<Found> {
  const { baseUrl, credentials, refusal, damage } = await current(context)
  if (credentials === undefined) return { baseUrl, failure: refusal }
  const [{ verdictError }, { elsewhereHint }] = await Promise.all([
    import('../config/verdict.ts'),
    import('../session.ts'),
  ])
  const verdict = await verdictOf(context.verify(credentials.key, credentials.baseUrl))
  const failure = verdictError(verdict, `${credentials.mode} key ${credentials.masked}`, {
    no: 'sign in with another key: orafi login',
    unknown: verdict.accepted === 'unknown' && verdict.elsewhere ? elsewhereHint(credentials) : undefined,
  })
  return { baseUrl: credentials.baseUrl, inUse: credentials, verdict, failure: failure ?? damage }
}

/** A listing: what the API does not accept is told in it, and is no failure. */
async function listAll(context: Context): Promise<void> {
  refuseSandbox(context, 'whoami --all')
  const { listKeys } = await import('../config/standing.ts')
  const { data, credentials, refusal, damage } = await current(context)
  const keys = await listKeys(data, credentials, (key, url) => verdictOf(context.verify(key, url)))
  await context.print(keysReport(keys, await context.folders()))
  const failure = damage ?? (keys.length === 0 ? refusal : undefined)
  if (failure !== undefined) throw failure
}

async function current(context: Context): Promise<Current & { baseUrl: string }> {
  const { world, options, mode } = context
  const [{ baseUrlOf }, { currentKey }] = await Promise.all([
    import('../config/base-url.ts'),
    import('../config/current.ts'),
  ])
  const { config: folder } = await context.folders()
  const baseUrl = baseUrlOf(world.env)
  const found = await currentKey({
    env: world.env,
    flags: { profile: options.profile, mode },
    baseUrl,
    folder,
  })
  return { ...found, baseUrl }
}
