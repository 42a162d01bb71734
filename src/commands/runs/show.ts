import { join } from 'node:path'
import type { Command } from '@commander-js/extra-typings'
import type { Context, Run } from '../../context.ts'
import { CliError } from '../../errors.ts'
import { shownIdentity, type Undone, undoneBy } from '../../journal/list.ts'
import { type RunItem, readRun } from '../../journal/read.ts'
import { isDone } from '../../journal/records.ts'
import { type Column, report } from '../../output/result.ts'
import type { Session } from '../../session.ts'
import { lastRun } from './last.ts'

const columns: readonly Column[] = [
  { key: 'item', title: 'ITEM' },
  { key: 'outcome', title: 'OUTCOME' },
  { key: 'newId', title: 'NEW ID', hideEmpty: true },
  { key: 'email', title: 'EMAIL', hideEmpty: true },
  { key: 'message', title: 'MESSAGE', least: 10, hideEmpty: true },
]

/** `orafi runs show RUN` */
export function define(command: Command, run: Run): void {
  command.argument('<run>', 'the id of a run, as shown by orafi runs list, or last').action(run(show))
}

async function show(context: Context, word: string): Promise<void> {
  const folder = join((await context.folders()).state, 'runs')
  const id = word === 'last' ? (await lastRun(context, await sessionIfAny(context))).run : word
  context.status({ what: 'reading the journal' })
  const { header, forgotten, items } = await readRun(folder, id)
  const damaged: CliError[] = []
  const undone = await undoneBy(folder, id, context.world.owner, (error) => damaged.push(error))
  const undoneOf = ({ item, outcome }: RunItem): Undone | undefined => undone.get(outcome?.id ?? item)
  const { v: _, type: __, ...about } = header
  const all = [...items.values()]
  const done = all.filter(({ outcome }) => outcome !== undefined && isDone(outcome)).length
  await context.print(
    report(
      {
        ...about,
        forgotten,
        items: all.length,
        done,
        data: all.map((item) => documentOf(item, undoneOf(item))),
      },
      all.map((item) => rowOf(item, undoneOf(item))),
      columns,
    ),
  )
  const { when, who, command, identity, undoes } = about
  const what = undoes === undefined ? command : `${command} of ${undoes}`
  await context.note(`${what} · ${when} · ${who} · ${shownIdentity(identity)}`)
  for (const error of damaged)
    await context.warn(`warning: ${error.message}: it is unknown whether it undid anything of this run`)
  if (forgotten) await context.note('its personal data was erased; it cannot be undone')
}

/** The account in use; undefined without a key, so that the last run of any account is shown. */
async function sessionIfAny(context: Context): Promise<Session | undefined> {
  try {
    return await context.session()
  } catch (error) {
    if (error instanceof CliError && error.code === 'auth') return undefined
    throw error
  }
}

function documentOf({ item, intent, outcome }: RunItem, undone: Undone | undefined): object {
  const { item: _, at: intended, ...before } = intent ?? { item, at: undefined }
  const { item: __, at: ended, outcome: name = null, ...after } = outcome ?? { item, at: undefined }
  const times = { intendedAt: timeOf(intended), endedAt: timeOf(ended) }
  // JSON omits `undone` if it is undefined.
  return { item, outcome: name, ...after, ...times, ...before, undone }
}

const words = { undone: 'undone', unknown: 'undo unknown' } as const

function newIdOf(undone: Undone | undefined): string | undefined {
  return undone?.state === 'undone' ? undone.newId : undefined
}

function timeOf(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString()
}

function rowOf({ item, intent, outcome }: RunItem, undone: Undone | undefined): Record<string, string> {
  const email = intent?.record?.email
  return {
    item,
    outcome: undone === undefined ? (outcome?.outcome ?? 'unknown') : words[undone.state],
    newId: newIdOf(undone) ?? outcome?.newId ?? outcome?.id ?? '',
    email: typeof email === 'string' ? email : '',
    message: outcome?.message ?? '',
  }
}
