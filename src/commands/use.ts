import { Argument, type Command } from '@commander-js/extra-typings'
import type { Mode } from '../api/customer.ts'
import { maskKey } from '../config/keys.ts'
import {
  checkProfileName,
  findProfile,
  hasKeys,
  preferredMode,
  profileVariable,
  type StoreData,
} from '../config/profiles.ts'
import { changeStore, readStore } from '../config/store.ts'
import type { Context, Run } from '../context.ts'
import { CliError } from '../errors.ts'
import { noteEnvironmentKey, rejectSandbox, shownMode } from './keys.ts'

/** `orafi use` */
export function define(command: Command, run: Run): void {
  command
    .addArgument(new Argument('[mode]', 'the key to use').choices(['test', 'live'] as const))
    .action(run(use))
}

/**
 * Without a profile, the default profile is kept. Without a mode, the mode is kept for the same profile; for another one
 * it is that of its only key, or test (docs/contract.md#signing-in).
 */
async function use(context: Context, given: Mode | undefined): Promise<void> {
  rejectSandbox(context, 'use')
  const { world, options } = context
  if (given !== undefined && context.mode !== undefined && given !== context.mode) {
    throw new CliError('usage', `${given} and --${context.mode} cannot be used together`)
  }
  const { config: folder } = await context.folders()
  const asked = given ?? context.mode
  context.status({ what: 'waiting for another change of the stored keys' })
  const named = options.profile === undefined ? undefined : checkProfileName(options.profile, '--profile')
  if (named === undefined && asked === undefined) {
    throw new CliError('usage', 'nothing to set: give test, live or --profile NAME', {
      hint: 'for example: orafi use live; orafi whoami --all lists the profiles',
    })
  }
  // Checked before the change, so that an error creates no folder.
  let chosen = choose(await readStore(folder), named, asked)
  await changeStore(folder, world, (data) => {
    chosen = choose(data, named, asked)
    return data && { ...data, default: { profile: chosen.profile, mode: chosen.mode } }
  })
  const readOnly = chosen.readOnly ? ', read-only' : ''
  await context.note(
    `Default is now: profile ${chosen.profile}, ${shownMode(chosen.mode)}, ${chosen.masked}${readOnly}.`,
  )
  if (world.env.ORAFI_API_KEY) await noteEnvironmentKey(context)
  else if (![undefined, chosen.profile].includes(profileVariable(world.env))) {
    await context.note(`note: ORAFI_PROFILE is set to ${profileVariable(world.env)} and takes precedence`)
  }
}

/** The profile and mode to make the default. Throws `auth` if there is no such key. */
function choose(data: StoreData | undefined, named: string | undefined, asked: Mode | undefined) {
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
    const what = asked === undefined ? 'key' : `${asked} key`
    throw new CliError('auth', `no ${what} is stored for profile '${name}'`, {
      hint: `store one with: orafi login --profile ${name}`,
    })
  }
  return { profile: name, mode, masked: maskKey(stored.key), readOnly: profile.readOnly }
}

function onlyProfile(data: StoreData | undefined): string | undefined {
  const names = Object.entries(data?.profiles ?? {}).filter(([, profile]) => hasKeys(profile))
  return names.length === 1 ? names[0]?.[0] : undefined
}
