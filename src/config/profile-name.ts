import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'
import type { Env } from './flags.ts'

/** The name that stands for the environment's key; no profile can have it. */
export const environmentProfile = 'env'

/** The profile that a first sign-in makes when it is given no name. */
export const firstProfile = 'default'

/** Whether this can be a profile's name at all (docs/contract.md#signing-in). */
export function isProfileName(name: string): boolean {
  return /^[a-z0-9_-]+$/.test(name) && name !== environmentProfile
}

/** `ORAFI_PROFILE`, where it is set and not empty. Throws `usage` for what cannot be a profile's name. */
export function profileVariable(env: Env): string | undefined {
  return env.ORAFI_PROFILE ? checkProfileName(env.ORAFI_PROFILE, 'ORAFI_PROFILE') : undefined
}

/** A profile's name (`[a-z0-9_-]+`, docs/contract.md#signing-in), as it was given by `origin`. Throws `usage`. */
export function checkProfileName(name: string, origin: string): string {
  if (/ora_(test|live)_/i.test(name)) {
    throw new CliError('usage', `${origin} was given a key, not the name of a profile`, {
      hint: 'a key that was typed into a command line stands in the history of the shell: rotate it',
    })
  }
  if (isProfileName(name)) return name
  if (name === environmentProfile) {
    throw new CliError(
      'usage',
      `${origin}: '${environmentProfile}' stands for the key from the environment`,
      {
        hint: 'choose another name for the profile',
      },
    )
  }
  throw new CliError('usage', `${origin}: '${visible(name.slice(0, 60))}' cannot be the name of a profile`, {
    hint: 'a name has small letters, digits, _ and - only',
  })
}
