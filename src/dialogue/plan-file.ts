import { access } from 'node:fs/promises'
import type { Stays } from '../bulk/deletion.ts'
import type { Context } from '../context.ts'
import { lookUp } from '../customers/delete.ts'
import { type Plan, type PlanPlace, planText } from '../duplicates/plan.ts'
import { applyCheck, checkPlace, plannedDeletions } from '../duplicates/plan-apply.ts'
import { readPlan } from '../duplicates/plan-read.ts'
import { CliError } from '../errors.ts'
import { openInput } from '../files/source.ts'
import { textOf } from '../files/text.ts'
import type { Session } from '../session.ts'
import { kindAt } from '../storage/regular.ts'
import { replaceFile } from '../storage/replace.ts'
import { visible } from '../visible.ts'

/** Where a plan is made, or applied. */
export function placeOf({ identity, key }: Session): PlanPlace {
  return { identity, mode: key.mode, key: { masked: key.masked, hash: key.hash } }
}

/** Reads a plan and checks that it is for this place. Throws `usage` naming the field, or `auth`. */
export async function openPlan(context: Context, session: Session, file: string): Promise<Plan> {
  const { bytes } = await openInput(file, context.world.stdin, context.signal)
  let text = ''
  for await (const piece of textOf(bytes, visible(file))) text += piece
  const plan = readPlan(text, file)
  const warning = checkPlace(plan, placeOf(session), file)
  if (warning !== undefined) await context.warn(`warning: ${warning}`)
  return plan
}

/** Writes a plan, whole or not at all, for its owner alone: it holds customer data. */
export function savePlan(file: string, plan: Plan): Promise<void> {
  return replaceFile(file, planText(plan))
}

/** Whether something of this name is there. */
export async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

/**
 * Refuses what no plan can replace, such as a device or a link, and, unless `force` is given, a plan that somebody may
 * have worked on. Throws `usage`.
 */
export async function checkFree(file: string, force: boolean): Promise<void> {
  const there = await kindAt(file).catch(() => undefined)
  if (there !== undefined && there !== 'a regular file')
    throw new CliError(
      'usage',
      `cannot write the plan to ${visible(file)}: it is ${there}, not a regular file`,
      {
        hint: 'choose another file',
      },
    )
  if (force || there === undefined) return
  throw new CliError('usage', `${visible(file)} is there already`, {
    hint: 'go on with it (--review), overwrite it (--force), or choose another name',
  })
}

/** What a plan deletes, and why one of them has to stay, looked at again just before its DELETE. */
export interface PlannedRun {
  readonly ids: readonly string[]
  readonly stays: Stays
}

/**
 * The deletions of a plan. Each record and its keeper are fetched again just before: who changed or spent since, and
 * whose keeper is gone or is itself to be deleted, is left out.
 */
export function plannedRun(session: Session, plan: Plan): PlannedRun {
  const planned = new Map(plannedDeletions(plan).map((one) => [one.id, one]))
  return {
    ids: [...planned.keys()],
    async stays(customer) {
      const one = planned.get(customer.id)
      if (one === undefined) return 'the plan does not delete it'
      const keeper = await lookUp(session.client, one.keeper)
      if (keeper.state === 'unknown') return `its keeper could not be looked up: ${keeper.error.message}`
      return applyCheck(customer, keeper.state === 'there' ? keeper.customer : undefined, one)
    },
  }
}
