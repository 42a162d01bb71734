import { CliError } from '../errors.ts'
import type { Env } from './flags.ts'
import { type Mode, maskKey } from './keys.ts'
import { checkProfileName, profileVariable } from './profile-name.ts'
import { modes, withoutKeys } from './profiles.ts'
import { changeStore, configFile, readStore, removeLeftovers, type StoreWorld } from './store.ts'
import { findProfile, type StoreData } from './store-data.ts'

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
