import type { Mode } from '../api/customer.ts'
import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'
import type { Env } from './environment.ts'

export interface StoredKey {
  readonly key: string
  /** The only URL that the key is sent to (docs/contract.md#which-key). */
  readonly baseUrl: string
  /** Epoch ms. */
  readonly savedAt: number
  /** Whether the API accepted it before it was stored; false with `--no-verify`. */
  readonly verified: boolean
}

/** A named set of at most one test and one live key. */
export interface Profile {
  readonly readOnly: boolean
  readonly keys: { readonly test?: StoredKey | undefined; readonly live?: StoredKey | undefined }
}

/** The content of the config file. Unknown fields are kept, since every change spreads the data that was read. */
export interface StoreData {
  readonly v: typeof storeVersion
  readonly default?: { readonly profile: string; readonly mode: Mode } | undefined
  readonly profiles: Readonly<Record<string, Profile>>
}

/** The version of the file format. A file of a newer version is never changed. */
export const storeVersion = 1

export const emptyStore: StoreData = { v: storeVersion, profiles: {} }

/** A profile by its name. Own properties only, since `__proto__` is a valid name. */
export function findProfile(data: StoreData | undefined, name: string): Profile | undefined {
  return data !== undefined && Object.hasOwn(data.profiles, name) ? data.profiles[name] : undefined
}

/** Whether a profile has keys. A read-only profile stays in the store without keys after a sign-out. */
export function hasKeys(profile: Profile): boolean {
  return profile.keys.test !== undefined || profile.keys.live !== undefined
}

/** The profile name of ORAFI_API_KEY; reserved. */
export const environmentProfile = 'env'

/** The profile of a first sign-in without a name. */
export const firstProfile = 'default'

/** Whether a text is a valid profile name (docs/contract.md#signing-in). */
export function isProfileName(name: string): boolean {
  return /^[a-z0-9_-]+$/.test(name) && name !== environmentProfile
}

/** `ORAFI_PROFILE`, if it is set and not empty. Throws `usage` for an invalid name. */
export function profileVariable(env: Env): string | undefined {
  return env.ORAFI_PROFILE ? checkProfileName(env.ORAFI_PROFILE, 'ORAFI_PROFILE') : undefined
}

/** Checks a profile name (docs/contract.md#signing-in); `origin` is the flag or variable. Throws `usage`. */
export function checkProfileName(name: string, origin: string): string {
  if (/ora_(test|live)_/i.test(name)) {
    throw new CliError('usage', `${origin} contains a key, not the name of a profile`, {
      hint: 'a key typed on a command line is stored in the shell history: rotate it',
    })
  }
  if (isProfileName(name)) return name
  if (name === environmentProfile) {
    throw new CliError(
      'usage',
      `${origin}: '${environmentProfile}' is reserved for the key from the environment`,
      { hint: 'choose another name for the profile' },
    )
  }
  throw new CliError('usage', `${origin}: '${visible(name.slice(0, 60))}' is not a valid profile name`, {
    hint: 'a name may only contain lower-case letters, digits, _ and -',
  })
}

/** The profile named by `--profile` or `ORAFI_PROFILE`, if any. Throws `usage` for an invalid name. */
export function requestedProfile(env: Env, flag: string | undefined): string | undefined {
  return flag === undefined ? profileVariable(env) : checkProfileName(flag, '--profile')
}

/** Both modes, in display order. */
export const modes: readonly Mode[] = ['test', 'live']

/** A key to store. */
export interface NewKey {
  readonly profile: string
  readonly mode: Mode
  readonly stored: StoredKey
  /** `--read-only` or `--read-write`; undefined leaves the profile as it was. */
  readonly readOnly?: boolean | undefined
}

/**
 * The store with a key added or replaced. If there is no default profile, this one becomes the default, in the key's
 * mode; otherwise the default stays (docs/contract.md#signing-in).
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
 * The store without the keys of these modes in these profiles. A profile without keys is removed, and is no longer the
 * default. A read-only profile stays without keys: only `login --read-write` makes it writable, not a sign-out.
 */
export function withoutKeys(data: StoreData, names: readonly string[], removed: readonly Mode[]): StoreData {
  const profiles = Object.fromEntries(
    Object.entries(data.profiles).flatMap(([name, profile]): [string, Profile][] => {
      if (!names.includes(name)) return [[name, profile]]
      const left = without(profile, removed)
      return hasKeys(left) || left.readOnly ? [[name, left]] : []
    }),
  )
  const { default: chosen, ...rest } = data
  const left = { ...rest, profiles }
  const profile = chosen === undefined ? undefined : findProfile(left, chosen.profile)
  return profile !== undefined && hasKeys(profile) ? { ...left, default: chosen } : left
}

function without(profile: Profile, removed: readonly Mode[]): Profile {
  const keys = Object.entries(profile.keys).filter(([mode]) => !removed.some((one) => one === mode))
  return { ...profile, keys: Object.fromEntries(keys) }
}

/** The mode of a profile with two keys if no flag selects one. */
export function preferredMode(name: string, data: StoreData | undefined): Mode {
  return data?.default?.profile === name ? data.default.mode : 'test'
}
