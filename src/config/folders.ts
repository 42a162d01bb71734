import { isAbsolute, resolve } from 'node:path'
import { CliError } from '../errors.ts'
import type { Env } from './flags.ts'

/** Where things are kept: `config` has conf's file with the keys, `state` the journals and the sandbox's data. */
export interface Folders {
  config: string
  state: string
}

/**
 * The two folders, as absolute paths, from `ORAFI_CONFIG_DIR` and `ORAFI_STATE_DIR`, else the platform's own places
 * (docs/contract.md#environment). Makes nothing. Throws `usage` when the platform knows no home to put them in.
 */
export async function folders(env: Env): Promise<Folders> {
  const config = env.ORAFI_CONFIG_DIR
  const state = env.ORAFI_STATE_DIR
  if (config && state) return { config: resolve(config), state: resolve(state) }
  const own = await platformFolders()
  return {
    config: config ? resolve(config) : absolute(own?.config, 'ORAFI_CONFIG_DIR'),
    state: state ? resolve(state) : absolute(own?.data, 'ORAFI_STATE_DIR'),
  }
}

/** env-paths looks for the home folder when it is imported, and that throws for a user who has none. */
async function platformFolders(): Promise<{ config: string; data: string } | undefined> {
  try {
    const { default: envPaths } = await import('env-paths')
    return envPaths('orafi', { suffix: '' })
  } catch {
    return undefined
  }
}

/** With an empty HOME the platform's place is relative: keys would land in whichever folder one stands in. */
function absolute(path: string | undefined, variable: string): string {
  if (path !== undefined && isAbsolute(path)) return path
  throw new CliError('usage', 'there is no home folder to keep anything in (HOME is not set)', {
    hint: `set ${variable} to a folder`,
  })
}
