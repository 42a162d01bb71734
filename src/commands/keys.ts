import type { Mode } from '../api/customer.ts'
import type { Business } from '../api/customers.ts'
import { ApiError } from '../api/errors.ts'
import { shownName } from '../config/business.ts'
import type { KeyCheck } from '../config/whoami.ts'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import { hintOf } from '../hints.ts'

/** Keys are stored for the real API only (docs/contract.md#signing-in). */
export function refuseSandbox(context: Context, command: string): void {
  if (!context.sandbox) return
  throw new CliError('usage', `${command} is not for the sandbox, which needs no key`, {
    hint: 'leave out --sandbox, and unset ORAFI_SANDBOX',
  })
}

/** Whether the API accepts a key, by how one small request with it ends. */
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

/** Says that the key of the environment is used before stored ones. */
export async function warnOfEnvironmentKey(context: Context): Promise<void> {
  if (!context.world.env.ORAFI_API_KEY) return
  await context.warn(
    'note: ORAFI_API_KEY is set and still goes before stored keys: unset it, or use --profile',
  )
}

/** A mode as messages and tables show it: LIVE stands out. */
export function shownMode(mode: Mode): string {
  return mode === 'live' ? 'LIVE' : mode
}

/** A business in words: its name, and what keeps it from moving real money. */
export function businessText({ businessName, onboarded, isLive }: Business): string {
  const facts = [
    ...(onboarded === null ? [] : [onboarded ? 'onboarded' : 'onboarding not finished']),
    ...(isLive === null ? [] : [isLive ? 'live' : 'not live']),
  ]
  return facts.length === 0 ? shownName(businessName) : `${shownName(businessName)} (${facts.join(', ')})`
}
