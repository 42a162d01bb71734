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
import { keyCheckError, type Verify, verifyWithFallback } from './whoami.ts'

/** The arguments of `orafi login`. */
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
  /** Prompts for the key or reads stdin; called after the check that a key can be stored. */
  readonly askKey: () => Promise<string>
  /** Undefined with `--no-verify`. */
  readonly verify: Verify | undefined
  readonly world: StoreWorld
  /** Called with the path of the config file just before the key is stored. */
  readonly beforeStoring: (path: string) => Promise<void>
}

/** The result of a sign-in. */
export interface SignedIn {
  readonly profile: string
  readonly mode: Mode
  readonly masked: string
  readonly verified: boolean
  /** The base URL that accepted the key, with or without `/v1`. */
  readonly baseUrl: string
  /** Undefined if the API does not say, or was not asked. */
  readonly business: Business | undefined
  readonly keyHash: string
  readonly readOnly: boolean
  /** The masked key that was replaced, if it was another one. */
  readonly replaced: string | undefined
  /** The default profile and mode, and whether that is this key. */
  readonly defaultKey: { readonly profile: string; readonly mode: Mode; readonly isThis: boolean }
}

/**
 * Signs in (docs/contract.md#signing-in): reads a key, checks it with one small request, stores it. The profile is that
 * of the flag, `ORAFI_PROFILE`, the default one, or `default`. Throws `usage` for text that is not a key, `auth` for a
 * key that is not accepted or has another mode than required, `unavailable` if it could not be checked, `local_error`
 * for a config file that cannot be used; then nothing is stored.
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
    await request.beforeStoring(path)
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
  const found = await verifyWithFallback(verify, key, baseUrl)
  const error = keyCheckError(found.check, `${mode} key ${maskKey(key)}`, {
    no:
      mode === 'live'
        ? 'nothing was stored; a live key needs a verified business: check the key and the onboarding in the dashboard'
        : 'nothing was stored; check the key in the dashboard: it may have been rotated',
    unknown: 'nothing was stored; try again, or store it unchecked: orafi login --no-verify',
  })
  if (error !== undefined) throw error
  const business = found.check.accepted === 'yes' ? found.check.business : undefined
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
  const chosen = after?.default
  if (now === undefined || chosen === undefined) throw new Error('a sign-in leaves a profile and a default')
  const isOnly = now.keys[chosen.mode] === undefined
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
    defaultKey: { ...chosen, isThis: chosen.profile === profile && (chosen.mode === mode || isOnly) },
  }
}

/** The arguments of `orafi logout`. */
export interface SignOutRequest {
  readonly env: Env
  readonly flags: { readonly profile?: string | undefined; readonly mode?: Mode | undefined }
  /** `--all`: every profile, instead of the one in use. */
  readonly all: boolean
  /** The config folder. */
  readonly folder: string
  readonly world: StoreWorld
}

/** The result of a sign-out. */
export interface SignedOut {
  readonly path: string
  /** How many temporary files of interrupted changes were removed (only with `--all`). */
  readonly leftovers: number
  readonly removed: readonly { readonly profile: string; readonly mode: Mode; readonly masked: string }[]
  /** Profiles that stay without keys because they are read-only. */
  readonly stillReadOnly: readonly string[]
  /** Whether profiles with keys are left, but none of them is the default. */
  readonly needsDefault: boolean
}

/**
 * Removes stored keys (docs/contract.md#signing-in): both keys of the profile in use, one of them with
 * `--test`/`--live`, or the keys of every profile with `--all`. Throws `auth` if there is no key to remove (not with
 * `--all`), `usage` for contradictory flags, `local_error` for a config file that cannot be used.
 */
export async function signOut(request: SignOutRequest): Promise<SignedOut> {
  const { env, flags, all, folder } = request
  if (all && (flags.mode !== undefined || flags.profile !== undefined)) {
    throw new CliError('usage', `--all and --${flags.mode ?? 'profile'} cannot be used together`, {
      hint: '--all signs out of every profile, whatever its keys',
    })
  }
  const asked =
    flags.profile === undefined ? profileVariable(env) : checkProfileName(flags.profile, '--profile')
  const chosenModes = flags.mode === undefined ? modes : [flags.mode]
  const leftovers = all ? await removeLeftovers(folder, request.world) : 0
  // Checked before the change, so that a sign-out without a sign-in creates no folder.
  const found = await readStore(folder)
  let names = namesOf(found, all, asked)
  if (keysOf(found, names, chosenModes).length === 0) {
    if (!all) throw nothingStored(names[0], flags.mode)
    return { path: configFile(folder), leftovers, removed: [], stillReadOnly: [], needsDefault: false }
  }
  let removed: SignedOut['removed'] = []
  let left: StoreData | undefined
  await changeStore(folder, request.world, (data) => {
    if (all) names = namesOf(data, all, asked)
    removed = keysOf(data, names, chosenModes)
    left = data === undefined ? undefined : withoutKeys(data, names, chosenModes)
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
  chosenModes: readonly Mode[],
): SignedOut['removed'] {
  return names.flatMap((profile) =>
    chosenModes.flatMap((mode) => {
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
        hint: 'list the stored keys: orafi whoami --all',
      })
    : new CliError('auth', `no ${what} is stored for profile '${profile}'`, {
        hint: 'list the stored keys: orafi whoami --all',
      })
}
