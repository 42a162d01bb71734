import type { Mode } from '../api/customer.ts'
import type { Business } from '../api/customers.ts'
import { ApiError } from '../api/errors.ts'
import { shownName } from '../config/business.ts'
import type { KeyCheck } from '../config/whoami.ts'
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

/** Whether the API accepts a key, judged by the result of one small request. */
export async function acceptanceOf(request: Promise<Business | undefined>): Promise<KeyCheck> {
  try {
    return { accepted: 'yes', business: await request }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { code, message, status } = error
    if (code === 'auth') return { accepted: 'no', message }
    const known = code === 'unavailable' || code === 'usage' ? code : 'api_error'
    return { accepted: 'unknown', code: known, message, hint: hintOf(error), elsewhere: status === 404 }
  }
}

/** Warns that ORAFI_API_KEY takes precedence over stored keys. */
export async function warnAboutEnvironmentKey(context: Context): Promise<void> {
  if (!context.world.env.ORAFI_API_KEY) return
  await context.warn(
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
