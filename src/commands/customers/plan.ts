import type { Customer } from '../../api/customer.ts'
import { type DeletionRequest, lookUp } from '../../bulk/deletion.ts'
import type { Context } from '../../context.ts'
import { applyCheck, checkPlace, plannedDeletions, planText } from '../../duplicates/plan.ts'
import type { Plan, PlanPlace } from '../../duplicates/plan-schema.ts'
import { CliError } from '../../errors.ts'
import { wholeText } from '../../files/decode.ts'
import { modeTextOf, textOf } from '../../output/cells.ts'
import type { Column } from '../../output/result.ts'
import type { Session } from '../../session.ts'
import { kindAt, openRegular } from '../../storage/regular.ts'
import { replaceFile } from '../../storage/replace.ts'
import { visible } from '../../visible.ts'

/** The account that a plan is made for, or applied to. */
export async function placeOf({ identity, key }: Session): Promise<PlanPlace> {
  return { identity, mode: key.mode, key: { masked: key.masked, hash: await key.hash() } }
}

/** Reads a plan and checks that it is for this account. Throws `usage` naming the invalid field, or `auth`. */
export async function openPlan(context: Context, session: Session, file: string): Promise<Plan> {
  const { readPlan } = await import('../../duplicates/plan-read.ts')
  const plan = readPlan(await wholeText(await context.input(file)), file)
  const warning = checkPlace(plan, await placeOf(session), file)
  if (warning !== undefined) await context.warn(`warning: ${warning}`)
  return plan
}

/** Writes a plan atomically, readable only by its owner, since it contains customer data. Returns its text. */
export async function savePlan(file: string, plan: Plan): Promise<string> {
  const text = planText(plan)
  await replaceFile(file, text)
  return text
}

/** The text of a plan file; undefined if there is none. */
export async function planTextAt(file: string): Promise<string | undefined> {
  if ((await kindAt(file)) === undefined) return undefined
  const open = await openRegular(file)
  try {
    return await open.readFile('utf8')
  } finally {
    await open.close()
  }
}

/**
 * Whether the plan file exists. Throws `usage` if it is not a regular file, or if it exists and may not be `replaced`.
 */
export async function checkPlanFile(file: string, replaced: boolean): Promise<boolean> {
  const kind = await kindAt(file).catch(() => undefined)
  if (kind === undefined) return false
  if (kind !== 'a regular file') {
    throw new CliError(
      'usage',
      `cannot write the plan to ${visible(file)}: it is ${kind}, not a regular file`,
      { hint: 'choose another file' },
    )
  }
  if (replaced) return true
  throw new CliError('usage', `${visible(file)} already exists`, {
    hint: 'continue with it (--review), overwrite it (--force), or choose another name',
  })
}

/**
 * The deletions of a plan. A record is kept if it has changed or spent since, or if its keeper no longer exists or is
 * itself to be deleted (docs/contract.md#plans).
 */
export function plannedRequests({ client }: Session, plan: Plan): DeletionRequest[] {
  const records = plan.groups.flatMap(({ members }) => members.map(({ record }) => record))
  const keepers = new Map(records.map((record) => [record.id, record]))
  return plannedDeletions(plan).map((planned) => ({
    id: planned.id,
    instead: keepers.get(planned.keeper),
    async reasonToKeep(customer) {
      const keeper = await lookUp(client, planned.keeper)
      if (keeper.state === 'unknown') return `its keeper could not be looked up: ${keeper.error.message}`
      return applyCheck(customer, keeper.state === 'there' ? keeper.customer : undefined, planned)
    },
  }))
}

/** The columns of a record in a plan. */
export const planColumns: readonly Column[] = [
  { key: 'id', title: 'ID', label: 'id' },
  { key: 'email', title: 'EMAIL', label: 'email', least: 20, shorten: 'middle' },
  { key: 'name', title: 'NAME', label: 'name', least: 6, drop: 4 },
  { key: 'spent', title: 'SPENT', shortTitle: '', label: 'spent', align: 'right' },
]

/** The columns before a plan is applied. */
export const planPreview: readonly Column[] = [
  { key: 'heading', title: '', line: 'above' },
  { key: 'decision', title: '', label: 'decision' },
  ...planColumns.map((column) => (column.key === 'spent' ? { ...column, wrap: 8 } : column)),
  { key: 'mode', title: 'MODE', label: 'mode', wrap: 5 },
]

/** The cells of a record in a plan. */
export function planCells({ id, email, firstname, lastname, mode, totalSpent }: Customer) {
  return {
    id,
    email: textOf(email),
    name: `${textOf(firstname)} ${textOf(lastname)}`.trim(),
    mode: modeTextOf(mode),
    spent: textOf(totalSpent),
  }
}
