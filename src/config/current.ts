import type { Mode } from '../api/customer.ts'
import { CliError } from '../errors.ts'
import { type Credentials, chooseKey, type KeyRequest } from './credentials.ts'
import { maskKey } from './keys.ts'
import { checkProfileName, findProfile, hasKeys, preferredMode, type StoreData } from './profiles.ts'
import { changeStore, readStore, type StoreWorld } from './store.ts'

/** What is needed to find out which key is in use. */
export interface CurrentRequest extends Omit<KeyRequest, 'store'> {
  /** The config folder. */
  readonly folder: string
}

/** What stands in the config file, and the key in use. */
export interface Current {
  readonly data: StoreData | undefined
  readonly credentials: Credentials | undefined
  /** Why there is no key. */
  readonly refusal: CliError | undefined
  /** Why the config file cannot be used; a key from the environment may be there all the same. */
  readonly damage: CliError | undefined
}

/** The key in use; what speaks against it is handed back, not thrown. Throws `usage` as `chooseKey` does. */
export async function currentKey({ folder, ...request }: CurrentRequest): Promise<Current> {
  const stored = readStore(folder)
  const [data, damage] = await orRefusal(stored)
  const [credentials, refusal] = await orRefusal(chooseKey({ ...request, store: () => stored }))
  return { data, credentials, refusal, damage }
}

async function orRefusal<T>(work: Promise<T>): Promise<[T | undefined, CliError | undefined]> {
  try {
    return [await work, undefined]
  } catch (error) {
    if (error instanceof CliError && error.code !== 'usage') return [undefined, error]
    throw error
  }
}

/** What `orafi use` was asked to make the default. */
export interface UseRequest {
  readonly flags: { readonly profile?: string | undefined; readonly mode?: Mode | undefined }
  /** The config folder. */
  readonly folder: string
  readonly world: StoreWorld
}

/** The profile and mode that are used from now on when nothing says otherwise. */
export interface Standard {
  readonly profile: string
  readonly mode: Mode
  readonly masked: string
  readonly readOnly: boolean
}

/**
 * Makes a stored profile, a mode of it, or both the default (docs/contract.md#signing-in). Without a profile the
 * default one stays; without a mode it stays too, or is the new profile's only one, else test. Throws `usage` when
 * neither is given, `auth` when there is no such key.
 */
export async function setStandard({ flags, folder, world }: UseRequest): Promise<Standard> {
  const named = flags.profile === undefined ? undefined : checkProfileName(flags.profile, '--profile')
  if (named === undefined && flags.mode === undefined) {
    throw new CliError('usage', 'nothing to use: say test, live or --profile NAME', {
      hint: 'for example: orafi use live; orafi whoami --all lists the profiles',
    })
  }
  const choose = (data: StoreData | undefined): Standard => choice(data, named, flags.mode)
  // Looked at first: a choice that cannot be made makes no folder.
  let chosen = choose(await readStore(folder))
  await changeStore(folder, world, (data) => {
    chosen = choose(data)
    return data === undefined
      ? undefined
      : { ...data, default: { profile: chosen.profile, mode: chosen.mode } }
  })
  return chosen
}

function choice(data: StoreData | undefined, named: string | undefined, asked: Mode | undefined): Standard {
  const name = named ?? data?.default?.profile ?? onlyProfile(data)
  if (name === undefined) {
    throw new CliError('auth', 'there is no default profile', {
      hint: 'say which one with --profile NAME (orafi whoami --all lists them), or sign in: orafi login',
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
