import type { Client } from '../api/client.ts'
import type { OpenRun } from '../journal/run.ts'
import type { Earlier } from './earlier.ts'
import type { ImportRow } from './import-row.ts'
import type { RowEnd } from './sender.ts'
import type { Throttle } from './throttle.ts'

/** What an import needs to be sent: who is there already, and everything it works with. */
export interface ImportOptions {
  readonly client: Client
  readonly run: Pick<OpenRun, 'intend' | 'conclude'>
  /** The rows, checked, in their order, a block at a time: a generator's turn for each row would cost as much as sending it. */
  readonly rows: AsyncIterable<readonly ImportRow[]>
  /** Whether the person was in the account before the first create. */
  readonly exists: (email: string) => boolean
  /** What earlier imports into the same place left open, and created. */
  readonly earlier: Earlier
  readonly allowExisting: boolean
  readonly throttle: Throttle
  readonly signal: AbortSignal
  /** How long a request that was given up may still arrive, in ms: one `--timeout`. */
  readonly timeoutMs: number
  readonly now: () => number
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  readonly onEvent: (event: ImportEvent) => void
}

/** Something to draw. `total` stays unknown here. */
export type ImportEvent =
  | {
      readonly type: 'row'
      readonly row: ImportRow
      readonly end: RowEnd
      readonly reason?: string | undefined
    }
  /** Rows whose answer was lost are looked for, after a wait (ms) in which their requests may still arrive. */
  | { readonly type: 'settling'; readonly rows: number; readonly waitMs: number }

/** What became of the rows, counted, and why it stopped if it did; the rows that are in no count were not sent. */
export interface ImportReport {
  created: number
  skipped: number
  rejected: number
  undecided: number
  stopped: unknown
}
