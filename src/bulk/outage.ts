import type { ApiError } from '../api/errors.ts'
import { CliError } from '../errors.ts'

/** An outage is not ninety thousand failures: after this many without an answer in a row nothing more is sent. */
const mostInARow = 20

/** Tells an outage from single failures, by counting the requests in a row that got no usable answer. */
export interface Outage {
  /** A request was answered, whatever the answer. */
  answered(): void
  /** A request got no usable answer. Returns why nothing more is to be sent once they are too many. */
  noAnswer(error: ApiError): CliError | undefined
}

/** @param hint how to go on when the API is back */
export function createOutage(hint: string): Outage {
  let silent = 0
  return {
    answered() {
      silent = 0
    },
    noAnswer(error) {
      // A 429 is an answer: the API is there, and wants us to wait.
      if (error.status === 429) return undefined
      silent += 1
      if (silent < mostInARow) return undefined
      const message = `${silent} requests in a row got no usable answer: ${error.message}`
      return new CliError('unavailable', message, { hint, cause: error })
    },
  }
}
