import { isBaseUrl } from './base-url.ts'
import { keyMode, type Mode } from './keys.ts'
import { isProfileName } from './profile-name.ts'

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

/** A file that cannot be used as it is; the message continues `cannot use PATH: `. */
export class DamagedStore extends Error {}

/** Reads the file's text. Throws DamagedStore, whose message says what is wrong without quoting any of it. */
export function parseStore(text: string): StoreData {
  const data = parseJson(text)
  const version = isRecord(data) ? data.v : undefined
  if (typeof version === 'number' && version > storeVersion) {
    throw new DamagedStore('it was written by a newer version of orafi')
  }
  if (!isStoreData(data)) throw new DamagedStore('it is not what orafi writes')
  return data
}

/** V8's own message quotes the text around the mistake, which may be a key. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new DamagedStore('it is not valid JSON')
  }
}

function isStoreData(data: unknown): data is StoreData {
  if (!isRecord(data) || data.v !== storeVersion || !isRecord(data.profiles)) return false
  if (data.default !== undefined && !isDefault(data.default)) return false
  return Object.entries(data.profiles).every(([name, profile]) => isProfileName(name) && isProfile(profile))
}

function isDefault(value: unknown): boolean {
  return (
    isRecord(value) && typeof value.profile === 'string' && isProfileName(value.profile) && isMode(value.mode)
  )
}

function isProfile(value: unknown): boolean {
  if (!isRecord(value) || typeof value.readOnly !== 'boolean' || !isRecord(value.keys)) return false
  return isStoredKey(value.keys.test, 'test') && isStoredKey(value.keys.live, 'live')
}

function isStoredKey(value: unknown, mode: Mode): boolean {
  if (value === undefined) return true
  return (
    isRecord(value) &&
    typeof value.key === 'string' &&
    keyMode(value.key) === mode &&
    typeof value.baseUrl === 'string' &&
    isBaseUrl(value.baseUrl) &&
    typeof value.savedAt === 'number' &&
    typeof value.verified === 'boolean'
  )
}

function isMode(value: unknown): value is Mode {
  return value === 'test' || value === 'live'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
