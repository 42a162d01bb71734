import { isAbsolute, resolve } from 'node:path'
import { CliError } from '../errors.ts'
import { isLoopback } from '../loopback.ts'
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

/** Where the API answers unless `ORAFI_BASE_URL` says otherwise (docs/orafi-api.md#base-url-and-keys). */
export const defaultBaseUrl = 'https://api.orafi.app'

/** The checked base URL that this environment asks for. Throws as `checkBaseUrl` does. */
export function baseUrlOf(env: Env): string {
  return checkBaseUrl(env.ORAFI_BASE_URL || defaultBaseUrl)
}

/**
 * The base URL to send requests to, without a slash at its end. Throws `usage` unless it is https, or http to this
 * very machine: a key is sent there in the clear (docs/contract.md#base-url). The value is quoted without what may be
 * a password in it.
 */
export function checkBaseUrl(text: string): string {
  const url = parse(text)
  // The parser takes `https:u:p@host` for a URL too, and forgets an @ with nothing before it.
  if (url.username !== '' || url.password !== '' || /^[^/?#]*\/\/[^/?#]*@/.test(text)) {
    throw refused('ORAFI_BASE_URL holds a user name or a password, which does not belong into a base URL')
  }
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(text)) {
    throw refused(`ORAFI_BASE_URL holds a query or a fragment: ${visible(url.origin + url.pathname)}…`)
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw refused(
      `ORAFI_BASE_URL ${visible(url.href)} is neither https nor on this machine: no key is sent there`,
    )
  }
  return url.origin + url.pathname.replace(/\/+$/, '')
}

/**
 * Base URLs that lead to one account: with `/v1` at the end and without it, since the documents name both
 * (docs/contract.md#base-url). Identities, locks and stored keys go by this.
 */
export function accountUrl(baseUrl: string): string {
  return baseUrl.replace(/\/v1$/, '')
}

/** The same with `/v1`, where a base URL has no path and the API may be there instead; undefined where it has one. */
export function versionedUrl(baseUrl: string): string | undefined {
  return new URL(baseUrl).pathname === '/' ? `${baseUrl}/v1` : undefined
}

/** Whether this is what `checkBaseUrl` hands back: for a file that somebody may have edited. */
export function isBaseUrl(text: string): boolean {
  try {
    return checkBaseUrl(text) === text
  } catch {
    return false
  }
}

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.hostname === '') {
    throw refused(`ORAFI_BASE_URL is not a URL${quoted(text)}`)
  }
  return url
}

/** The value, unless a key or a password was put there by mistake. */
function quoted(text: string): string {
  return text === '' || text.includes('ora_') || text.includes('@') ? '' : `: ${visible(text.slice(0, 100))}`
}

function refused(message: string): CliError {
  return new CliError('usage', message, {
    hint: `set ORAFI_BASE_URL to an https address such as ${defaultBaseUrl}, or unset it`,
  })
}

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
