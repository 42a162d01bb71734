import { join } from 'node:path'
import type { Command } from '@commander-js/extra-typings'
import { createThrottle } from '../../bulk/throttle.ts'
import { checkUndoable } from '../../bulk/undo-target.ts'
import { environmentProfile } from '../../config/profile-name.ts'
import type { Context, Run } from '../../context.ts'
import { guide, requestExits } from '../../reference/guide.ts'
import { checkAttendance, type DeletionOptions } from '../customers/deletion.ts'
import { deletionOptions } from '../options.ts'
import { undoDelete } from './undo-delete.ts'
import { undoImport } from './undo-import.ts'

/** `orafi runs undo RUN [ID…]` */
export function define(command: Command, run: Run): void {
  command
    .description('Take a run back: create again what it deleted, or delete what it created.')
    .argument('<run>', 'the id of a run, as runs list shows it')
    .argument('[id...]', 'only these customers')
    .addOption(deletionOptions.yes())
    .addOption(deletionOptions.maxDelete())
    .action(run(undo))
  guide(command, {
    exits: [
      ...requestExits,
      7,
      [3, 'there is no such run, it was forgotten, or a customer that is named is not in it'],
      [6, 'some could not be undone, or are undecided, or were left out'],
    ],
    json: 'of a delete {"run", "undone": [{"id", "newId"}], "undecided": [ids], "leftOut": [{"id", "reason"}], "notSent": [ids]}; of an import what customers delete prints',
    notes:
      'A customer that is created again has a new id; its totalSpent, transactions and dates do not come back.',
    examples: [
      'orafi runs undo 20260301-120000-k3f9',
      'orafi runs undo 20260301-120000-k3f9 cmjr4c7qq0000v8hozkzz4em5 --yes',
    ],
  })
}

async function undo(
  context: Context,
  id: string,
  only: readonly string[],
  options: DeletionOptions,
): Promise<void> {
  const throttle = createThrottle()
  const session = await context.session({ changing: true, many: true, observe: throttle.observe })
  const [{ holdRun }, { readRunHeader }, { undoneBy }, { state }] = await Promise.all([
    import('../../journal/run.ts'),
    import('../../journal/read.ts'),
    import('../../journal/undone.ts'),
    context.folders(),
  ])
  const { owner, now } = context.world
  const folder = join(state, 'runs')
  const { header, forgotten } = await readRunHeader(folder, id)
  const told = checkUndoable(header, forgotten, {
    identity: session.identity,
    keyHash: session.key.hash,
    unnamed: session.key.source === 'environment' && session.profile === environmentProfile,
    attended: context.canAsk && !options.yes,
  })
  checkAttendance(context, session, options)
  if (told !== undefined) await context.warn(`warning: ${told}`)
  await context.lockIdentity(session, `undoing ${id}`)
  const lock = await holdRun(folder, id, { owner, now, what: `undoing ${id}` })
  context.onClose(() => lock.release())
  // Only now: before the locks were held another undo may have been going on.
  const undone = await undoneBy(folder, id, owner)
  const undoing = { context, session, options, throttle, folder, header, only: new Set(only), undone }
  await (header.command === 'delete' ? undoDelete(undoing) : undoImport(undoing))
}
