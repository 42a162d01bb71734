import type { ApiError, ApiErrorFacts, Obstacle } from './api/errors.ts'
import { whenIn } from './count.ts'
import { CliError } from './errors.ts'
import { shellWord } from './shell-word.ts'

const trustIssuer =
  "if you trust its issuer, save the issuer's certificate as PEM and set NODE_EXTRA_CA_CERTS to the file"
const checkClock =
  'check the clock of this machine; if it is right, the certificate of the server must be renewed'
const signInToProxy =
  'add the user name and password of the proxy: HTTPS_PROXY=http://USER:PASSWORD@proxy.example:3128'

/** Hints for failed connections. */
const connecting: Partial<Record<Obstacle, string>> = {
  unreached: 'check the network, the proxy settings and ORAFI_BASE_URL',
  'certificate-expired': checkClock,
  'certificate-untrusted': trustIssuer,
  'proxy-credentials': signInToProxy,
}

/** What to do if there is no customer with an id. */
export const notFoundHint =
  'look for customers by e-mail or name: orafi customers find TEXT; a test key sees test customers only, a live key live ones'

/** The hint of an API error. Separate, since src/api does not depend on flags and commands. */
export function hintOf({ code, status, unanswered, facts }: ApiError): string | undefined {
  const { obstacle, variable, email, elsewhere } = facts
  if (code === 'ambiguous') {
    if (email === undefined) return undefined
    return `check before you try again: orafi customers find ${shellWord(email)}`
  }
  if (obstacle !== undefined && obstacle in connecting) {
    // An earlier attempt may have been sent.
    return `${unanswered ? '' : 'nothing was sent; '}${connecting[obstacle]}`
  }
  switch (obstacle) {
    case 'proxy-url':
      return `set it like ${variable}=http://proxy.example:3128, or unset it`
    case 'proxy-encoding':
      return 'write % as %25, and other special characters in the same way: @ as %40'
    case 'no-answer':
      return 'try again; a longer --timeout may help'
    case 'unexpected-answer':
      return 'check ORAFI_BASE_URL, and whether there is a newer version of orafi'
    case 'read-only':
      return 'unset ORAFI_READ_ONLY if it is set, or make the profile writable: orafi login --read-write'
    case 'long-wait':
      return `${later(facts)}, or allow a longer wait with --max-wait`
  }
  if (code === 'not_found') return notFoundHint
  if (status === undefined) return undefined
  if (status === 401) return 'the API does not accept this key; `orafi whoami` shows which one was sent'
  if (status === 403) return 'the key is not allowed to do this: live mode needs a verified business'
  if (status === 404)
    return `the API is not at this URL: check ORAFI_BASE_URL${elsewhere === undefined ? '' : `, or ${elsewhere}`}`
  if (status >= 300 && status < 400) return 'redirects are not followed: check ORAFI_BASE_URL'
  return status === 429 || status >= 500 ? later(facts) : undefined
}

function later({ retryAt, retryIn }: ApiErrorFacts): string {
  if (retryAt === undefined || retryIn === undefined) return 'try again later'
  return `try again ${whenIn(retryIn, retryAt, (time) => `at ${time} local time`)}`
}

/** An API error with a more specific hint. */
export function withHint(error: ApiError, hint: string): CliError {
  return new CliError(error.code, error.message, { status: error.status, hint, cause: error })
}
