import { CliError } from '../errors.ts'
import type { RunHeader } from '../journal/records.ts'
import { visible } from '../visible.ts'

/** Where an undo takes place, and whether anybody can be told. */
export interface UndoPlace {
  readonly identity: string
  readonly keyHash: string
  /** Whether the identity names a profile; under the unnamed `env` another key may be another merchant's. */
  readonly unnamed: boolean
  readonly attended: boolean
}

/**
 * Refuses a run that cannot be undone here (docs/contract.md#undo): an undo (2), one that was forgotten (3), one of
 * another place (4), and, where nobody can be told, one made under the unnamed `env` with another key (4). Returns
 * what a person has to be told before they agree.
 */
export function checkUndoable(header: RunHeader, forgotten: boolean, place: UndoPlace): string | undefined {
  const run = visible(header.run)
  if (header.command === 'undo') {
    throw new CliError('usage', `${run} is itself an undo of ${visible(header.undoes ?? 'another run')}`, {
      hint: 'an undo is not undone; what it deleted or created is in its journal: orafi runs show',
    })
  }
  if (forgotten)
    throw new CliError('not_found', `${run} was forgotten: what it did cannot be undone any more`)
  if (header.identity !== place.identity) {
    throw new CliError(
      'auth',
      `${run} was made at ${visible(header.identity)}, and this is ${visible(place.identity)}`,
      {
        hint: 'use the same profile, mode and base URL: --profile, --test or --live, ORAFI_PROFILE, ORAFI_BASE_URL',
      },
    )
  }
  if (!place.unnamed || header.key.hash === place.keyHash) return undefined
  const told = `${run} was made with another key (${visible(header.key.masked)}): is it the same merchant's account?`
  if (place.attended) return told
  throw new CliError('auth', told, {
    hint: 'undo it on a terminal, or use the key that made it; ORAFI_PROFILE gives keys from the environment a name',
  })
}
