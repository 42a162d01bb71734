import type { Command } from '@commander-js/extra-typings'
import type { Mode } from '../api/customer.ts'
import { type Credentials, chooseKey } from '../config/credentials.ts'
import { baseUrlOf, type Folders } from '../config/environment.ts'
import { maskKey } from '../config/keys.ts'
import { modes, type StoreData } from '../config/profiles.ts'
import { readStore } from '../config/store.ts'
import type { Context, Run } from '../context.ts'
import { CliError } from '../errors.ts'
import { type Column, report } from '../output/result.ts'
import { businessOf, elsewhereHint } from '../session.ts'
import { businessText, checkKey, type KeyCheck, keyCheckError, rejectSandbox, shownMode } from './keys.ts'

/** `orafi whoami` */
export function define(command: Command, run: Run): void {
  command.option('--all', 'list every stored key').action(run(whoami))
}

async function whoami(context: Context, options: { all?: true | undefined }): Promise<void> {
  if (options.all) return listAll(context)
  const found = context.sandbox ? await inSandbox(context) : await atApi(context)
  const document = await statusOf(found, await context.folders())
  await context.print(report(document, rowsOf(document), pairs))
  if (found.failure !== undefined) throw found.failure
}

/** The key in use: credentials, or the sandbox. */
interface KeyInUse extends Pick<Credentials, 'profile' | 'mode' | 'masked' | 'readOnly' | 'shadows'> {
  readonly source: 'sandbox' | Credentials['source']
}

interface Found {
  /** Null for the sandbox, which has a different one in every process. */
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
  const { baseUrl, credentials, keyError, storeError } = await currentKey(context)
  if (credentials === undefined) return { baseUrl, failure: keyError }
  const check = await checkKey(context, credentials.key, credentials.baseUrl)
  const failure = keyCheckError(check, `${credentials.mode} key ${credentials.masked}`, {
    no: 'sign in with another key: orafi login',
    unknown: check.accepted === 'unknown' && check.elsewhere ? elsewhereHint(credentials) : undefined,
  })
  return { baseUrl: credentials.baseUrl, inUse: credentials, check, failure: failure ?? storeError }
}

/** The stored profiles and the key in use, or why there are none. Throws `usage` only. */
async function currentKey(context: Context) {
  const { world, options, mode } = context
  const { config } = await context.folders()
  const baseUrl = baseUrlOf(world.env)
  const stored = readStore(config)
  const [data, storeError] = await orError(stored)
  // ORAFI_API_KEY gives a key even if the config file cannot be used.
  const flags = { profile: options.profile, mode }
  const [credentials, keyError] = await orError(
    chooseKey({ env: world.env, flags, baseUrl, store: () => stored }),
  )
  return { baseUrl, data, storeError, credentials, keyError }
}

async function orError<T>(work: Promise<T>): Promise<[T | undefined, CliError | undefined]> {
  try {
    return [await work, undefined]
  } catch (error) {
    if (error instanceof CliError && error.code !== 'usage') return [undefined, error]
    throw error
  }
}

/** What `--json` prints: null where there is no key, or nothing is known. */
async function statusOf({ inUse, check, baseUrl }: Found, { config, state }: Folders) {
  return {
    profile: inUse?.profile ?? null,
    mode: inUse?.mode ?? null,
    key: inUse?.masked ?? null,
    source: inUse?.source ?? null,
    readOnly: inUse?.readOnly ?? null,
    baseUrl,
    config,
    state,
    ...acceptance(check),
    business: (check?.accepted === 'yes' ? check.business : undefined) ?? null,
    shadows: (await inUse?.shadows()) ?? null,
  }
}

function acceptance(check: KeyCheck | undefined) {
  if (check === undefined) return { accepted: null, message: null }
  return { accepted: check.accepted, message: check.accepted === 'yes' ? null : check.message }
}

/**
 * Lists all stored keys by profile name, after ORAFI_API_KEY if that is in use. All are checked at once, each at its own
 * base URL. A key that the API does not accept is not a failure here.
 */
async function listAll(context: Context): Promise<void> {
  rejectSandbox(context, 'whoami --all')
  const { data, credentials, keyError, storeError } = await currentKey(context)
  const profiles = Object.entries(data?.profiles ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  const stored = profiles.flatMap(([profile, { readOnly, keys }]): KeyToList[] => {
    const known = modes.flatMap((mode) => {
      const kept = keys[mode]
      return kept === undefined ? [] : [{ ...kept, profile, mode, readOnly, source: 'profile' as const }]
    })
    return known.length > 0 ? known : [{ profile, readOnly, source: 'profile', mode: null }]
  })
  const all = credentials?.source === 'environment' ? [credentials, ...stored] : stored
  const keys = await Promise.all(all.map((one) => listed(context, one, data, credentials)))
  await context.print(report({ data: keys, ...(await context.folders()) }, keys.map(rowOf), columns))
  const failure = storeError ?? (keys.length === 0 ? keyError : undefined)
  if (failure !== undefined) throw failure
}

/** A key to list; without one, a profile that is signed out and only kept because it is read-only. */
interface KeyToList {
  readonly profile: string
  readonly mode: Mode | null
  readonly key?: string
  readonly source: Credentials['source']
  readonly baseUrl?: string
  readonly readOnly: boolean
}

/** A key as `--json` prints it. */
async function listed(
  context: Context,
  { profile, mode, key, source, baseUrl, readOnly }: KeyToList,
  data: StoreData | undefined,
  current: Credentials | undefined,
) {
  const isThis = (other?: { readonly profile: string; readonly mode: Mode }): boolean =>
    other?.profile === profile && other.mode === mode
  const check = key === undefined || baseUrl === undefined ? undefined : await checkKey(context, key, baseUrl)
  return {
    profile,
    mode,
    key: key === undefined ? null : maskKey(key),
    source,
    baseUrl: baseUrl ?? null,
    readOnly,
    default: source === 'profile' && isThis(data?.default),
    inUse: current?.source === source && isThis(current),
    ...acceptance(check),
  }
}

const pairs: readonly Column[] = [
  { key: 'name', title: '' },
  { key: 'value', title: '' },
]

function rowsOf(found: Awaited<ReturnType<typeof statusOf>>): Record<string, string>[] {
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

function rowOf(found: Awaited<ReturnType<typeof listed>>): Record<string, string> {
  const standard = found.default ? 'default' : ''
  return {
    profile: found.profile,
    mode: found.mode === null ? '' : shownMode(found.mode),
    key: found.key ?? 'none',
    used: found.inUse ? 'now' : standard,
    readOnly: yesOrNo(found.readOnly),
    accepted: found.accepted ?? '',
    baseUrl: found.baseUrl ?? '',
  }
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no'
}
