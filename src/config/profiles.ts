import type { Mode } from '../api/customer.ts'
import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'
import type { Env } from './environment.ts'

/** A key as it is kept. */
export interface StoredKey {
  readonly key: string
  /** The only place it is ever sent to (docs/contract.md#which-key). */
  readonly baseUrl: string
  /** Epoch ms. */
  readonly savedAt: number
  /** Whether the API had accepted it when it was stored; false after `--no-verify`. */
  readonly verified: boolean
}

/** A named set of at most one test and one live key. */
export interface Profile {
  readonly readOnly: boolean
  readonly keys: { readonly test?: StoredKey | undefined; readonly live?: StoredKey | undefined }
}

/** What conf's file holds. Fields that are not known here are kept, since every change spreads what was read. */
export interface StoreData {
  readonly v: typeof storeVersion
  readonly default?: { readonly profile: string; readonly mode: Mode } | undefined
  readonly profiles: Readonly<Record<string, Profile>>
}

/** The version of the file that is written here; a file of a newer one is left alone. */
export const storeVersion = 1

export const emptyStore: StoreData = { v: storeVersion, profiles: {} }

/** A profile by its name. Names such as `__proto__` are allowed, so only what the file itself holds counts. */
export function findProfile(data: StoreData | undefined, name: string): Profile | undefined {
  return data !== undefined && Object.hasOwn(data.profiles, name) ? data.profiles[name] : undefined
}

/** Signed out profiles stay, without keys, where they must be remembered to be read-only. */
export function hasKeys(profile: Profile): boolean {
  return profile.keys.test !== undefined || profile.keys.live !== undefined
}

/** The name that stands for the environment's key; no profile can have it. */
export const environmentProfile = 'env'

/** The profile that a first sign-in makes when it is given no name. */
export const firstProfile = 'default'

/** Whether this can be a profile's name at all (docs/contract.md#signing-in). */
export function isProfileName(name: string): boolean {
  return /^[a-z0-9_-]+$/.test(name) && name !== environmentProfile
}

/** `ORAFI_PROFILE`, where it is set and not empty. Throws `usage` for what cannot be a profile's name. */
export function profileVariable(env: Env): string | undefined {
  return env.ORAFI_PROFILE ? checkProfileName(env.ORAFI_PROFILE, 'ORAFI_PROFILE') : undefined
}

/** A profile's name (`[a-z0-9_-]+`, docs/contract.md#signing-in), as it was given by `origin`. Throws `usage`. */
export function checkProfileName(name: string, origin: string): string {
  if (/ora_(test|live)_/i.test(name)) {
    throw new CliError('usage', `${origin} was given a key, not the name of a profile`, {
      hint: 'a key that was typed into a command line stands in the history of the shell: rotate it',
    })
  }
  if (isProfileName(name)) return name
  if (name === environmentProfile) {
    throw new CliError(
      'usage',
      `${origin}: '${environmentProfile}' stands for the key from the environment`,
      {
        hint: 'choose another name for the profile',
      },
    )
  }
  throw new CliError('usage', `${origin}: '${visible(name.slice(0, 60))}' cannot be the name of a profile`, {
    hint: 'a name has small letters, digits, _ and - only',
  })
}

/** Both modes, in the order in which they are shown. */
export const modes: readonly Mode[] = ['test', 'live']

/** What a sign-in puts into the store. */
export interface NewKey {
  readonly profile: string
  readonly mode: Mode
  readonly stored: StoredKey
  /** `--read-only` or `--read-write`; without either a profile stays what it was. */
  readonly readOnly?: boolean | undefined
}

/**
 * The store with a key added or replaced. Where there is no default profile, this one becomes it, in the key's mode;
 * later sign-ins change no default (docs/contract.md#signing-in).
 */
export function withKey(data: StoreData | undefined, added: NewKey): StoreData {
  const before = data ?? emptyStore
  const old = findProfile(before, added.profile)
  const profile: Profile = {
    ...old,
    readOnly: added.readOnly ?? old?.readOnly ?? false,
    keys: { ...old?.keys, [added.mode]: added.stored },
  }
  return {
    ...before,
    default: before.default ?? { profile: added.profile, mode: added.mode },
    profiles: { ...before.profiles, [added.profile]: profile },
  }
}

/**
 * The store without the keys of these modes in these profiles. A profile without keys goes, and with it the default
 * that named it; a read-only one stays, empty: only `login --read-write` lifts that, not a sign-out.
 */
export function withoutKeys(data: StoreData, names: readonly string[], gone: readonly Mode[]): StoreData {
  const profiles = Object.fromEntries(
    Object.entries(data.profiles).flatMap(([name, profile]): [string, Profile][] => {
      if (!names.includes(name)) return [[name, profile]]
      const left = without(profile, gone)
      return hasKeys(left) || left.readOnly ? [[name, left]] : []
    }),
  )
  const { default: chosen, ...rest } = data
  const left = { ...rest, profiles }
  const still = chosen === undefined ? undefined : findProfile(left, chosen.profile)
  return chosen !== undefined && still !== undefined && hasKeys(still) ? { ...left, default: chosen } : left
}

function without(profile: Profile, gone: readonly Mode[]): Profile {
  const keys = Object.entries(profile.keys).filter(([mode]) => !gone.some((one) => one === mode))
  return { ...profile, keys: Object.fromEntries(keys) }
}

/** The mode that a profile with two keys is used in when nothing says which. */
export function preferredMode(name: string, data: StoreData | undefined): Mode {
  return data?.default?.profile === name ? data.default.mode : 'test'
}
