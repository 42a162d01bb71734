import type { Throttle } from '../bulk/throttle.ts'
import type { Context } from '../context.ts'
import type { RunHeader } from '../journal/records.ts'
import type { OpenRun } from '../journal/run.ts'
import type { Session } from '../session.ts'
import type { DeletionOptions } from './deletion.ts'

/** An undo that may go on: the run was found, may be undone here, and is held. */
export interface Undoing {
  readonly context: Context
  readonly session: Session
  readonly options: DeletionOptions
  readonly throttle: Throttle
  /** The journal's folder. */
  readonly folder: string
  readonly header: RunHeader
  /** The run that is taken back, opened to write into it what was undone. */
  readonly original: OpenRun
  /** Only these ids; all where it is empty. */
  readonly only: ReadonlySet<string>
}
