import { isAbsolute, resolve } from 'node:path'
import { CliError } from '../errors.ts'
import { isLoopback } from '../loopback.ts'
import { visible } from '../visible.ts'

/** Environment variables. */
export type Env = Readonly<Record<string, string | undefined>>

/**
 * A switch in the environment: `1`/`true` is on; unset, empty, `0`/`false` is off (docs/contract.md#environment).
 * Throws `usage` for any other value, so that `ORAFI_READ_ONLY=yes` does not mean off.
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
        `${name} is '${visible(value.slice(0, 40))}', which is not a valid switch`,
        { hint: `set ${name} to 1 or true, to 0 or false, or unset it` },
      )
  }
}

/** The base URL without `ORAFI_BASE_URL` (docs/orafi-api.md#base-url-and-keys). */
export const defaultBaseUrl = 'https://api.orafi.app'

/** `ORAFI_BASE_URL` or the default, checked. Throws as `checkBaseUrl` does. */
export function baseUrlOf(env: Env): string {
  return checkBaseUrl(env.ORAFI_BASE_URL || defaultBaseUrl)
}

/**
 * The base URL to send requests to, without a slash at its end. Throws `usage` unless it is https, or http on
 * loopback, since over http the key is not encrypted (docs/contract.md#base-url). The message never quotes a password.
 */
export function checkBaseUrl(text: string): string {
  const url = parse(text)
  // The URL parser also accepts `https:u:p@host`, and drops an @ with nothing before it.
  if (url.username !== '' || url.password !== '' || /^[^/?#]*\/\/[^/?#]*@/.test(text)) {
    throw invalid('ORAFI_BASE_URL holds a user name or a password, which a base URL must not contain')
  }
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(text)) {
    throw invalid(`ORAFI_BASE_URL holds a query or a fragment: ${visible(url.origin + url.pathname)}…`)
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw invalid(
      `ORAFI_BASE_URL ${visible(url.href)} is neither https nor on this machine: no key is sent there`,
    )
  }
  return url.origin + url.pathname.replace(/\/+$/, '')
}

/**
 * The base URL without `/v1` at its end. Both forms belong to one account, since the documentation has both
 * (docs/contract.md#base-url). Identities, locks and stored keys use this form.
 */
export function accountUrl(baseUrl: string): string {
  return baseUrl.replace(/\/v1$/, '')
}

/** The base URL with `/v1`, where the API may be instead; undefined if the base URL has a path. */
export function versionedUrl(baseUrl: string): string | undefined {
  return new URL(baseUrl).pathname === '/' ? `${baseUrl}/v1` : undefined
}

/** Whether a text is a base URL as `checkBaseUrl` returns it; for files that users may edit. */
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
    throw invalid(`ORAFI_BASE_URL is not a URL${quoted(text)}`)
  }
  return url
}

/** The value, unless it may contain a key or a password. */
function quoted(text: string): string {
  return text === '' || text.includes('ora_') || text.includes('@') ? '' : `: ${visible(text.slice(0, 100))}`
}

function invalid(message: string): CliError {
  return new CliError('usage', message, {
    hint: `set ORAFI_BASE_URL to an https address such as ${defaultBaseUrl}, or unset it`,
  })
}

/** `config` has the file with the keys; `state` has the journals and the sandbox's data. */
export interface Folders {
  config: string
  state: string
}

/**
 * The two folders, as absolute paths, from `ORAFI_CONFIG_DIR` and `ORAFI_STATE_DIR`, or the platform's defaults
 * (docs/contract.md#environment). Does not create them. Throws `usage` if there is no home folder.
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

/** env-paths looks up the home folder when it is imported, which throws for a user without one. */
async function platformFolders(): Promise<{ config: string; data: string } | undefined> {
  try {
    const { default: envPaths } = await import('env-paths')
    return envPaths('orafi', { suffix: '' })
  } catch {
    return undefined
  }
}

/** With an empty HOME the default path is relative, and keys would be stored in the current folder. */
function absolute(path: string | undefined, variable: string): string {
  if (path !== undefined && isAbsolute(path)) return path
  throw new CliError('usage', 'there is no home folder (HOME is not set)', {
    hint: `set ${variable} to a folder`,
  })
}
