import { checkPrivateFolder } from '../storage/folders.ts'
import type { Business } from './business.ts'
import type { Env } from './flags.ts'
import { modeOfGivenKey } from './given-key.ts'
import { keyHash, type Mode, maskKey } from './keys.ts'
import { checkProfileName, firstProfile, profileVariable } from './profile-name.ts'
import { withKey } from './profiles.ts'
import { changeStore, checkWritable, configFile, readStore, type StoreWorld } from './store.ts'
import { findProfile, type StoreData } from './store-data.ts'
import { type Verify, verdictError, verifyWherever } from './verdict.ts'

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
