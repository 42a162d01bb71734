import { join } from 'node:path'
import { type NewRun, type OpenRun, openRun } from '../../src/journal/run.ts'
import { temporaryFolder } from '../storage/folder.ts'

export const owner = { pid: process.pid, host: 'here', user: 'ada' }
export const begun = Date.UTC(2026, 10, 24, 8, 15, 35)

/** A journal's folder, not made yet. */
export function journalFolder(): string {
  return join(temporaryFolder(), 'state', 'runs')
}

/** Begins a run at a time (epoch ms); a delete unless told otherwise. */
export function begin(folder: string, header: Partial<NewRun> = {}, time = begun): Promise<OpenRun> {
  let draws = 0
  return openRun({
    folder,
    header: {
      who: 'ada@here',
      command: 'delete',
      identity: 'sandbox test',
      key: { masked: 'ora_test_…abcd', hash: '0123456789abcdef' },
      personal: true,
      ...header,
    },
    owner,
    now: () => time,
    random: () => (draws++ % 31) / 31,
  })
}

/** A customer whose name and e-mail can be looked for in files. */
export function person(id: string): { id: string; firstname: string; email: string; totalSpent: number } {
  return { id, firstname: `Name-${id}`, email: `${id}@private.example`, totalSpent: 0 }
}

/** A closed run that deleted these customers. */
export async function deleted(folder: string, ids: readonly string[], time = begun): Promise<string> {
  const run = await begin(folder, {}, time)
  await run.intend(ids.map((id) => ({ item: id, at: time, record: person(id) })))
  await run.conclude(ids.map((id) => ({ item: id, at: time, outcome: 'deleted' as const })))
  await run.close()
  return run.id
}
