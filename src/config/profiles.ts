import type { Mode } from './keys.ts'
import {
  emptyStore,
  findProfile,
  hasKeys,
  type Profile,
  type StoreData,
  type StoredKey,
} from './store-data.ts'

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
