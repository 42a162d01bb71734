import type { Mode } from '../api/customer.ts'
import type { Business } from '../api/customers.ts'
import { CliError } from '../errors.ts'
import { checkPrivateFolder } from '../storage/folders.ts'
import type { Env } from './environment.ts'
import { keyHash, maskKey, modeOfGivenKey } from './keys.ts'
import {
  checkProfileName,
  findProfile,
  firstProfile,
  modes,
  profileVariable,
  type StoreData,
  withKey,
  withoutKeys,
} from './profiles.ts'
import {
  changeStore,
  checkWritable,
  configFile,
  readStore,
  removeLeftovers,
  type StoreWorld,
} from './store.ts'
import { type Verify, verdictError, verifyWherever } from './whoami.ts'

/** What `orafi login` was asked to do. */
export interface SignInRequest {
  readonly env: Env
  readonly flags: {
    readonly profile?: string | undefined
    readonly mode?: Mode | undefined
    readonly readOnly?: boolean | undefined
  }
  readonly baseUrl: string
  /** The config folder. */
  readonly folder: string
  /** Asks a person, or reads stdin; called once it is clear that a key could be stored. */
  readonly askKey: () => Promise<string>
  /** Undefined with `--no-verify`. */
  readonly verify: Verify | undefined
  readonly world: StoreWorld
  /** Called with the file that a good key is about to be stored in, when nothing seems to stand in its way. */
  readonly onKeeping: (path: string) => Promise<void>
}

/** What a sign-in did. */
export interface SignedIn {
  readonly profile: string
  readonly mode: Mode
  readonly masked: string
  readonly verified: boolean
  /** Where the key is kept for: what answered, with or without `/v1`. */
  readonly baseUrl: string
  /** Undefined where the API does not say, or was not asked. */
  readonly business: Business | undefined
  readonly keyHash: string
  readonly readOnly: boolean
  /** The masked key of the same mode that was there before, where it was another one. */
  readonly replaced: string | undefined
  /** What is used when nothing says otherwise, and whether that is this key. */
  readonly standard: { readonly profile: string; readonly mode: Mode; readonly isThis: boolean }
}

/**
 * Signs in (docs/contract.md#signing-in): asks for a key, checks it with one small request, stores it. The profile is
 * the flag's, `ORAFI_PROFILE`, the default one, or `default`. Throws `usage` for what is no key, `auth` for a key
 * that is not accepted or of another mode than asked for, `unavailable` when it could not be checked, `local_error`
 * for a config file that cannot be used; stores nothing then.
 */
export async function signIn(request: SignInRequest): Promise<SignedIn> {
  const { env, flags, folder } = request
  const named =
    flags.profile === undefined ? profileVariable(env) : checkProfileName(flags.profile, '--profile')
  const path = configFile(folder)
  await checkPrivateFolder(folder)
  await checkWritable(path)
  const found = await readStore(folder)

  const key = await request.askKey()
  const mode = modeOfGivenKey(key, flags.mode)
  const { baseUrl, business } = await checkAccepted(request, key, mode)

  const profile = named ?? found?.default?.profile ?? firstProfile
  const stored = { key, baseUrl, savedAt: request.world.now(), verified: request.verify !== undefined }
  let before: StoreData | undefined
  let after: StoreData | undefined
  await changeStore(folder, request.world, async (data) => {
    await request.onKeeping(path)
    before = data
    after = withKey(data, { profile, mode, stored, readOnly: flags.readOnly })
    return after
  })
  return report(before, after, { profile, mode, key, baseUrl, business, verified: stored.verified })
}

async function checkAccepted(
  { verify, baseUrl }: SignInRequest,
  key: string,
  mode: Mode,
): Promise<Pick<SignedIn, 'baseUrl' | 'business'>> {
  if (verify === undefined) return { baseUrl, business: undefined }
  const found = await verifyWherever(verify, key, baseUrl)
  const error = verdictError(found.verdict, `${mode} key ${maskKey(key)}`, {
    no:
      mode === 'live'
        ? 'nothing was stored; a live key needs a verified business: look at the key and the onboarding in the dashboard'
        : 'nothing was stored; look at the key in the dashboard: it may have been rotated',
    unknown: 'nothing was stored; try again, or store it unchecked: orafi login --no-verify',
  })
  if (error !== undefined) throw error
  const business = found.verdict.accepted === 'yes' ? found.verdict.business : undefined
  return { baseUrl: found.baseUrl, business }
}

function report(
  before: StoreData | undefined,
  after: StoreData | undefined,
  done: { key: string } & Pick<SignedIn, 'profile' | 'mode' | 'baseUrl' | 'business' | 'verified'>,
): SignedIn {
  const { key, profile, mode, baseUrl, business } = done
  const old = findProfile(before, profile)?.keys[mode]
  const now = findProfile(after, profile)
  const standard = after?.default
  if (now === undefined || standard === undefined) throw new Error('a sign-in leaves a profile and a default')
  const isOnly = now.keys[standard.mode] === undefined
  return {
    profile,
    mode,
    masked: maskKey(key),
    verified: done.verified,
    baseUrl,
    business,
    keyHash: keyHash(key),
    readOnly: now.readOnly,
    replaced: old === undefined || old.key === key ? undefined : maskKey(old.key),
    standard: { ...standard, isThis: standard.profile === profile && (standard.mode === mode || isOnly) },
  }
}

/** What `orafi logout` was asked to do. */
export interface SignOutRequest {
  readonly env: Env
  readonly flags: { readonly profile?: string | undefined; readonly mode?: Mode | undefined }
  /** `--all`: every profile, instead of the one in use. */
  readonly all: boolean
  /** The config folder. */
  readonly folder: string
  readonly world: StoreWorld
}

/** What a sign-out removed. */
export interface SignedOut {
  readonly path: string
  /** How many files with keys an interrupted change had left; removed with `--all`. */
  readonly leftovers: number
  readonly removed: readonly { readonly profile: string; readonly mode: Mode; readonly masked: string }[]
  /** Profiles without keys that are remembered, since only `login --read-write` lifts read-only. */
  readonly stillReadOnly: readonly string[]
  /** Profiles with keys are left, but none of them is the default. */
  readonly needsDefault: boolean
}

/**
 * Removes stored keys (docs/contract.md#signing-in): both of the profile in use, one with `--test`/`--live`, those of
 * every profile with `--all`. Throws `auth` when there is none to remove (not with `--all`), `usage` for flags that
 * contradict, `local_error` for a config file that cannot be used.
 */
export async function signOut(request: SignOutRequest): Promise<SignedOut> {
  const { env, flags, all, folder } = request
  if (all && (flags.mode !== undefined || flags.profile !== undefined)) {
    throw new CliError('usage', `--all and --${flags.mode ?? 'profile'} exclude each other`, {
      hint: '--all signs out of every profile, whatever its keys',
    })
  }
  const asked =
    flags.profile === undefined ? profileVariable(env) : checkProfileName(flags.profile, '--profile')
  const gone = flags.mode === undefined ? modes : [flags.mode]
  const leftovers = all ? await removeLeftovers(folder, request.world) : 0
  // Looked at first: to sign out where nobody signed in makes no folder.
  const found = await readStore(folder)
  let names = namesOf(found, all, asked)
  if (keysOf(found, names, gone).length === 0) {
    if (!all) throw nothingStored(names[0], flags.mode)
    return { path: configFile(folder), leftovers, removed: [], stillReadOnly: [], needsDefault: false }
  }
  let removed: SignedOut['removed'] = []
  let left: StoreData | undefined
  await changeStore(folder, request.world, (data) => {
    if (all) names = namesOf(data, all, asked)
    removed = keysOf(data, names, gone)
    left = data === undefined ? undefined : withoutKeys(data, names, gone)
    return left
  })
  return { path: configFile(folder), leftovers, removed, ...remaining(left, names) }
}

function namesOf(data: StoreData | undefined, all: boolean, asked: string | undefined): string[] {
  if (all) return Object.keys(data?.profiles ?? {})
  const name = asked ?? data?.default?.profile
  return name === undefined ? [] : [name]
}

function keysOf(
  data: StoreData | undefined,
  names: readonly string[],
  gone: readonly Mode[],
): SignedOut['removed'] {
  return names.flatMap((profile) =>
    gone.flatMap((mode) => {
      const stored = findProfile(data, profile)?.keys[mode]
      return stored === undefined ? [] : [{ profile, mode, masked: maskKey(stored.key) }]
    }),
  )
}

function remaining(
  left: StoreData | undefined,
  names: readonly string[],
): Pick<SignedOut, 'stillReadOnly' | 'needsDefault'> {
  const empty = (name: string): boolean => keysOf(left, [name], modes).length === 0
  const profiles = Object.keys(left?.profiles ?? {})
  return {
    stillReadOnly: names.filter((name) => profiles.includes(name) && empty(name)),
    needsDefault: left?.default === undefined && profiles.some((name) => !empty(name)),
  }
}

function nothingStored(profile: string | undefined, mode: Mode | undefined): CliError {
  const what = mode === undefined ? 'key' : `${mode} key`
  return profile === undefined
    ? new CliError('auth', `not signed in: no ${what} is stored`, {
        hint: 'see what is stored: orafi whoami --all',
      })
    : new CliError('auth', `no ${what} is stored for profile '${profile}'`, {
        hint: 'see what is stored: orafi whoami --all',
      })
}
