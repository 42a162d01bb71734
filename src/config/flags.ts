import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'

/** The environment, as the process received it. */
export type Env = Readonly<Record<string, string | undefined>>

/**
 * A switch in the environment: `1`/`true` is on; unset, empty, `0`/`false` is off (docs/contract.md#environment).
 * Throws `usage` for anything else, so that `ORAFI_READ_ONLY=yes` is never taken for off.
 */
export function envSwitch(env: Env, name: string): boolean {
  const value = env[name] ?? ''
  switch (value.toLowerCase()) {
    case '1':
    case 'true':
      return true
    case '':
    case '0':
    case 'false':
      return false
    default:
      throw new CliError(
        'usage',
        `${name} is '${visible(value.slice(0, 40))}', which is neither on nor off`,
        {
          hint: `set ${name} to 1 or true, to 0 or false, or unset it`,
        },
      )
  }
}
