import { Argument, type Command } from '@commander-js/extra-typings'
import { setDefault } from '../config/current.ts'
import { profileVariable } from '../config/profiles.ts'
import type { Context, Run } from '../context.ts'
import { CliError } from '../errors.ts'
import { guide } from '../reference/guide.ts'
import { rejectSandbox, shownMode, warnAboutEnvironmentKey } from './keys.ts'

/** `orafi use` */
export function define(command: Command, run: Run): void {
  command
    .description('Set the default profile, the default mode, or both.')
    .addArgument(new Argument('[mode]', 'the key to use').choices(['test', 'live'] as const))
    .action(run(use))
  guide(command, {
    exits: [[4, 'no key for that profile and mode is stored']],
    examples: ['orafi use live', 'orafi use --profile second-shop', 'orafi use test --profile default'],
  })
}

async function use(context: Context, mode: 'test' | 'live' | undefined): Promise<void> {
  rejectSandbox(context, 'use')
  if (mode !== undefined && context.mode !== undefined && mode !== context.mode) {
    throw new CliError('usage', `${mode} and --${context.mode} cannot be used together`)
  }
  const { config: folder } = await context.folders()
  const { world, options } = context
  const chosen = await setDefault({
    flags: { profile: options.profile, mode: mode ?? context.mode },
    folder,
    world,
  })
  const readOnly = chosen.readOnly ? ', read-only' : ''
  await context.note(
    `Default is now: profile ${chosen.profile}, ${shownMode(chosen.mode)}, ${chosen.masked}${readOnly}.`,
  )
  if (world.env.ORAFI_API_KEY) await warnAboutEnvironmentKey(context)
  else if (![undefined, chosen.profile].includes(profileVariable(world.env))) {
    await context.warn(`note: ORAFI_PROFILE is set to ${profileVariable(world.env)} and takes precedence`)
  }
}
