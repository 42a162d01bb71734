import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findForgettable, findPersonal, forgetRun, removeLeftCopies } from '../../src/journal/forget.ts'
import { listRuns } from '../../src/journal/list.ts'
import { readRun } from '../../src/journal/read.ts'
import { reopenRun } from '../../src/journal/run.ts'
import { LockHeld } from '../../src/storage/lock.ts'
import { begin, begun, deleted, journalFolder, owner, person } from './journal.ts'

const now = (): number => begun + 1_000_000
const textOf = (folder: string, id: string): string => readFileSync(join(folder, `${id}.ndjson`), 'utf8')

describe('forgetting a run', () => {
  test('erases every record; ids and outcomes stay, and it says that it was forgotten', async () => {
    const folder = journalFolder()
    const id = await deleted(folder, ['c_1', 'c_2'])
    expect((await findPersonal(folder, id, 'all')).records).toBe(2)
    expect(await forgetRun({ folder, run: id, whose: 'all', owner, now })).toBe(2)
    expect(textOf(folder, id)).not.toMatch(/private|Name-/)
    const { forgotten, items, header } = await readRun(folder, id)
    expect(forgotten).toBe(true)
    expect(header.run).toBe(id)
    expect(items.get('c_1')).toEqual({
      item: 'c_1',
      intent: { item: 'c_1', at: begun, forgotten: true },
      outcome: { item: 'c_1', at: begun, outcome: 'deleted' },
    })
    expect(await listRuns(folder, owner)).toMatchObject([{ run: id, items: 2, done: 2, forgotten: true }])
    expect(statSync(join(folder, `${id}.ndjson`)).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual([`${id}.ndjson`])
  })

  test('erases what could be guessed from as well: hashes of rows, fingerprints, messages', async () => {
    const folder = journalFolder()
    const run = await begin(folder, { command: 'import' })
    await run.intend([
      { item: 'r1', at: 1, hash: 'guessable' },
      { item: 'r2', at: 1 },
    ])
    await run.conclude([
      { item: 'r1', at: 2, outcome: 'created', id: 'c_1', fingerprint: 'guessable' },
      { item: 'r2', at: 2, outcome: 'rejected', code: 'api_error', message: 'guessable' },
    ])
    await run.close()
    expect(await forgetRun({ folder, run: run.id, whose: 'all', owner, now })).toBe(2)
    expect(textOf(folder, run.id)).not.toContain('guessable')
    expect((await readRun(folder, run.id)).items.get('r1')?.outcome).toMatchObject({
      outcome: 'created',
      id: 'c_1',
    })
  })

  test('twice erases nothing the second time, and leaves one mark', async () => {
    const folder = journalFolder()
    const id = await deleted(folder, ['c_1'])
    await forgetRun({ folder, run: id, whose: 'all', owner, now })
    expect((await findPersonal(folder, id, 'all')).records).toBe(0)
    expect(await forgetRun({ folder, run: id, whose: 'all', owner, now })).toBe(0)
    expect(textOf(folder, id).match(/"type":"forgotten"/g)).toHaveLength(1)
    expect(textOf(folder, id).match(/"type":"end"/g)).toHaveLength(1)
  })

  test('is refused while the run is going on', async () => {
    const folder = journalFolder()
    const run = await begin(folder)
    await run.intend([{ item: 'c_1', at: 1, record: person('c_1') }])
    await expect(forgetRun({ folder, run: run.id, whose: 'all', owner, now })).rejects.toBeInstanceOf(
      LockHeld,
    )
    expect(textOf(folder, run.id)).toContain('private')
    await run.close()
  })

  test('holds the lock until it is done, and reads the whole run before rewriting it', async () => {
    const folder = journalFolder()
    const imported = await begin(folder, { command: 'import' })
    const rows = Array.from({ length: 600 }, (_, index) => `r${index}`)
    await imported.intend(rows.map((item) => ({ item, at: 1, hash: `${item}-`.repeat(2000) })))
    // Whom the first row created stands on the last line.
    const created = rows.map((item) => ({ item, at: 1, outcome: 'created' as const, id: `c_${item}` }))
    await imported.conclude(created.reverse())
    await imported.close()
    const { id: run } = imported
    const held: boolean[] = []
    const whose = { ids: new Set(['c_r0']), emails: [] }
    const asked = {
      // Asked before the lock is taken, and before the file is written anew.
      now: () => {
        held.push(existsSync(join(folder, `${run}.lock`)))
        return begun
      },
    }
    expect(await forgetRun({ folder, run, whose, owner, ...asked })).toBe(1)
    expect(held).toEqual([false, true])
    expect(readdirSync(folder)).toEqual([`${run}.ndjson`])
    expect(textOf(folder, run)).not.toContain('r0-r0')
  })

  test('that is not there says so, and makes no folder', async () => {
    const folder = journalFolder()
    const run = '20261124-081535-none'
    await expect(forgetRun({ folder, run, whose: 'all', owner, now })).rejects.toMatchObject({
      code: 'not_found',
    })
    expect(existsSync(folder)).toBe(false)
  })

  test('finds it going on, whether or not it holds anything yet; of a customer only where it holds some', async () => {
    const folder = journalFolder()
    const run = await begin(folder)
    await run.intend([{ item: 'c_1', at: 1 }])
    for (const wanted of [{}, { run: run.id }]) {
      const found = await findForgettable(folder, wanted, owner)
      expect([found.runs, found.running]).toEqual([[], [expect.objectContaining({ run: run.id })]])
    }
    expect((await findForgettable(folder, { customers: ['c_1'] }, owner)).running).toEqual([])
    await run.close()
  })

  test('of a crashed process works, and takes along what a killed forget left', async () => {
    const folder = journalFolder()
    const id = await deleted(folder, ['c_1'])
    appendFileSync(
      join(folder, `${id}.ndjson`),
      '{"type":"intent","item":"c_2","record":{"email":"torn@private.example"',
    )
    writeFileSync(join(folder, `.${id}.ndjson.abcd.tmp`), 'left@private.example')
    await forgetRun({ folder, run: id, whose: 'all', owner, now })
    expect(readdirSync(folder)).toEqual([`${id}.ndjson`])
    expect(textOf(folder, id)).not.toContain('private')
  })

  test('stays so when outcomes are added later', async () => {
    const folder = journalFolder()
    const id = await deleted(folder, ['c_1'])
    await forgetRun({ folder, run: id, whose: 'all', owner, now })
    const run = await reopenRun({ folder, run: id, owner, now })
    await run.conclude([{ item: 'c_1', at: 3, outcome: 'notFound', message: 'c_1@private.example' }])
    await run.close()
    expect(textOf(folder, id)).not.toContain('private')
    expect(await listRuns(folder, owner)).toMatchObject([{ forgotten: true, done: 1 }])
  })

  test('changes nothing where the file is damaged', async () => {
    const folder = journalFolder()
    const id = await deleted(folder, ['c_1'])
    appendFileSync(join(folder, `${id}.ndjson`), 'damage\n')
    const before = textOf(folder, id)
    await expect(forgetRun({ folder, run: id, whose: 'all', owner, now })).rejects.toMatchObject({
      hint: expect.stringContaining('move it to another folder'),
    })
    expect(textOf(folder, id)).toBe(before)
    expect(readdirSync(folder)).toEqual([`${id}.ndjson`])
  })
})

describe('forgetting a customer', () => {
  test('erases that one alone, the others to the byte as they were', async () => {
    const folder = journalFolder()
    const id = await deleted(folder, ['c_1', 'c_2', 'c_10'])
    const before = textOf(folder, id).split('\n')
    expect(
      await forgetRun({ folder, run: id, whose: { ids: new Set(['c_1']), emails: [] }, owner, now }),
    ).toBe(1)
    const after = textOf(folder, id).split('\n')
    expect(after[1]).toBe(`{"type":"intent","item":"c_1","at":${begun},"forgotten":true}`)
    expect(after.slice(2, 7)).toEqual(before.slice(2, 7))
    expect((await readRun(folder, id)).forgotten).toBe(false)
  })

  test('finds it in every run: deleted, created by an undo under a new id, imported', async () => {
    const folder = journalFolder()
    const first = await deleted(folder, ['c_1', 'c_2'])
    const undo = await begin(folder, { command: 'undo', undoes: first }, begun + 1000)
    await undo.intend([{ item: 'c_1', at: 1, record: person('c_1') }])
    await undo.conclude([{ item: 'c_1', at: 1, outcome: 'created', newId: 'c_7' }])
    await undo.close()
    const again = await deleted(folder, ['c_7'], begun + 2000)
    const imported = await begin(folder, { command: 'import' }, begun + 3000)
    await imported.intend([
      { item: 'r1', at: 1, hash: 'of-seven' },
      { item: 'r2', at: 1, hash: 'of-two' },
    ])
    await imported.conclude([{ item: 'r1', at: 1, outcome: 'created', id: 'c_7' }])
    await imported.close()
    const other = await deleted(folder, ['c_8'], begun + 4000)
    for (const id of ['c_1', 'c_7']) {
      const found = await findForgettable(folder, { customers: [id] }, owner)
      expect(found.runs.map(({ run, records }) => [run, records])).toEqual([
        [imported.id, 1],
        [again, 1],
        [undo.id, 1],
        [first, 1],
      ])
      expect(found.whose).toEqual({ ids: new Set(['c_1', 'c_7']), emails: [] })
    }
    const { runs, whose } = await findForgettable(folder, { customers: ['c_7'] }, owner)
    for (const { run } of runs) await forgetRun({ folder, run, whose, owner, now })
    const all = [first, undo.id, again, imported.id].map((id) => textOf(folder, id)).join('')
    expect(all).not.toMatch(/c_1@|c_7@|of-seven/)
    expect(all).toMatch(/c_2@[\s\S]*of-two/)
    expect(textOf(folder, other)).toContain('c_8@')
    expect((await findForgettable(folder, { customers: ['c_1'] }, owner)).runs).toEqual([])
  })

  test('names a run that is damaged far behind its beginning, and does not take it for one that holds some', async () => {
    const folder = journalFolder()
    const good = await deleted(folder, ['c_1'])
    const damaged = await deleted(
      folder,
      Array.from({ length: 100 }, (_, index) => `c_${index}`),
      begun + 1000,
    )
    const path = join(folder, `${damaged}.ndjson`)
    writeFileSync(path, textOf(folder, damaged).replace('{"type":"outcome"', 'x'))
    for (const wanted of [{}, { customers: ['c_1'] }, { customers: ['c_1', 'c_1@private.example'] }]) {
      const found = await findForgettable(folder, wanted, owner)
      expect(found.runs.map(({ run }) => run)).toEqual([good])
      expect(found.running).toEqual([])
      expect(found.damaged.map(({ message }) => message)).toEqual([`${path}, line 102 is damaged`])
    }
  })

  test.each([
    ['c_9', 'list the runs with: orafi runs list'],
    ['c_9@x.example', 'imports store no e-mails, only hashes: give the id too'],
  ])('that no run knows says how to find it: %s', async (stranger, hint) => {
    const folder = journalFolder()
    await deleted(folder, ['c_1'])
    await expect(findForgettable(folder, { customers: [stranger] }, owner)).rejects.toMatchObject({
      code: 'not_found',
      hint: expect.stringContaining(hint),
    })
  })

  test('names the runs that are going on or damaged, where some may be left', async () => {
    const folder = journalFolder()
    const good = await deleted(folder, ['c_1'])
    const damaged = await deleted(folder, ['c_1'], begun + 1000)
    const path = join(folder, `${damaged}.ndjson`)
    writeFileSync(path, textOf(folder, damaged).replace('{"type":"outcome"', 'x'))
    const busy = await begin(folder, {}, begun + 2000)
    await busy.intend([{ item: 'c_1', at: 1, record: person('c_1') }])
    const unconcerned = await begin(folder, {}, begun + 3000)
    await unconcerned.intend([{ item: 'c_2', at: 1, record: person('c_2') }])
    const found = await findForgettable(folder, { customers: ['c_1'] }, owner)
    expect(found.runs.map(({ run }) => run)).toEqual([good])
    expect(found.running.map(({ run }) => run)).toEqual([busy.id])
    expect(found.damaged.map(({ message }) => message)).toEqual([`${path}, line 3 is damaged`])
    await Promise.all([busy.close(), unconcerned.close()])
  })
})

test('forgetting by age takes the runs that began before that time', async () => {
  const folder = journalFolder()
  const older = await deleted(folder, ['c_1'])
  await deleted(folder, ['c_2'], begun + 10_000)
  const { runs, whose } = await findForgettable(folder, { before: begun + 10_000 }, owner)
  expect(runs.map(({ run }) => run)).toEqual([older])
  expect(whose).toBe('all')
})

describe('copies that a killed forget left', () => {
  const copyOf = (folder: string, run: string): void =>
    writeFileSync(join(folder, `.${run}.ndjson.ab12.tmp`), 'c_1@private.example')

  test('go, whatever run they are of; what is no copy of a run stays', async () => {
    const folder = journalFolder()
    const run = await deleted(folder, ['c_1'])
    copyOf(folder, run)
    copyOf(folder, 'notes')
    await removeLeftCopies(folder, { owner, now })
    expect(readdirSync(folder).sort()).toEqual(['.notes.ndjson.ab12.tmp', `${run}.ndjson`])
  })

  test('of a run that is going on stay, and hold up no other', async () => {
    const folder = journalFolder()
    const busy = await begin(folder)
    const runs = [busy.id, ...(await Promise.all([1000, 2000].map((ms) => deleted(folder, [], begun + ms))))]
    for (const run of runs) copyOf(folder, run)
    await removeLeftCopies(folder, { owner, now })
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([
      `.${busy.id}.ndjson.ab12.tmp`,
    ])
    await busy.close()
  })

  test('that cannot be removed are an error: nobody must be told that nothing is left', async () => {
    const folder = journalFolder()
    const run = await deleted(folder, ['c_1'])
    copyOf(folder, run)
    mkdirSync(join(folder, `${run}.lock`))
    await expect(removeLeftCopies(folder, { owner, now })).rejects.toThrow('it is a folder')
  })
})
