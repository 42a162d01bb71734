import { join } from 'node:path'
import type { Command } from '@commander-js/extra-typings'
import type { Context, Run } from '../../context.ts'
import { CliError } from '../../errors.ts'
import type { RunSummary } from '../../journal/read.ts'
import { report } from '../../output/result.ts'
import { guide } from '../../reference/guide.ts'
import type { World } from '../../world.ts'
import { checkConfirmable } from '../confirm.ts'
import { deletionOptions } from '../options.ts'

interface Options {
  readonly yes?: true | undefined
}

/** `orafi sandbox reset` */
export function define(command: Command, run: Run): void {
  command
    .description('Reset the sandbox to its initial data, and erase its runs from the journal.')
    .addOption(deletionOptions.yes())
    .action(run(reset))
  guide(command, {
    exits: [7],
    examples: ['orafi sandbox reset', 'orafi sandbox reset --yes'],
  })
}

async function reset(context: Context, options: Options): Promise<void> {
  checkConfirmable(context, options, 'a reset')
  const { owner, now, sleep } = context.world
  const { state } = await context.folders()
  const runs = await ownRuns(join(state, 'runs'), owner)
  if (!options.yes) await confirm(context, runs.length)
  const [{ resetSandbox }, { removeRun }] = await Promise.all([
    import('../../sandbox/disk.ts'),
    import('../../journal/run.ts'),
  ])
  await resetSandbox({ folder: join(state, 'sandbox'), owner, now, sleep })
  for (const { run } of runs) await removeRun(join(state, 'runs'), run, { owner, now })
  await context.print(report({ runs: runs.length }, [], [], 'nowhere'))
  await context.note(`SANDBOX reset: it begins anew; ${counted(runs.length)} erased`)
}

/** The journal is everybody's; the sandbox's runs are known by their place (docs/contract.md#identity). */
function isOwn({ identity }: { readonly identity: string }): boolean {
  return identity.startsWith('sandbox ')
}

/** Throws `local_error` when one of them goes on, before anything is erased. */
async function ownRuns(folder: string, owner: World['owner']): Promise<readonly RunSummary[]> {
  const { listRuns } = await import('../../journal/list.ts')
  // A run that cannot be read may be anybody's, and stays.
  const own = (await listRuns(folder, owner, () => undefined)).filter(isOwn)
  const busy = own.find(({ goingOn }) => goingOn)
  if (busy === undefined) return own
  throw new CliError('local_error', `run ${busy.run} is changing the sandbox`, {
    hint: 'wait until it is done',
  })
}

async function confirm(context: Context, runs: number): Promise<void> {
  const prompts = await context.prompts()
  const question = `Erase what is in the SANDBOX, and ${counted(runs)}?`
  if (!(await prompts.confirm(question))) throw new CliError('declined', 'nothing was erased')
}

function counted(runs: number): string {
  return runs === 1 ? '1 run in the journal' : `${runs} runs in the journal`
}
