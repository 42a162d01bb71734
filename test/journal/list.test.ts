import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CliError } from '../../src/errors.ts'
import { listRuns } from '../../src/journal/list.ts'
import { begin, begun, deleted, journalFolder, owner } from './journal.ts'

describe('the list of runs', () => {
  test('is empty where nothing was ever changed, and no folder is made', async () => {
    const folder = journalFolder()
    expect(await listRuns(folder, owner)).toEqual([])
    expect(existsSync(folder)).toBe(false)
  })

  test('has the newest first, with counts of items and of those that are done', async () => {
    const folder = journalFolder()
    const older = await deleted(folder, ['c_1', 'c_2'])
    const newer = await begin(folder, { command: 'undo', undoes: older }, begun + 60_000)
    await newer.intend([{ item: 'c_1', at: 1 }])
    await newer.conclude([
      { item: 'c_1', at: 1, outcome: 'failed' },
      { item: 'c_2', at: 1, outcome: 'notSent' },
    ])
    await newer.conclude([{ item: 'c_1', at: 2, outcome: 'created' }])
    await newer.close()
    expect(await listRuns(folder, owner)).toEqual([
      {
        run: newer.id,
        when: '2026-11-24T08:16:35.000Z',
        who: 'ada@here',
        command: 'undo',
        identity: 'sandbox test',
        key: { masked: 'ora_test_…abcd', hash: '0123456789abcdef' },
        undoes: older,
        items: 2,
        done: 1,
        running: false,
        forgotten: false,
      },
      expect.objectContaining({ run: older, items: 2, done: 2 }),
    ])
  })

  test('has the newer first of two that began in one second', async () => {
    const folder = journalFolder()
    const ids: string[] = []
    for (const ms of [10, 30, 20]) ids.push(await deleted(folder, [], begun + ms))
    expect((await listRuns(folder, owner)).map(({ run }) => run)).toEqual([ids[1], ids[2], ids[0]])
  })

  test('shows a run that is going on, counted as far as it is', async () => {
    const folder = journalFolder()
    const run = await begin(folder)
    await run.intend([
      { item: 'c_1', at: 1 },
      { item: 'c_2', at: 1 },
    ])
    await run.conclude([{ item: 'c_1', at: 1, outcome: 'deleted' }])
    expect(await listRuns(folder, owner)).toMatchObject([{ run: run.id, items: 2, done: 1, running: true }])
    await run.close()
    expect(await listRuns(folder, owner)).toMatchObject([{ run: run.id, items: 2, done: 1, running: false }])
  })

  test('takes the counts of a closed run from its end', async () => {
    const folder = journalFolder()
    const id = await deleted(folder, ['c_1'])
    const path = join(folder, `${id}.ndjson`)
    // Were the lines between read, they would be found damaged.
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace('{"type":"outcome"', 'x\n{"type":"outcome"'.padEnd(9000)),
    )
    const lines = readFileSync(path, 'utf8').split('\n')
    const long = `{"type":"intent","item":"${'c'.repeat(9000)}","at":1}`
    writeFileSync(path, [lines[0], long, long, ...lines.slice(1)].join('\n'))
    expect(await listRuns(folder, owner)).toMatchObject([{ run: id, items: 1, done: 1 }])
  })

  test('shows the others when one is damaged, and tells of that one', async () => {
    const folder = journalFolder()
    const good = await deleted(folder, ['c_1'])
    const bad = await deleted(folder, ['c_2'], begun + 1000)
    appendFileSync(join(folder, `${bad}.ndjson`), 'damage\n')
    await expect(listRuns(folder, owner)).rejects.toMatchObject({
      code: 'local_error',
      message: expect.stringContaining(bad),
    })
    const errors: CliError[] = []
    expect(await listRuns(folder, owner, (error) => errors.push(error))).toMatchObject([{ run: good }])
    expect(errors.map(({ message }) => message)).toEqual([
      `${join(folder, `${bad}.ndjson`)}, line 5 is damaged`,
    ])
  })

  test('passes over a run that is removed while it is read', async () => {
    const folder = journalFolder()
    const removed = await deleted(folder, ['c_1'])
    const bad = await deleted(folder, ['c_2'], begun + 60_000)
    appendFileSync(join(folder, `${bad}.ndjson`), 'damage\n')
    // More than are read at once, so that the one that is removed has not been read yet.
    for (let more = 2; more <= 33; more++) await deleted(folder, ['c_3'], begun + more * 1000)
    const errors: CliError[] = []
    const runs = await listRuns(folder, owner, (error) => {
      errors.push(error)
      rmSync(join(folder, `${removed}.ndjson`))
    })
    expect(runs).toHaveLength(32)
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining(bad)])
  })

  test('passes over files that are no runs', async () => {
    const folder = journalFolder()
    const id = await deleted(folder, ['c_1'])
    for (const name of ['notes.txt', 'notes.ndjson', `.${id}.ndjson.12.tmp`])
      writeFileSync(join(folder, name), '')
    expect(await listRuns(folder, owner)).toMatchObject([{ run: id }])
  })
})
