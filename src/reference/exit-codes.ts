import type { ErrorCode } from '../errors.ts'

/** An exit code, the `error.code` that goes with it, and what it means. */
export interface ExitCode {
  readonly exit: number
  readonly code: ErrorCode | undefined
  readonly meaning: string
}

/** All of them (docs/contract.md#exit-codes); `main.ts` gives the codes. */
export const exitCodes: readonly ExitCode[] = [
  { exit: 0, code: undefined, meaning: 'done' },
  { exit: 1, code: 'api_error', meaning: 'the API refused, or gave an unexpected answer' },
  {
    exit: 1,
    code: 'local_error',
    meaning: 'this machine refused: its disk, a file, a lock, a damaged config or journal, the output',
  },
  {
    exit: 2,
    code: 'usage',
    meaning: 'a bad flag or value; or it would have asked and there is nobody to ask',
  },
  { exit: 3, code: 'not_found', meaning: 'no such customer, or nothing found' },
  { exit: 4, code: 'auth', meaning: 'not signed in, not permitted, wrong mode of key, read-only' },
  {
    exit: 5,
    code: 'unavailable',
    meaning: 'could not reach the API, or it stayed unavailable after all retries',
  },
  { exit: 6, code: 'partial', meaning: 'some of several were not done' },
  { exit: 7, code: 'declined', meaning: 'declined at the prompt' },
  { exit: 8, code: 'ambiguous', meaning: 'a change was sent and its outcome is unknown' },
  { exit: 129, code: 'interrupted', meaning: 'the terminal was closed (SIGHUP)' },
  { exit: 130, code: 'interrupted', meaning: 'interrupted with Ctrl-C (SIGINT)' },
  { exit: 143, code: 'interrupted', meaning: 'told to end (SIGTERM)' },
]

/** What every command may end with. */
export const commonExits: readonly number[] = [0, 1, 2, 129, 130, 143]
