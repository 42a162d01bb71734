import type { Command } from '@commander-js/extra-typings'
import { signOut } from '../config/sign-in.ts'
import type { Context, Run } from '../context.ts'
import { guide } from '../reference/guide.ts'
import { visible } from '../visible.ts'
import { rejectSandbox, shownMode } from './keys.ts'

interface Options {
  readonly all?: true | undefined
}

/** `orafi logout` */
export function define(command: Command, run: Run): void {
  command
    .description('Remove the stored keys of a profile: both, or one with --test or --live.')
    .option('--all', 'remove the keys of every profile')
    .action(run(logout))
  guide(command, {
    exits: [[4, 'no such key is stored']],
    examples: ['orafi logout', 'orafi logout --live --profile second-shop', 'orafi logout --all'],
  })
}

async function logout(context: Context, options: Options): Promise<void> {
  rejectSandbox(context, 'logout')
  const { world, mode } = context
  const { config: folder } = await context.folders()
  const { path, removed, leftovers, stillReadOnly, needsDefault } = await signOut({
    env: world.env,
    flags: { profile: context.options.profile, mode },
    all: options.all ?? false,
    folder,
    world,
  })
  if (leftovers > 0) await context.note('Removed the keys that an interrupted change left behind.')
  if (removed.length === 0) await context.note('No keys were stored.')
  for (const { profile, mode, masked } of removed) {
    await context.note(`Removed from ${visible(path)}: profile ${profile}, ${shownMode(mode)}, ${masked}.`)
  }
  for (const name of stillReadOnly) {
    await context.note(`Profile ${name} stays read-only. To allow changes: orafi login --read-write`)
  }
  if (needsDefault) await context.note('There is no default profile. Choose one: orafi use --profile NAME')
  if (world.env.ORAFI_API_KEY) await context.warn('note: ORAFI_API_KEY is set and still in use: unset it')
}
