import { join } from 'node:path'
import type { Client, ClientEvent } from './api/client.ts'
import type { Mode } from './api/customer.ts'
import { type Business, getBusiness } from './api/customers.ts'
import { ApiError } from './api/errors.ts'
import { type Credentials, chooseKey } from './config/credentials.ts'
import { checkBaseUrl, defaultBaseUrl, envSwitch, type Folders, versionedUrl } from './config/environment.ts'
import { keyHash, maskKey } from './config/keys.ts'
import type { StoreData } from './config/profiles.ts'
import { CliError } from './errors.ts'
import type { World } from './world.ts'

/** What a command needs of its session. */
export interface SessionRequest {
  /** `list --mode`: the preferred mode if no flag selects one. */
  readonly listMode?: Mode | undefined
  /** The command makes changes; if the profile is read-only, it fails before any request or prompt. */
  readonly changing?: boolean | undefined
  /** The command makes many requests: waits for the rate limit are unlimited without `--max-wait`. */
  readonly many?: boolean | undefined
  /** Called for every event of the client, as for the throttle of bulk commands. */
  readonly observe?: ((event: ClientEvent) => void) | undefined
}

/** A key in use and a client that holds it. */
export interface Session {
  readonly client: Client
  readonly key: {
    readonly mode: Mode
    readonly masked: string
    readonly hash: () => Promise<string>
    readonly source: 'sandbox' | 'environment' | 'profile'
  }
  /** Undefined in the sandbox. */
  readonly baseUrl: string | undefined
  /** The account that changes are made to (docs/contract.md#identity). */
  readonly identity: string
  readonly profile: string
  readonly readOnly: boolean
  /** The account for prompts and summaries: profile, mode of the key, masked key. */
  readonly place: string
  /** The same with the name of the business if the key is live. The name is cached for a day. */
  named(): Promise<string>
  /** The stored profile that ORAFI_API_KEY overrides. */
  shadows(): Promise<string | undefined>
  close(): Promise<void>
}

/** The global options of a session. Times in seconds. */
export interface SessionOptions {
  readonly sandbox: boolean
  readonly profile?: string | undefined
  readonly mode?: Mode | undefined
  readonly timeout: number
  readonly retries: number
  readonly maxWait?: number | undefined
}

/** What a session is opened from. */
export interface SessionSources {
  readonly world: World
  readonly options: SessionOptions
  readonly userAgent: string
  folders(): Promise<Folders>
  store(): Promise<StoreData | undefined>
  onEvent(event: ClientEvent): void
}

/** The maximum number of sockets of a bulk command; its throttle limits how many are used. */
const mostConnections = 64

/** The longest single wait for a rate limit if a command makes few requests (seconds). */
const shortWait = 60

/**
 * Selects the key, starts the sandbox if needed, and opens the client.
 * Throws `auth` and `usage` as `chooseKey` does, and `auth` if the command makes changes and the profile is read-only.
 */
export async function openSession(sources: SessionSources, request: SessionRequest): Promise<Session> {
  const { env } = sources.world
  if (sources.options.sandbox) return openSandbox(sources, request)
  const credentials = await chooseKey({
    env,
    flags: { profile: sources.options.profile, mode: sources.options.mode, listMode: request.listMode },
    baseUrl: checkBaseUrl(env.ORAFI_BASE_URL || defaultBaseUrl),
    store: sources.store,
  })
  if (request.changing && credentials.readOnly) throw readOnly(placeOf(credentials))
  const client = await openClientFor(sources, request, {
    ...credentials,
    elsewhere: elsewhereHint(credentials),
  })
  return {
    client,
    key: {
      mode: credentials.mode,
      masked: credentials.masked,
      hash: () => keyHash(credentials.key),
      source: credentials.source,
    },
    baseUrl: credentials.baseUrl,
    identity: credentials.identity,
    profile: credentials.profile,
    readOnly: credentials.readOnly,
    place: placeOf(credentials),
    named: namedPlace(sources, credentials, client),
    shadows: credentials.shadows,
    async close() {
      // Idle sockets are left to the end of the process: closing them makes Node open its stderr, which takes time.
      if (!client.idle()) await client.close()
    },
  }
}

/** The sandbox is like a profile with both keys, with test as the default (docs/contract.md#sandbox). */
async function openSandbox(sources: SessionSources, request: SessionRequest): Promise<Session> {
  const { world, options } = sources
  const mode = options.mode ?? request.listMode ?? 'test'
  const isReadOnly = envSwitch(world.env, 'ORAFI_READ_ONLY')
  const place = mode === 'live' ? 'SANDBOX, LIVE' : 'SANDBOX, test'
  if (request.changing && isReadOnly) throw readOnly(place)
  const [{ startSandbox }, { openSandboxStore }] = await Promise.all([
    import('./sandbox/server.ts'),
    import('./sandbox/store.ts'),
  ])
  const folder = join((await sources.folders()).state, 'sandbox')
  const opened: { close(): Promise<void> }[] = []
  const close = async (): Promise<void> => {
    for (const one of opened.reverse()) await one.close()
  }
  try {
    const store = await openSandboxStore({ folder, now: world.now, sleep: world.sleep, owner: world.owner })
    opened.push(store)
    let failure: unknown
    const sandbox = await startSandbox({
      store,
      now: world.now,
      sleep: world.sleep,
      onFailure(error) {
        failure = error
      },
    })
    opened.push(sandbox)
    const key = sandbox.keys[mode]
    const client = await openClientFor(sources, request, { key, baseUrl: sandbox.url, readOnly: isReadOnly })
    opened.push(client)
    return {
      client: {
        ...client,
        // Reports why the sandbox answered 500, such as a full disk, instead of blaming the API.
        request: (call, read) =>
          client.request(call, read).catch((error: unknown) => {
            throw error instanceof ApiError && error.status === 500 ? (failure ?? error) : error
          }),
      },
      key: { mode, masked: maskKey(key), hash: () => keyHash(key), source: 'sandbox' },
      baseUrl: undefined,
      identity: `sandbox ${mode}`,
      profile: 'sandbox',
      readOnly: isReadOnly,
      place,
      named: async () => place,
      shadows: async () => undefined,
      close,
    }
  } catch (error) {
    // A listening server would keep the process alive.
    await close()
    throw error
  }
}

/** A client for a key and its base URL. Without proxy for the sandbox. */
export async function openClientFor(
  sources: SessionSources,
  request: SessionRequest,
  target: Pick<Credentials, 'key' | 'baseUrl' | 'readOnly'> & { readonly elsewhere?: string | undefined },
): Promise<Client> {
  const { world, options, userAgent, onEvent } = sources
  const { delayWasmOptimisation, openClient } = await import('./api/client.ts')
  const maxWait = options.maxWait ?? (request.many ? Number.POSITIVE_INFINITY : shortWait)
  const client = openClient({
    ...target,
    shownKey: maskKey(target.key),
    userAgent,
    timeoutMs: options.timeout * 1000,
    retries: options.retries,
    maxWaitMs: maxWait * 1000,
    env: options.sandbox ? {} : world.env,
    signal: world.signal,
    hurry: world.hurry,
    // An interruption lets changes complete that were already sent, but aborts reads.
    finishing: request.changing === true,
    connections: request.many ? mostConnections : undefined,
    now: world.now,
    random: world.random,
    sleep: world.sleep,
    timer: world.timer,
    pause: world.pause,
    onEvent(event) {
      onEvent(event)
      request.observe?.(event)
    },
  })
  // After all imports: V8 rejects the compile cache of modules if its flags have changed.
  delayWasmOptimisation(world.nodeVersion)
  return client
}

/** The timeout for the name of a business, which is only shown (ms). */
const patienceMs = 2000

/**
 * The business of the account (docs/contract.md#naming-the-account): null if the API does not say, undefined if there
 * was no answer in time. Throws the reason of an interruption.
 */
export async function businessOf(client: Client, world: World): Promise<Business | null | undefined> {
  const limit = new AbortController()
  const stop = world.timer(patienceMs, () => limit.abort(new Error('too slow')))
  try {
    const business = await getBusiness(client, { signal: limit.signal })
    // A server may echo the key.
    return business === undefined ? null : { ...business, businessName: client.mask(business.businessName) }
  } catch (error) {
    world.signal.throwIfAborted()
    const isRefused = error instanceof ApiError && (error.code === 'api_error' || error.code === 'auth')
    return isRefused ? null : undefined
  } finally {
    stop()
  }
}

function namedPlace(
  sources: SessionSources,
  credentials: Credentials,
  client: Client,
): () => Promise<string> {
  let name: Promise<string | undefined> | undefined
  return async () => {
    if (credentials.mode !== 'live') return placeOf(credentials)
    name ??= liveName(sources, credentials, client).catch(() => {
      sources.world.signal.throwIfAborted()
      // The name is optional.
      return undefined
    })
    return placeOf(credentials, await name)
  }
}

/** The cached name, or that of the API. */
async function liveName(
  { world, folders }: SessionSources,
  { key }: Credentials,
  client: Client,
): Promise<string | undefined> {
  const { keepName, knownName, shownName } = await import('./config/business.ts')
  const place = { state: (await folders()).state, keyHash: await keyHash(key), now: world.now }
  const known = await knownName(place)
  if (known !== undefined) return known === null ? undefined : shownName(known)
  const business = await businessOf(client, world)
  if (business !== undefined) await keepName(place, business?.businessName ?? null)
  return business ? shownName(business.businessName) : undefined
}

/** What to try if the API is not at the base URL. */
export function elsewhereHint({ source, profile, baseUrl }: Credentials): string | undefined {
  const versioned = versionedUrl(baseUrl)
  if (versioned === undefined) return undefined
  return source === 'profile'
    ? `sign in again: orafi login --profile ${profile}`
    : `try ORAFI_BASE_URL=${versioned}`
}

function placeOf({ source, profile, mode, masked }: Credentials, business?: string): string {
  const from = source === 'environment' ? 'key from ORAFI_API_KEY' : `profile ${profile}`
  if (business !== undefined) return `${from}, LIVE · ${business} · ${masked}`
  return `${from}, ${mode === 'live' ? 'LIVE' : 'test'}, ${masked}`
}

function readOnly(place: string): CliError {
  return new CliError('auth', `read-only: nothing was changed (${place})`, {
    hint: 'unset ORAFI_READ_ONLY if it is set, or make the profile writable: orafi login --read-write',
  })
}
