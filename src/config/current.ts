import type { Mode } from '../api/customer.ts'
import { CliError } from '../errors.ts'
import { type Credentials, chooseKey, type KeyRequest } from './credentials.ts'
import { maskKey } from './keys.ts'
import { checkProfileName, findProfile, hasKeys, preferredMode, type StoreData } from './profiles.ts'
import { changeStore, readStore, type StoreWorld } from './store.ts'

/** The flags and environment that select the key in use. */
export interface CurrentRequest extends Omit<KeyRequest, 'store'> {
  /** The config folder. */
  readonly folder: string
}

/** The stored profiles and the key in use. */
export interface Current {
  readonly data: StoreData | undefined
  readonly credentials: Credentials | undefined
  /** Why there is no key. */
  readonly keyError: CliError | undefined
  /** Why the config file cannot be used. ORAFI_API_KEY may still give a key. */
  readonly storeError: CliError | undefined
}

/** The key in use. Errors are returned, not thrown, except `usage`. */
export async function currentKey({ folder, ...request }: CurrentRequest): Promise<Current> {
  const stored = readStore(folder)
  const [data, storeError] = await orError(stored)
  const [credentials, keyError] = await orError(chooseKey({ ...request, store: () => stored }))
  return { data, credentials, keyError, storeError }
}

async function orError<T>(work: Promise<T>): Promise<[T | undefined, CliError | undefined]> {
  try {
    return [await work, undefined]
  } catch (error) {
    if (error instanceof CliError && error.code !== 'usage') return [undefined, error]
    throw error
  }
}

/** The arguments of `orafi use`. */
export interface UseRequest {
  readonly flags: { readonly profile?: string | undefined; readonly mode?: Mode | undefined }
  /** The config folder. */
  readonly folder: string
  readonly world: StoreWorld
}

/** The default profile and mode, with its key. */
export interface DefaultKey {
  readonly profile: string
  readonly mode: Mode
  readonly masked: string
  readonly readOnly: boolean
}

/**
 * Sets the default profile, the default mode, or both (docs/contract.md#signing-in). Without a profile, the default
 * profile is kept. Without a mode, the mode is kept for the same profile; for another one it is that of its only key,
 * or test. Throws `usage` if neither is given, `auth` if there is no such key.
 */
export async function setDefault({ flags, folder, world }: UseRequest): Promise<DefaultKey> {
  const named = flags.profile === undefined ? undefined : checkProfileName(flags.profile, '--profile')
  if (named === undefined && flags.mode === undefined) {
    throw new CliError('usage', 'nothing to set: give test, live or --profile NAME', {
      hint: 'for example: orafi use live; orafi whoami --all lists the profiles',
    })
  }
  const choose = (data: StoreData | undefined): DefaultKey => choice(data, named, flags.mode)
  // Checked before the change, so that an error creates no folder.
  let chosen = choose(await readStore(folder))
  await changeStore(folder, world, (data) => {
    chosen = choose(data)
    return data === undefined
      ? undefined
      : { ...data, default: { profile: chosen.profile, mode: chosen.mode } }
  })
  return chosen
}

function choice(data: StoreData | undefined, named: string | undefined, asked: Mode | undefined): DefaultKey {
  const name = named ?? data?.default?.profile ?? onlyProfile(data)
  if (name === undefined) {
    throw new CliError('auth', 'there is no default profile', {
      hint: 'name one with --profile NAME (orafi whoami --all lists them), or sign in: orafi login',
    })
  }
  const profile = findProfile(data, name)
  const preferred = asked ?? preferredMode(name, data)
  const other: Mode = preferred === 'test' ? 'live' : 'test'
  const mode = asked === undefined && profile?.keys[preferred] === undefined ? other : preferred
  const stored = profile?.keys[mode]
  if (profile === undefined || stored === undefined) {
    throw new CliError(
      'auth',
      `no ${asked === undefined ? '' : `${asked} `}key is stored for profile '${name}'`,
      {
        hint: `store one with: orafi login --profile ${name}`,
      },
    )
  }
  return { profile: name, mode, masked: maskKey(stored.key), readOnly: profile.readOnly }
}

function onlyProfile(data: StoreData | undefined): string | undefined {
  const names = Object.entries(data?.profiles ?? {}).filter(([, profile]) => hasKeys(profile))
  return names.length === 1 ? names[0]?.[0] : undefined
}
