import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { begin } from '../../journal/journal.ts'
import { createClock } from '../../support/clock.ts'
import { type Circumstances, orafi, testTime } from '../../support/orafi.ts'
import { newHome } from './runs.ts'

const minutes = (count: number) => createClock(testTime + count * 60_000)

/** A sandbox whose first customers were deleted, each in a run of its own, a minute apart. */
async function sandboxWith(deletions: number) {
  const { home, folder } = await newHome()
  const at = (minute: number): Circumstances => ({
    home,
    env: { ORAFI_SANDBOX: '1', NO_COLOR: '1' },
    clock: minutes(minute),
  })
  const { data } = JSON.parse((await orafi(`customers list --limit ${deletions + 1} --json`, at(0))).stdout)
  const runs: string[] = []
  const people: { id: string; email: string }[] = data
  for (const [minute, { id }] of people.slice(0, deletions).entries()) {
    const { stdout } = await orafi(`customers delete ${id} --yes --include-spenders --json`, at(minute))
    runs.push(JSON.parse(stdout).run)
  }
  return { home, folder, at, runs, people }
}

const ida = (folder: string) => join(folder, '..', '..', 'people.csv')

describe('last', () => {
  test('is the newest run that is not undone yet, and is named first', async () => {
    const { at, runs, people } = await sandboxWith(2)
    const shown = await orafi('runs show last', at(6))
    expect(shown.stderr).toContain(`last is ${runs[1]}: delete of 1 customer, 5 minutes ago (sandbox test)\n`)
    expect(shown.stdout).toContain(people[1]?.email)
    const undone = await orafi('runs undo last --yes --json', at(6))
    expect([undone.code, JSON.parse(undone.stdout).undone[0].id]).toEqual([0, people[1]?.id])
    const next = await orafi('runs undo last --json -q', { ...at(9), tty: ['stdin', 'stderr'], stdin: 'y\r' })
    expect(next.stderr).toMatch(new RegExp(`^last is ${runs[0]}: .*, 9 minutes ago`))
    expect([next.code, JSON.parse(next.stdout).undone[0].id]).toEqual([0, people[0]?.id])
    const none = await orafi('runs undo last --yes', at(12))
    expect([none.code, none.stderr]).toEqual([
      3,
      'error: no run is left to undo (SANDBOX, test)\n' + 'hint: list all runs with: orafi runs list\n',
    ])
  })

  test('with --yes is never an import, since undoing it deletes', async () => {
    const { at, folder, home } = await sandboxWith(1)
    const file = ida(folder)
    appendFileSync(file, 'firstname,lastname,email\nIda,Obi,ida@x.example\n')
    const { stdout } = await orafi(`customers import ${file} --json`, at(3))
    const { run } = JSON.parse(stdout)
    const { code, stderr } = await orafi('runs undo last --yes', at(4))
    expect(code).toBe(2)
    expect(stderr).toContain(`hint: nothing was undone; to undo it: orafi runs undo ${run} --yes --sandbox\n`)
    expect((await orafi(`runs undo ${run} --yes --sandbox`, { home })).code).toBe(0)
  })

  test('is of the account in use, and not one that still runs', async () => {
    const { at, folder, runs } = await sandboxWith(1)
    const elsewhere = await begin(folder, { identity: 'sandbox live' }, testTime + 120_000)
    await elsewhere.close()
    const running = await begin(folder, {}, testTime + 180_000)
    const { code, stderr } = await orafi('runs show last', at(5))
    expect(code).toBe(0)
    expect(stderr).toContain(
      `${running.id} is still running, so it is not the last one\nlast is ${runs[0]}: `,
    )
    expect((await orafi('runs show last --live', at(5))).stderr).toContain(`last is ${elsewhere.id}: `)
    await running.close()
    const anywhere = await orafi('runs show last', { home: at(5).home, clock: minutes(5) })
    expect([anywhere.code, anywhere.stderr]).toEqual([0, expect.stringContaining(`last is ${running.id}: `)])
  })

  test('is unknown while a newer run cannot be read', async () => {
    const { at, folder, runs } = await sandboxWith(2)
    appendFileSync(join(folder, `${runs[1]}.ndjson`), 'x\n')
    const { code, stderr } = await orafi('runs undo last --yes', at(5))
    expect([code, stderr]).toEqual([1, expect.stringContaining(`${runs[1]}.ndjson, line 5 is damaged`)])
  })

  test('does not exist in an empty journal, with and without a key', async () => {
    const { home } = await newHome()
    for (const env of [{ ORAFI_SANDBOX: '1' }, {}])
      expect((await orafi('runs show last', { home, env })).code).toBe(3)
    expect((await orafi('runs undo last', { home })).code).toBe(4)
  })
})

describe('orafi runs list on a terminal', () => {
  test('says when in local time, what, and for one customer who', async () => {
    const { at, folder, runs, people } = await sandboxWith(1)
    await orafi('runs undo last --yes', at(1))
    const many = await begin(folder, { command: 'import' }, testTime + 120_000)
    await many.intend(['r0', 'r1'].map((item) => ({ item, at: 1, hash: 'x' })))
    await many.conclude([{ item: 'r0', at: 1, outcome: 'created', id: 'c_9' }])
    await many.close()
    const line = { ...at(3), tty: true, columns: 160 }
    const lines = async (zone: string) =>
      (await orafi('runs list', { ...line, env: { NO_COLOR: '1', TZ: zone } })).stdout
        .split('\n')
        .map((row) => row.trim().split(/ {2,}/))
    const [title, newest, undo, deletion] = await lines('Africa/Lagos')
    expect(title).toEqual(['RUN', 'WHEN', 'WHAT', 'WHO'])
    expect(newest).toEqual([many.id, '2026-03-01 13:02', 'import of 1 · incomplete'])
    expect(undo?.slice(1, 3)).toEqual(['2026-03-01 13:01', 'undo of 1'])
    expect(deletion).toEqual([runs[0], '2026-03-01 13:00', 'delete of 1 · undone', people[0]?.email])
    expect((await lines('no such zone'))[0]).toEqual(title)
    await orafi(`runs forget ${runs[0]} --yes`, line)
    expect((await lines('UTC'))[3]?.slice(2, 4)).toEqual(['delete of 1 · undone · erased', 'erased'])
  })

  test('without a terminal needs --yes, and names no option that undo does not have', async () => {
    const { at } = await sandboxWith(1)
    const { code, stderr } = await orafi('runs undo last', at(5))
    expect(code).toBe(2)
    expect(stderr).toContain('error: an undo needs confirmation')
    expect(stderr).not.toContain('--dry-run')
  })
})
