import { CliError } from '../errors.ts'
import { versionedUrl } from './base-url.ts'
import type { Business } from './business.ts'

/** What the API said when it was asked one small thing with a key. Its text is already visible(). */
export type Verdict =
  | { readonly accepted: 'yes'; readonly business?: Business | undefined }
  /** 401 or 403. */
  | { readonly accepted: 'no'; readonly message: string }
  /** Nobody answered, or not as an Orafi would. */
  | {
      readonly accepted: 'unknown'
      readonly code: 'unavailable' | 'api_error' | 'usage'
      readonly message: string
      /** What to do about that. */
      readonly hint?: string | undefined
      /** There is a server, and it knows no customers there: a 404. */
      readonly elsewhere?: boolean | undefined
    }

/** Asks the API at `baseUrl` for one customer with this key; a key goes nowhere but to its own base URL. */
export type Verify = (key: string, baseUrl: string) => Promise<Verdict>

/**
 * Asks at a base URL and, where that has no path and answers 404, at the same with `/v1` (docs/contract.md#base-url).
 * Hands back what answered, with its URL.
 */
export async function verifyWherever(
  verify: Verify,
  key: string,
  baseUrl: string,
): Promise<{ readonly verdict: Verdict; readonly baseUrl: string }> {
  const verdict = await verify(key, baseUrl)
  const versioned = versionedUrl(baseUrl)
  if (!isElsewhere(verdict) || versioned === undefined) return { verdict, baseUrl }
  const second = await verify(key, versioned)
  return isElsewhere(second) ? { verdict, baseUrl } : { verdict: second, baseUrl: versioned }
}

function isElsewhere(verdict: Verdict): boolean {
  return verdict.accepted === 'unknown' && verdict.elsewhere === true
}

/**
 * The error of a key that was not accepted (`auth`) or not checked (`unavailable`, `api_error`), or undefined.
 * `key` names it as it may be shown; `outcome` says what that means, as in `nothing was stored`.
 */
export function verdictError(
  verdict: Verdict,
  key: string,
  hints: { no: string; unknown?: string | undefined },
): CliError | undefined {
  switch (verdict.accepted) {
    case 'yes':
      return undefined
    case 'no':
      return new CliError('auth', `Orafi does not accept the ${key}: ${verdict.message}`, {
        hint: hints.no,
      })
    case 'unknown':
      return new CliError(verdict.code, `the ${key} could not be checked: ${verdict.message}`, {
        hint: [verdict.hint, hints.unknown].filter(Boolean).join('; '),
      })
  }
}
