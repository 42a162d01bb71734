import type { Command } from '@commander-js/extra-typings'
import type { Mode } from '../api/customer.ts'
import { maskKey } from '../config/keys.ts'
import {
  findProfile,
  hasKeys,
  modes,
  requestedProfile,
  type StoreData,
  withoutKeys,
} from '../config/profiles.ts'
import { changeStore, configFile, readStore, removeLeftovers } from '../config/store.ts'
import type { Context, Run } from '../context.ts'
import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'
import { rejectSandbox, shownMode } from './keys.ts'

interface Options {
  readonly all?: true | undefined
}

/** `orafi logout` */
export function define(command: Command, run: Run): void {
  command.option('--all', 'remove the keys of every profile').action(run(logout))
}

/**
 * Removes both keys of the profile in use, one of them with `--test`/`--live`, or the keys of every profile with `--all`
 * (docs/contract.md#signing-in).
 */
async function logout(context: Context, { all }: Options): Promise<void> {
  rejectSandbox(context, 'logout')
  const { world, mode, options } = context
  const { config: folder } = await context.folders()
  if (all && (mode !== undefined || options.profile !== undefined)) {
    throw new CliError('usage', `--all and --${mode ?? 'profile'} cannot be used together`, {
      hint: '--all removes all keys of all profiles',
    })
  }
  const asked = requestedProfile(world.env, options.profile)
  const leftovers = all ? await removeLeftovers(folder, world) : 0
  // Checked before the change, so that a sign-out without a sign-in creates no folder.
  const found = await readStore(folder)
  const name = asked ?? found?.default?.profile
  const names = (data: StoreData | undefined): string[] => {
    if (all) return Object.keys(data?.profiles ?? {})
    return name === undefined ? [] : [name]
  }
  const removing = mode === undefined ? modes : [mode]
  const isStored = keysOf(found, names(found), removing).length > 0
  if (!isStored && !all) throw nothingStored(name, mode)

  const change = (data: StoreData | undefined) => data && withoutKeys(data, names(data), removing)
  context.status({ what: 'waiting for another change of the stored keys' })
  const { before, after } = isStored
    ? await changeStore(folder, world, change)
    : { before: undefined, after: undefined }

  if (leftovers > 0) await context.note('Removed the keys that an interrupted change left behind.')
  const removed = keysOf(before, names(before), removing)
  if (removed.length === 0) await context.note('No keys were stored.')
  for (const { profile, mode, masked } of removed) {
    const path = visible(configFile(folder))
    await context.note(`Removed from ${path}: profile ${profile}, ${shownMode(mode)}, ${masked}.`)
  }
  if (after !== undefined) await noteLeft(context, after, names(before))
  if (world.env.ORAFI_API_KEY) await context.note('note: ORAFI_API_KEY is set and still in use: unset it')
}

/** Notes which of the profiles stay without keys, and that no profile is the default any more. */
async function noteLeft(context: Context, after: StoreData, names: readonly string[]): Promise<void> {
  const empty = names.filter((name) => {
    const profile = findProfile(after, name)
    return profile !== undefined && !hasKeys(profile)
  })
  for (const name of empty) {
    await context.note(`Profile ${name} stays read-only. To allow changes: orafi login --read-write`)
  }
  if (after.default === undefined && Object.values(after.profiles).some(hasKeys))
    await context.note('There is no default profile. Choose one: orafi use --profile NAME')
}

/** The stored keys of these modes in these profiles. */
function keysOf(
  data: StoreData | undefined,
  names: readonly string[],
  chosen: readonly Mode[],
): { readonly profile: string; readonly mode: Mode; readonly masked: string }[] {
  return names.flatMap((profile) =>
    chosen.flatMap((mode) => {
      const stored = findProfile(data, profile)?.keys[mode]
      return stored === undefined ? [] : [{ profile, mode, masked: maskKey(stored.key) }]
    }),
  )
}

function nothingStored(profile: string | undefined, mode: Mode | undefined): CliError {
  const what = mode === undefined ? 'key' : `${mode} key`
  const message =
    profile === undefined
      ? `not signed in: no ${what} is stored`
      : `no ${what} is stored for profile '${profile}'`
  return new CliError('auth', message, { hint: 'list the stored keys: orafi whoami --all' })
}
