import { type Command, Option } from '@commander-js/extra-typings'
import type { Mode } from '../api/customer.ts'
import type { Business } from '../api/customers.ts'
import { keepName } from '../config/business.ts'
import { baseUrlOf, defaultBaseUrl, versionedUrl } from '../config/environment.ts'
import { keyHash, keyLines, maskKey, modeOfGivenKey, readKey } from '../config/keys.ts'
import { findProfile, firstProfile, requestedProfile, type StoreData, withKey } from '../config/profiles.ts'
import { changeStore, checkWritable, configFile, readStore } from '../config/store.ts'
import type { Context, Run } from '../context.ts'
import { CliError } from '../errors.ts'
import { openInput } from '../files/input.ts'
import { checkPrivateFolder } from '../storage/folders.ts'
import { visible } from '../visible.ts'
import {
  businessText,
  checkKey,
  type KeyCheck,
  keyCheckError,
  noteEnvironmentKey,
  rejectSandbox,
  shownMode,
} from './keys.ts'

interface Options {
  readonly withKey?: true | undefined
  readonly readOnly?: true | undefined
  readonly readWrite?: true | undefined
  readonly verify: boolean
}

/** `orafi login` */
export function define(command: Command, run: Run): void {
  command
    .option('--with-key', 'read the key from standard input instead of prompting for it')
    .addOption(new Option('--read-only', 'refuse all changes with this profile').conflicts('readWrite'))
    .option('--read-write', 'allow changes with a profile that is read-only')
    .option('--no-verify', 'store the key without checking it')
    .action(run(login))
}

/**
 * Reads a key, checks it with a small request, stores it (docs/contract.md#signing-in). The profile is that of the
 * flag, `ORAFI_PROFILE`, the default one, or `default`. If anything fails, nothing is stored.
 */
async function login(context: Context, options: Options): Promise<void> {
  rejectSandbox(context, 'login')
  const { world } = context
  const configuredUrl = baseUrlOf(world.env)
  const { config: folder, state } = await context.folders()
  const named = requestedProfile(world.env, context.options.profile)
  const path = configFile(folder)
  // Checked before the user types a key.
  await checkPrivateFolder(folder)
  await checkWritable(path)
  const found = await readStore(folder)

  const key = await (options.withKey ? pipedKey(context) : typedKey(context))
  const mode = modeOfGivenKey(key, context.mode)
  const { baseUrl, business } = options.verify
    ? await accepted(context, key, mode, configuredUrl)
    : { baseUrl: configuredUrl, business: undefined }

  const profile = named ?? found?.default?.profile ?? firstProfile
  const stored = { key, baseUrl, savedAt: world.now(), verified: options.verify }
  context.status({ what: 'waiting for another orafi process to change the stored keys' })
  const { before, after } = await changeStore(folder, world, (data) =>
    withKey(data, { profile, mode, stored, readOnly: readOnlyOf(options) }),
  )
  await context.note(`The key is stored in ${visible(path)}, readable only by you.`)
  // Cached, so that the first live confirmation does not need to request it.
  if (business !== undefined)
    await keepName({ state, keyHash: await keyHash(key), now: world.now }, business.businessName)

  const place = baseUrl === defaultBaseUrl ? '' : ` for ${visible(baseUrl)}`
  const readOnly = findProfile(after, profile)?.readOnly ? ', read-only' : ''
  await context.note(
    `Signed in to profile ${profile}, ${shownMode(mode)}, ${maskKey(key)}${place}${readOnly}.`,
  )
  if (business !== undefined) await context.note(`Business: ${businessText(business)}.`)
  if (!options.verify) await context.note('The key was not checked.')
  const old = findProfile(before, profile)?.keys[mode]
  if (old !== undefined && old.key !== key) {
    await context.note(`It replaced ${maskKey(old.key)}.`)
    await context.note(
      'To keep keys of several merchants, use a profile for each: orafi login --profile NAME',
    )
  }
  const otherDefault = otherDefaultNote(after, profile, mode)
  if (otherDefault !== undefined) await context.note(otherDefault)
  await noteEnvironmentKey(context)
}

/**
 * The base URL that accepts the key, and the business if the API says. A base URL without a path that answers 404 is
 * also tried with `/v1` (docs/contract.md#base-url). Throws if the key is not accepted or could not be checked.
 */
async function accepted(
  context: Context,
  key: string,
  mode: Mode,
  configuredUrl: string,
): Promise<{ baseUrl: string; business: Business | undefined }> {
  let baseUrl = configuredUrl
  let check = await checkKey(context, key, baseUrl)
  const versioned = versionedUrl(baseUrl)
  if (isElsewhere(check) && versioned !== undefined) {
    const second = await checkKey(context, key, versioned)
    if (!isElsewhere(second)) [check, baseUrl] = [second, versioned]
  }
  const error = keyCheckError(check, `${mode} key ${maskKey(key)}`, {
    no:
      mode === 'live'
        ? 'nothing was stored; a live key needs a verified business: check the key and the onboarding in the dashboard'
        : 'nothing was stored; check the key in the dashboard: it may have been rotated',
    unknown: 'nothing was stored; try again, or store it unchecked: orafi login --no-verify',
  })
  if (error !== undefined) throw error
  return { baseUrl, business: check.accepted === 'yes' ? check.business : undefined }
}

function isElsewhere(check: KeyCheck): boolean {
  return check.accepted === 'unknown' && check.elsewhere
}

function readOnlyOf({ readOnly, readWrite }: Options): boolean | undefined {
  if (readOnly) return true
  return readWrite ? false : undefined
}

async function pipedKey({ world, signal }: Context): Promise<string> {
  if (world.stdin.isTTY) {
    throw new CliError('usage', '--with-key reads from a file or a pipe; a key typed here would be visible', {
      hint: 'leave out --with-key to be prompted, or run: orafi login --with-key < file',
    })
  }
  return readKey((await openInput('-', world.stdin, signal)).bytes)
}

async function typedKey(context: Context): Promise<string> {
  if (!context.canAsk) {
    throw new CliError('usage', 'cannot prompt for the key here', { hint: 'orafi login --with-key < file' })
  }
  const prompts = await context.prompts('nothing was stored')
  context.onClose(() => prompts.discard())
  const [key = '', ...others] = keyLines(await prompts.secret('Orafi API key (hidden):'))
  if (others.length > 0) await context.note('Only the first line of what was pasted is used.')
  return key
}

/** How to use the new key, if another one is still the default. */
function otherDefaultNote(after: StoreData, profile: string, mode: Mode): string | undefined {
  const chosen = after.default
  if (chosen === undefined) return undefined
  if (chosen.profile !== profile) {
    return `The default is still profile ${chosen.profile}. To use this one: --profile ${profile} --${mode}, or orafi use ${mode} --profile ${profile}`
  }
  // The only key of a profile is used whatever the default mode is.
  const isOnly = findProfile(after, profile)?.keys[chosen.mode] === undefined
  if (chosen.mode === mode || isOnly) return undefined
  return `The default is still the ${chosen.mode} key. To use this one: --${mode}, or orafi use ${mode}`
}
