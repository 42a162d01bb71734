import { quote } from './errors.ts'

/** One request to the API, as the four customer calls make it. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** The parts of the path from the root of the API, not encoded: `['customers', 'cus_1']`. */
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, string>> | undefined
  /** Sent as JSON. */
  readonly body?: unknown
  /** What the path names, as the user knows it: `customer cus_1`. A 404 then means that it does not exist. */
  readonly item?: string | undefined
  /** What to type to see whether a change was made whose answer was lost. */
  readonly check?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Not tried again, whatever happens: for an answer that can be done without. */
  readonly once?: boolean | undefined
}

/** A 2xx answer, read whole and decoded. */
export interface Answer {
  readonly call: Call
  readonly status: number
  readonly text: string
  /** An earlier attempt may have reached the server without a definite answer. */
  readonly unanswered: boolean
}

/** What was asked, for messages. The query is left out: it may be long and says little. */
export function asked({ method, path }: Call): string {
  return `${method} ${quote(`/${path.join('/')}`)}`
}
