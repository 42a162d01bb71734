import type { Mode } from '../api/customer.ts'
import type { Business } from '../api/customers.ts'
import { CliError } from '../errors.ts'
import type { Credentials } from './credentials.ts'
import { type Folders, versionedUrl } from './environment.ts'
import { maskKey } from './keys.ts'
import { modes, type Profile, type StoreData } from './profiles.ts'

/** The result of checking a key with one small request. Its texts are visible(). */
export type KeyCheck =
  | { readonly accepted: 'yes'; readonly business?: Business | undefined }
  /** 401 or 403. */
  | { readonly accepted: 'no'; readonly message: string }
  /** There was no answer, or not one of the Orafi API. */
  | {
      readonly accepted: 'unknown'
      readonly code: 'unavailable' | 'api_error' | 'usage'
      readonly message: string
      readonly hint?: string | undefined
      /** The server answered 404, so the API may be at another URL. */
      readonly elsewhere?: boolean | undefined
    }

/** Checks a key by requesting one customer from the API at `baseUrl`, the key's own base URL. */
export type Verify = (key: string, baseUrl: string) => Promise<KeyCheck>

/**
 * Checks a key at a base URL and, if that has no path and answers 404, at the same with `/v1`
 * (docs/contract.md#base-url). Returns the result with the URL that answered.
 */
export async function verifyWithFallback(
  verify: Verify,
  key: string,
  baseUrl: string,
): Promise<{ readonly check: KeyCheck; readonly baseUrl: string }> {
  const check = await verify(key, baseUrl)
  const versioned = versionedUrl(baseUrl)
  if (!isElsewhere(check) || versioned === undefined) return { check, baseUrl }
  const second = await verify(key, versioned)
  return isElsewhere(second) ? { check, baseUrl } : { check: second, baseUrl: versioned }
}

function isElsewhere(check: KeyCheck): boolean {
  return check.accepted === 'unknown' && check.elsewhere === true
}

/**
 * The error of a key that was not accepted (`auth`) or could not be checked (`unavailable`, `api_error`), or undefined.
 * @param key the masked key, for the message
 */
export function keyCheckError(
  check: KeyCheck,
  key: string,
  hints: { no: string; unknown?: string | undefined },
): CliError | undefined {
  switch (check.accepted) {
    case 'yes':
      return undefined
    case 'no':
      return new CliError('auth', `Orafi does not accept the ${key}: ${check.message}`, {
        hint: hints.no,
      })
    case 'unknown':
      return new CliError(check.code, `the ${key} could not be checked: ${check.message}`, {
        hint: [check.hint, hints.unknown].filter(Boolean).join('; '),
      })
  }
}

/** The key in use, as `orafi whoami` reports it; null if there is no key. */
export interface KeyStatus {
  readonly profile: string | null
  readonly mode: Mode | null
  /** Masked. */
  readonly key: string | null
  readonly source: 'sandbox' | 'environment' | 'profile' | null
  readonly readOnly: boolean | null
  /** Null for the sandbox, which has a different one in every process. */
  readonly baseUrl: string | null
  /** The paths of the two folders. */
  readonly config: string
  readonly state: string
  readonly accepted: KeyCheck['accepted'] | null
  /** Why it is not accepted, or why that is unknown. */
  readonly message: string | null
  /** Null if the API does not say. Untrusted text. */
  readonly business: Business | null
  /** The stored profile that ORAFI_API_KEY overrides. */
  readonly shadows: string | null
}

/** The key in use: credentials, or the sandbox. */
export interface KeyInUse extends Pick<Credentials, 'profile' | 'mode' | 'masked' | 'readOnly' | 'shadows'> {
  readonly source: 'sandbox' | Credentials['source']
}

/** One key, as `orafi whoami --all` lists it. */
export interface ListedKey {
  readonly profile: string
  /** Null if the profile is signed out and only kept because it is read-only. */
  readonly mode: Mode | null
  /** Masked. */
  readonly key: string | null
  readonly source: Credentials['source']
  readonly baseUrl: string | null
  readonly readOnly: boolean
  /** Whether it is the default. */
  readonly default: boolean
  /** Whether this command line uses it. */
  readonly inUse: boolean
  readonly accepted: KeyCheck['accepted'] | null
  readonly message: string | null
}

/** What `orafi whoami` reports of this key, or without one (docs/contract.md#signing-in). */
export async function keyStatus(
  inUse: KeyInUse | undefined,
  check: KeyCheck | undefined,
  places: Folders & { readonly baseUrl: string | null },
): Promise<KeyStatus> {
  return {
    profile: inUse?.profile ?? null,
    mode: inUse?.mode ?? null,
    key: inUse?.masked ?? null,
    source: inUse?.source ?? null,
    readOnly: inUse?.readOnly ?? null,
    baseUrl: places.baseUrl,
    config: places.config,
    state: places.state,
    ...acceptance(check),
    business: (check?.accepted === 'yes' ? check.business : undefined) ?? null,
    shadows: (await inUse?.shadows()) ?? null,
  }
}

/**
 * All stored keys by profile name, after ORAFI_API_KEY if that is in use. Each is checked at its own base URL, all of
 * them at once.
 */
export async function listKeys(
  data: StoreData | undefined,
  current: Credentials | undefined,
  verify: Verify,
): Promise<ListedKey[]> {
  const profiles = Object.entries(data?.profiles ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  const stored = profiles.flatMap(([name, profile]) => {
    const keys = modes.flatMap((mode) => {
      const kept = profile.keys[mode]
      return kept === undefined ? [] : [listed(name, mode, profile.readOnly, kept, 'profile')]
    })
    return keys.length > 0 ? keys : [signedOut(name, profile)]
  })
  const own = current?.source === 'environment' ? current : undefined
  const first = own === undefined ? [] : [listed(own.profile, own.mode, own.readOnly, own, 'environment')]
  return Promise.all([...first, ...stored])

  async function listed(
    profile: string,
    mode: Mode,
    readOnly: boolean,
    kept: { readonly key: string; readonly baseUrl: string },
    source: Credentials['source'],
  ): Promise<ListedKey> {
    return {
      profile,
      mode,
      key: maskKey(kept.key),
      source,
      baseUrl: kept.baseUrl,
      readOnly,
      default: source === 'profile' && data?.default?.profile === profile && data.default.mode === mode,
      inUse: current?.source === source && current.profile === profile && current.mode === mode,
      ...acceptance(await verify(kept.key, kept.baseUrl)),
    }
  }
}

/** A profile without keys is only kept because it is read-only. */
async function signedOut(profile: string, { readOnly }: Profile): Promise<ListedKey> {
  const nothing = { mode: null, key: null, baseUrl: null, accepted: null, message: null }
  return { profile, readOnly, source: 'profile', default: false, inUse: false, ...nothing }
}

function acceptance(check: KeyCheck | undefined): Pick<KeyStatus, 'accepted' | 'message'> {
  if (check === undefined) return { accepted: null, message: null }
  return { accepted: check.accepted, message: check.accepted === 'yes' ? null : check.message }
}
