import { join } from 'node:path'
import type { Command } from '@commander-js/extra-typings'
import type { Context, Run } from '../../context.ts'
import { count } from '../../count.ts'
import { CliError } from '../../errors.ts'
import type { RunSummary } from '../../journal/read.ts'
import { report } from '../../output/result.ts'
import type { World } from '../../world.ts'
import { checkConfirmable } from '../confirm.ts'
import { deletionOptions } from '../options.ts'

interface Options {
  readonly yes?: true | undefined
}

/** `orafi sandbox reset` */
export function define(command: Command, run: Run): void {
  command.addOption(deletionOptions.yes()).action(run(reset))
}

async function reset(context: Context, options: Options): Promise<void> {
  checkConfirmable(context, options, 'a reset')
  const { owner, now, sleep } = context.world
  const { state } = await context.folders()
  const runs = await sandboxRuns(join(state, 'runs'), owner)
  if (!options.yes) await confirm(context, runs.length)
  const [{ resetSandbox }, { removeRun }] = await Promise.all([
    import('../../sandbox/disk.ts'),
    import('../../journal/run.ts'),
  ])
  await resetSandbox({ folder: join(state, 'sandbox'), owner, now, sleep })
  for (const { run } of runs) await removeRun(join(state, 'runs'), run, { owner, now })
  await context.printChange(report({ runs: runs.length }, [], [], 'nowhere'), {
    summary: [`SANDBOX reset to its initial data; ${count(runs.length, 'run')} in the journal erased`],
    ids: { Erased: runs.map(({ run }) => run) },
    changed: true,
  })
}

/** The journal also holds runs of real accounts; the identity tells them apart (docs/contract.md#identity). */
function isSandboxRun({ identity }: { readonly identity: string }): boolean {
  return identity.startsWith('sandbox ')
}

/** The sandbox's runs. Throws `local_error` if one of them is in progress. */
async function sandboxRuns(folder: string, owner: World['owner']): Promise<readonly RunSummary[]> {
  const { listRuns } = await import('../../journal/list.ts')
  // A run that cannot be read is kept, since it may belong to a real account.
  const found = (await listRuns(folder, owner, () => undefined)).filter(isSandboxRun)
  const busy = found.find(({ running }) => running)
  if (busy === undefined) return found
  throw new CliError('local_error', `run ${busy.run} is changing the sandbox`, {
    hint: 'wait until it finishes',
  })
}

async function confirm(context: Context, runs: number): Promise<void> {
  const prompts = await context.prompts('nothing was erased')
  const question = `Erase the SANDBOX data and ${count(runs, 'run')} in the journal?`
  await prompts.confirm(question)
}
