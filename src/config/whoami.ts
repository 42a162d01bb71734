import type { Mode } from '../api/customer.ts'
import type { Business } from '../api/customers.ts'
import { CliError } from '../errors.ts'
import type { Credentials } from './credentials.ts'
import { type Folders, versionedUrl } from './environment.ts'
import { maskKey } from './keys.ts'
import { modes, type Profile, type StoreData } from './profiles.ts'

/** What the API said when it was asked one small thing with a key. Its text is already visible(). */
export type Verdict =
  | { readonly accepted: 'yes'; readonly business?: Business | undefined }
  /** 401 or 403. */
  | { readonly accepted: 'no'; readonly message: string }
  /** Nobody answered, or not as an Orafi would. */
  | {
      readonly accepted: 'unknown'
      readonly code: 'unavailable' | 'api_error' | 'usage'
      readonly message: string
      /** What to do about that. */
      readonly hint?: string | undefined
      /** There is a server, and it knows no customers there: a 404. */
      readonly elsewhere?: boolean | undefined
    }

/** Asks the API at `baseUrl` for one customer with this key; a key goes nowhere but to its own base URL. */
export type Verify = (key: string, baseUrl: string) => Promise<Verdict>

/**
 * Asks at a base URL and, where that has no path and answers 404, at the same with `/v1` (docs/contract.md#base-url).
 * Hands back what answered, with its URL.
 */
export async function verifyWherever(
  verify: Verify,
  key: string,
  baseUrl: string,
): Promise<{ readonly verdict: Verdict; readonly baseUrl: string }> {
  const verdict = await verify(key, baseUrl)
  const versioned = versionedUrl(baseUrl)
  if (!isElsewhere(verdict) || versioned === undefined) return { verdict, baseUrl }
  const second = await verify(key, versioned)
  return isElsewhere(second) ? { verdict, baseUrl } : { verdict: second, baseUrl: versioned }
}

function isElsewhere(verdict: Verdict): boolean {
  return verdict.accepted === 'unknown' && verdict.elsewhere === true
}

/**
 * The error of a key that was not accepted (`auth`) or not checked (`unavailable`, `api_error`), or undefined.
 * `key` names it as it may be shown; `outcome` says what that means, as in `nothing was stored`.
 */
export function verdictError(
  verdict: Verdict,
  key: string,
  hints: { no: string; unknown?: string | undefined },
): CliError | undefined {
  switch (verdict.accepted) {
    case 'yes':
      return undefined
    case 'no':
      return new CliError('auth', `Orafi does not accept the ${key}: ${verdict.message}`, {
        hint: hints.no,
      })
    case 'unknown':
      return new CliError(verdict.code, `the ${key} could not be checked: ${verdict.message}`, {
        hint: [verdict.hint, hints.unknown].filter(Boolean).join('; '),
      })
  }
}

/** Who one is, as `orafi whoami` reports it; null where one is nobody. */
export interface Standing {
  readonly profile: string | null
  readonly mode: Mode | null
  /** Masked. */
  readonly key: string | null
  readonly source: 'sandbox' | 'environment' | 'profile' | null
  readonly readOnly: boolean | null
  /** Null for the sandbox, which has another one in every process. */
  readonly baseUrl: string | null
  /** The two folders. */
  readonly config: string
  readonly state: string
  readonly accepted: Verdict['accepted'] | null
  /** Why it is not accepted, or why that is unknown. */
  readonly message: string | null
  /** Null where the API does not say. Untrusted text. */
  readonly business: Business | null
  /** The stored profile that the environment's key keeps from being used. */
  readonly shadows: string | null
}

/** What is told of the key in use; credentials are that, and so can the sandbox be. */
export interface InUse extends Pick<Credentials, 'profile' | 'mode' | 'masked' | 'readOnly' | 'shadows'> {
  readonly source: 'sandbox' | Credentials['source']
}

/** One key, as `orafi whoami --all` lists it. */
export interface ListedKey {
  readonly profile: string
  /** Null where the profile is signed out and only remembered to be read-only. */
  readonly mode: Mode | null
  /** Masked. */
  readonly key: string | null
  readonly source: Credentials['source']
  readonly baseUrl: string | null
  readonly readOnly: boolean
  /** Used when nothing else is said. */
  readonly default: boolean
  /** Used by this very command line. */
  readonly inUse: boolean
  readonly accepted: Verdict['accepted'] | null
  readonly message: string | null
}

/** Who one is with this key, or without one (`undefined`): docs/contract.md#signing-in. */
export async function standing(
  inUse: InUse | undefined,
  verdict: Verdict | undefined,
  places: Folders & { readonly baseUrl: string | null },
): Promise<Standing> {
  return {
    profile: inUse?.profile ?? null,
    mode: inUse?.mode ?? null,
    key: inUse?.masked ?? null,
    source: inUse?.source ?? null,
    readOnly: inUse?.readOnly ?? null,
    baseUrl: places.baseUrl,
    config: places.config,
    state: places.state,
    ...judged(verdict),
    business: (verdict?.accepted === 'yes' ? verdict.business : undefined) ?? null,
    shadows: (await inUse?.shadows()) ?? null,
  }
}

/**
 * Every stored key, by the profiles' names, after the environment's where that is in use; each is checked at its own
 * base URL, all at once.
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
      ...judged(await verify(kept.key, kept.baseUrl)),
    }
  }
}

/** Without keys a profile is remembered only to be read-only. */
async function signedOut(profile: string, { readOnly }: Profile): Promise<ListedKey> {
  const nothing = { mode: null, key: null, baseUrl: null, accepted: null, message: null }
  return { profile, readOnly, source: 'profile', default: false, inUse: false, ...nothing }
}

function judged(verdict: Verdict | undefined): Pick<Standing, 'accepted' | 'message'> {
  if (verdict === undefined) return { accepted: null, message: null }
  return { accepted: verdict.accepted, message: verdict.accepted === 'yes' ? null : verdict.message }
}
