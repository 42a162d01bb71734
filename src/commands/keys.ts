import type { Mode } from '../api/customer.ts'
import type { Business } from '../api/customers.ts'
import { ApiError } from '../api/errors.ts'
import { shownName } from '../config/business.ts'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import { hintOf } from '../hints.ts'

/** Keys are stored for the real API only (docs/contract.md#signing-in). */
export function rejectSandbox(context: Context, command: string): void {
  if (!context.sandbox) return
  throw new CliError('usage', `${command} does not work with the sandbox, which needs no key`, {
    hint: 'leave out --sandbox, and unset ORAFI_SANDBOX',
  })
}

/** The result of checking a key with one small request. Its texts are visible(). */
export type KeyCheck =
  | { readonly accepted: 'yes'; readonly business?: Business | undefined }
  /** 401 or 403. */
  | { readonly accepted: 'no'; readonly message: string }
  /** There was no answer, or not one of the Orafi API. */
  | {
      readonly accepted: 'unknown'
      readonly code: 'unavailable' | 'api_error' | 'usage'
      readonly message: string
      readonly hint?: string | undefined
      /** The server answered 404, so the API may be at another URL. */
      readonly elsewhere: boolean
    }

/** Checks whether the API at `baseUrl` accepts a key. */
export async function checkKey(context: Context, key: string, baseUrl: string): Promise<KeyCheck> {
  context.status({ what: 'checking the key' })
  try {
    return { accepted: 'yes', business: await context.verify(key, baseUrl) }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { code, message, status } = error
    if (code === 'auth') return { accepted: 'no', message }
    const known = code === 'unavailable' || code === 'usage' ? code : 'api_error'
    return { accepted: 'unknown', code: known, message, hint: hintOf(error), elsewhere: status === 404 }
  }
}

/**
 * The error of a key that was not accepted (`auth`) or could not be checked (`unavailable`, `api_error`), or undefined.
 * @param key the masked key, for the message
 */
export function keyCheckError(
  check: KeyCheck,
  key: string,
  hints: { no: string; unknown?: string | undefined },
): CliError | undefined {
  switch (check.accepted) {
    case 'yes':
      return undefined
    case 'no':
      return new CliError('auth', `Orafi does not accept the ${key}: ${check.message}`, { hint: hints.no })
    case 'unknown':
      return new CliError(
        check.code,
        `the ${key} could not be checked: ${check.message}`,
        hintsOf(check.hint, hints.unknown),
      )
  }
}

function hintsOf(...hints: readonly (string | undefined)[]): { hint?: string } {
  const known = hints.filter((hint) => hint !== undefined)
  return known.length === 0 ? {} : { hint: known.join('; ') }
}

/** Notes that ORAFI_API_KEY takes precedence over stored keys. */
export async function noteEnvironmentKey(context: Context): Promise<void> {
  if (!context.world.env.ORAFI_API_KEY) return
  await context.note(
    'note: ORAFI_API_KEY is set and takes precedence over stored keys: unset it, or use --profile',
  )
}

/** A mode in messages and tables, with LIVE in capitals. */
export function shownMode(mode: Mode): string {
  return mode === 'live' ? 'LIVE' : mode
}

/** A business's name, and whether it is onboarded and live. */
export function businessText({ businessName, onboarded, isLive }: Business): string {
  const facts = [
    ...(onboarded === null ? [] : [onboarded ? 'onboarded' : 'onboarding not finished']),
    ...(isLive === null ? [] : [isLive ? 'live' : 'not live']),
  ]
  return facts.length === 0 ? shownName(businessName) : `${shownName(businessName)} (${facts.join(', ')})`
}
