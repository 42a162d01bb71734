import type { Command } from '@commander-js/extra-typings'
import { type Current, currentKey } from '../config/current.ts'
import { baseUrlOf } from '../config/environment.ts'
import {
  type KeyCheck,
  type KeyInUse,
  type KeyStatus,
  keyCheckError,
  keyStatus,
  type ListedKey,
  listKeys,
} from '../config/whoami.ts'
import type { Context, Run } from '../context.ts'
import type { CliError } from '../errors.ts'
import { type Column, report } from '../output/result.ts'
import { guide } from '../reference/guide.ts'
import { businessOf, elsewhereHint } from '../session.ts'
import { acceptanceOf, businessText, rejectSandbox, shownMode } from './keys.ts'

/** `orafi whoami` */
export function define(command: Command, run: Run): void {
  command
    .description('Show which key is in use, where it comes from, and whether the API accepts it.')
    .option('--all', 'list every stored key')
    .action(run(whoami))
  guide(command, {
    exits: [[4, 'not signed in, or the key was not accepted'], 5],
    json: '{"profile", "mode", "key", "source", "readOnly", "baseUrl", "config", "state", "accepted", "message", "business", "shadows"}; with --all {"data": [{"profile", "mode", "key", "source", "baseUrl", "readOnly", "default", "inUse", "accepted", "message"}], "config", "state"}. "key" is masked, "accepted" is yes, no or unknown, "business" is {"businessName", "onboarded", "isLive"} or null.',
    examples: ['orafi whoami', 'orafi whoami --all', 'orafi whoami --json | jq -r .mode'],
  })
}

async function whoami(context: Context, options: { all?: true | undefined }): Promise<void> {
  if (options.all) return listAll(context)
  const { failure, baseUrl, ...found } = context.sandbox ? await inSandbox(context) : await atApi(context)
  const document = await keyStatus(found.inUse, found.check, { ...(await context.folders()), baseUrl })
  await context.print(report(document, rowsOf(document), pairs))
  if (failure !== undefined) throw failure
}

interface Found {
  readonly baseUrl: string | null
  readonly inUse?: KeyInUse
  readonly check?: KeyCheck
  /** Thrown after everything is printed. */
  readonly failure?: CliError | undefined
}

async function inSandbox(context: Context): Promise<Found> {
  const { client, key, profile, readOnly, shadows } = await context.session()
  const inUse: KeyInUse = {
    mode: key.mode,
    masked: key.masked,
    source: 'sandbox',
    profile,
    readOnly,
    shadows,
  }
  const business = (await businessOf(client, context.world)) ?? undefined
  return { baseUrl: null, inUse, check: { accepted: 'yes', business } }
}

async function atApi(context: Context): Promise<Found> {
  const { baseUrl, credentials, keyError, storeError } = await current(context)
  if (credentials === undefined) return { baseUrl, failure: keyError }
  const check = await acceptanceOf(context.verify(credentials.key, credentials.baseUrl))
  const failure = keyCheckError(check, `${credentials.mode} key ${credentials.masked}`, {
    no: 'sign in with another key: orafi login',
    unknown: check.accepted === 'unknown' && check.elsewhere ? elsewhereHint(credentials) : undefined,
  })
  return { baseUrl: credentials.baseUrl, inUse: credentials, check, failure: failure ?? storeError }
}

/** Lists every stored key. A key that the API does not accept is not a failure here. */
async function listAll(context: Context): Promise<void> {
  rejectSandbox(context, 'whoami --all')
  const { data, credentials, keyError, storeError } = await current(context)
  const keys = await listKeys(data, credentials, (key, url) => acceptanceOf(context.verify(key, url)))
  await context.print(report({ data: keys, ...(await context.folders()) }, keys.map(rowOf), columns))
  const failure = storeError ?? (keys.length === 0 ? keyError : undefined)
  if (failure !== undefined) throw failure
}

async function current(context: Context): Promise<Current & { baseUrl: string }> {
  const { world, options, mode } = context
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

const pairs: readonly Column[] = [
  { key: 'name', title: '' },
  { key: 'value', title: '' },
]

function rowsOf(found: KeyStatus): Record<string, string>[] {
  const source = { sandbox: 'the sandbox', environment: 'ORAFI_API_KEY', profile: 'stored profile' }
  const rows: Record<string, string | null> = {
    profile: found.profile ?? 'none',
    mode: found.mode && shownMode(found.mode),
    key: found.key,
    from: found.source && source[found.source],
    business: found.business && businessText(found.business),
    'read-only': found.readOnly === null ? null : yesOrNo(found.readOnly),
    'base URL': found.baseUrl ?? 'inside this process',
    config: found.config,
    state: found.state,
    accepted: found.message === null ? found.accepted : `${found.accepted}: ${found.message}`,
    shadows: found.shadows === null ? null : `profile ${found.shadows}`,
  }
  return Object.entries(rows).flatMap(([name, value]) => (value === null ? [] : [{ name, value }]))
}

const columns: readonly Column[] = [
  { key: 'profile', title: 'PROFILE' },
  { key: 'mode', title: 'MODE' },
  { key: 'key', title: 'KEY' },
  { key: 'used', title: 'USED' },
  { key: 'readOnly', title: 'READ-ONLY' },
  { key: 'accepted', title: 'ACCEPTED' },
  { key: 'baseUrl', title: 'BASE URL' },
]

function rowOf(listed: ListedKey): Record<string, string> {
  const standard = listed.default ? 'default' : ''
  return {
    profile: listed.profile,
    mode: listed.mode === null ? '' : shownMode(listed.mode),
    key: listed.key ?? 'none',
    used: listed.inUse ? 'now' : standard,
    readOnly: yesOrNo(listed.readOnly),
    accepted: listed.accepted ?? '',
    baseUrl: listed.baseUrl ?? '',
  }
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no'
}
