import type { Mode } from '../api/customer.ts'
import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'
import { accountUrl, defaultBaseUrl, type Env, envSwitch } from './environment.ts'
import { keyMode, maskKey } from './keys.ts'
import {
  environmentProfile,
  findProfile,
  hasKeys,
  type Profile,
  preferredMode,
  profileVariable,
  requestedProfile,
  type StoreData,
  type StoredKey,
} from './profiles.ts'

/** The flags and environment that select a key. */
export interface KeyRequest {
  readonly env: Env
  readonly flags: {
    /** `--profile`, without ORAFI_PROFILE: the flag takes precedence over ORAFI_API_KEY. */
    readonly profile?: string | undefined
    /** `--test` or `--live`: requires a key of that mode. */
    readonly mode?: Mode | undefined
    /** `list --mode`: the preferred mode if a profile has both keys. */
    readonly listMode?: Mode | undefined
  }
  /** The checked base URL to send requests to. */
  readonly baseUrl: string
  /** Reads the stored profiles; called only if one of them is needed. */
  readonly store: () => Promise<StoreData | undefined>
}

/** A key and where it comes from. */
export interface Credentials {
  readonly key: string
  readonly mode: Mode
  /** The masked key. */
  readonly masked: string
  /** The stored profile; for ORAFI_API_KEY, `ORAFI_PROFILE` or `env`. */
  readonly profile: string
  readonly source: 'environment' | 'profile'
  readonly baseUrl: string
  /** Set by the profile or by `ORAFI_READ_ONLY`. */
  readonly readOnly: boolean
  /** The account that changes are made to: base URL without `/v1`, mode, profile (docs/contract.md#identity). */
  readonly identity: string
  /** The stored profile that ORAFI_API_KEY overrides; reads the store when called. */
  readonly shadows: () => Promise<string | undefined>
}

/**
 * Selects the key (docs/contract.md#which-key) by `--profile`, `ORAFI_API_KEY`, `ORAFI_PROFILE` or the default profile,
 * in this order. Reads the store for a stored key only. Throws `auth` if there is no such key, `usage` for an invalid
 * profile name.
 */
export async function chooseKey(request: KeyRequest): Promise<Credentials> {
  const key = request.env.ORAFI_API_KEY
  if (request.flags.profile === undefined && key) return fromEnvironment(request, key)
  return fromProfile(request, await request.store())
}

function fromEnvironment({ env, flags, baseUrl, store }: KeyRequest, key: string): Credentials {
  const mode = keyMode(key)
  if (mode === undefined) {
    throw new CliError('auth', 'ORAFI_API_KEY does not contain an Orafi key', {
      hint: 'a key starts with ora_test_ or ora_live_, has at least 32 characters and no white space',
    })
  }
  if (flags.mode !== undefined && flags.mode !== mode) {
    throw new CliError(
      'auth',
      `ORAFI_API_KEY contains a ${mode} key (${maskKey(key)}), but --${flags.mode} was given`,
      { hint: `leave out --${flags.mode}, or set ORAFI_API_KEY to a ${flags.mode} key` },
    )
  }
  const profile = profileVariable(env) ?? environmentProfile
  const readOnly = envSwitch(env, 'ORAFI_READ_ONLY')
  return credentials({
    key,
    mode,
    profile,
    source: 'environment',
    baseUrl,
    readOnly,
    shadows: shadowedBy(env, store),
  })
}

function fromProfile({ env, flags, baseUrl }: KeyRequest, data: StoreData | undefined): Credentials {
  const { name, profile } = profileInUse(env, flags.profile, data)
  const { mode, stored } = pickKey(name, profile, flags, data)
  if (accountUrl(stored.baseUrl) !== accountUrl(baseUrl)) {
    throw new CliError(
      'auth',
      `the ${mode} key of profile '${name}' belongs to ${visible(stored.baseUrl)} and is not sent to ${visible(baseUrl)}`,
      {
        hint: `${environmentFor(stored.baseUrl)}, or sign in under another profile: orafi login --profile NAME`,
      },
    )
  }
  const readOnly = profile.readOnly || envSwitch(env, 'ORAFI_READ_ONLY')
  // The URL that the key was verified at, unless ORAFI_BASE_URL explicitly has /v1.
  const used = baseUrl === accountUrl(baseUrl) ? stored.baseUrl : baseUrl
  const shadows = async () => undefined
  return credentials({
    key: stored.key,
    mode,
    profile: name,
    source: 'profile',
    baseUrl: used,
    readOnly,
    shadows,
  })
}

/** How to set the environment to the base URL of a stored key. */
function environmentFor(baseUrl: string): string {
  return accountUrl(baseUrl) === defaultBaseUrl
    ? 'unset ORAFI_BASE_URL'
    : `set ORAFI_BASE_URL=${visible(baseUrl)}`
}

function credentials(parts: Omit<Credentials, 'masked' | 'identity'>): Credentials {
  const identity = `${accountUrl(parts.baseUrl)} ${parts.mode} ${parts.profile}`
  return { ...parts, masked: maskKey(parts.key), identity }
}

/** The stored profile to use: the flag, `ORAFI_PROFILE` or the default. Throws `auth` if it has no key. */
function profileInUse(
  env: Env,
  flag: string | undefined,
  data: StoreData | undefined,
): { name: string; profile: Profile } {
  const asked = requestedProfile(env, flag)
  const name = asked ?? data?.default?.profile
  if (name === undefined) throw notSignedIn(data)
  const profile = findProfile(data, name)
  if (profile !== undefined && hasKeys(profile)) return { name, profile }
  if (asked === undefined) throw notSignedIn(data)
  throw new CliError('auth', `no key is stored for profile '${name}'`, {
    hint: `sign in with: orafi login --profile ${name}; or list the profiles: orafi whoami --all`,
  })
}

/** The mode of `--test`/`--live`; else the only key; of two keys, the default profile's mode or else test. */
function pickKey(
  name: string,
  profile: Profile,
  flags: KeyRequest['flags'],
  data: StoreData | undefined,
): { mode: Mode; stored: StoredKey } {
  const preferred = flags.mode ?? flags.listMode ?? preferredMode(name, data)
  const stored = profile.keys[preferred]
  if (stored !== undefined) return { mode: preferred, stored }
  const other: Mode = preferred === 'test' ? 'live' : 'test'
  const only = profile.keys[other]
  if (flags.mode === undefined && only !== undefined) return { mode: other, stored: only }
  throw new CliError('auth', `profile '${name}' has no ${preferred} key, only a ${other} one`, {
    hint: `leave out --${preferred}, or store a ${preferred} key: orafi login --profile ${name}`,
  })
}

/** The stored profile that would be used without ORAFI_API_KEY; undefined if the store cannot be read. */
function shadowedBy(env: Env, store: KeyRequest['store']): () => Promise<string | undefined> {
  return async () => {
    try {
      return profileInUse(env, undefined, await store()).name
    } catch (error) {
      if (error instanceof CliError) return undefined
      throw error
    }
  }
}

function notSignedIn(data: StoreData | undefined): CliError {
  const others = Object.values(data?.profiles ?? {}).some(hasKeys)
  return others
    ? new CliError('auth', 'there is no default profile', {
        hint: 'choose one with: orafi use --profile NAME (orafi whoami --all lists them)',
      })
    : new CliError('auth', 'not signed in', {
        hint: 'sign in with: orafi login; or try everything without a key: --sandbox',
      })
}
