import type { Throttle } from '../../bulk/throttle.ts'
import type { Context } from '../../context.ts'
import { CliError } from '../../errors.ts'
import type { RunHeader } from '../../journal/records.ts'
import type { Undone } from '../../journal/undone.ts'
import type { Session } from '../../session.ts'
import { visible } from '../../visible.ts'
import type { DeletionOptions } from '../customers/deletion.ts'

/** An undo that may go on: the run was found, may be undone here, and is held. */
export interface Undoing {
  readonly context: Context
  readonly session: Session
  readonly options: DeletionOptions
  readonly throttle: Throttle
  /** The journal's folder. */
  readonly folder: string
  /** The run that is taken back. */
  readonly header: RunHeader
  /** Only these customers; all where it is empty. */
  readonly only: ReadonlySet<string>
  /** What earlier undos of the run did. */
  readonly undone: ReadonlyMap<string, Undone>
}

/** Refuses customers that were named and are not in the run. Throws `not_found`. */
export function checkKnown({ only, header }: Undoing, known: { has(id: string): boolean }): void {
  const stranger = [...only].find((id) => !known.has(id))
  if (stranger === undefined) return
  throw new CliError('not_found', `${visible(header.run)} has no customer '${visible(stranger)}'`, {
    hint: `see which it has: orafi runs show ${visible(header.run)}`,
  })
}
