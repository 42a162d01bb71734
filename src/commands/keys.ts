import { ApiError } from '../api/errors.ts'
import type { Business } from '../config/business.ts'
import type { Verdict } from '../config/verdict.ts'
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

/** What the API makes of a key, told by how one small request with it ends. */
export async function verdictOf(request: Promise<Business | undefined>): Promise<Verdict> {
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
