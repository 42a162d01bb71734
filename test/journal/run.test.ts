import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ExactNumber, parseExact } from '../../src/exact.ts'
import { forgetRun } from '../../src/journal/forget.ts'
import { createTally, readRun, readRunHeader, runItems } from '../../src/journal/read.ts'
import { type Intent, lineOf, type Outcome, outcomeNames } from '../../src/journal/records.ts'
import { openRun, removeRun, reopenRun, writeRun } from '../../src/journal/run.ts'
import type { Holder } from '../../src/storage/lock.ts'
import { LockHeld } from '../../src/storage/lock.ts'
import { temporaryFolder } from '../storage/folder.ts'
import { begin, begun, deleted, journalFolder, owner, person } from './journal.ts'

const now = (): number => begun

async function itemsOf(folder: string, id: string): Promise<unknown[]> {
  const items: unknown[] = []
  for await (const { item, intent, outcome } of runItems(folder, id)) {
    items.push([item, intent?.record?.id, outcome?.outcome])
  }
  return items
}

describe('a run', () => {
  test('is one private file with who did what, where and when, and the outcomes', async () => {
    const folder = journalFolder()
    const run = await begin(folder)
    await run.intend([{ item: 'c_1', at: 1, record: person('c_1') }])
    await run.conclude([{ item: 'c_1', at: 2, outcome: 'failed', code: 'unavailable', message: 'no answer' }])
    await run.close()
    expect(run.id).toMatch(/^20261124-081535-[a-z0-9]{4}$/)
    const path = join(folder, `${run.id}.ndjson`)
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        v: 3,
        type: 'run',
        run: run.id,
        when: '2026-11-24T08:15:35.000Z',
        who: 'ada@here',
        command: 'delete',
        identity: 'sandbox test',
        key: { masked: 'ora_test_…abcd', hash: '0123456789abcdef' },
        personal: true,
      },
      { type: 'intent', item: 'c_1', at: 1, record: person('c_1') },
      { type: 'outcome', item: 'c_1', at: 2, outcome: 'failed', code: 'unavailable', message: 'no answer' },
      { type: 'end', at: begun, items: 1, done: 0 },
    ])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(readdirSync(folder)).toEqual([`${run.id}.ndjson`])
  })

  test('waits until intents are on the disk, with the outcomes before them, and not for outcomes', async () => {
    const appended: [string[], boolean][] = []
    let onDisk: () => void = () => undefined
    const run = writeRun({
      id: 'run',
      lock: { holder: {} as Holder, release: async () => undefined },
      log: {
        append(lines, durable) {
          const written = lines.trimEnd().split('\n')
          appended.push([written.map((line) => JSON.parse(line).type), durable])
          return durable ? new Promise((resolve) => (onDisk = resolve)) : Promise.resolve()
        },
        size: () => 0,
        close: async () => undefined,
      },
      tally: createTally(),
      personal: true,
      now,
    })
    let left = false
    const intended = run.intend([{ item: 'c_1', at: 1 }]).then(() => {
      left = true
    })
    await run.conclude([{ item: 'c_0', at: 1, outcome: 'deleted' }])
    await new Promise((resolve) => setImmediate(resolve))
    expect(left).toBe(false)
    onDisk()
    await intended
    await run.conclude([{ item: 'c_1', at: 2, outcome: 'deleted' }])
    void run.intend([{ item: 'c_2', at: 3 }])
    await run.close()
    expect(appended).toEqual([
      [['intent'], true],
      [['outcome'], false],
      [['outcome'], false],
      [['intent'], true],
      // Closing the file waits for the disk.
      [['end'], false],
    ])
  })

  test('ends when its file is closed and its lock is released; failures to write are reported then', async () => {
    const deeds: string[] = []
    const slowly = async (deed: string): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve))
      deeds.push(deed)
    }
    const run = writeRun({
      id: 'run',
      lock: { holder: {} as Holder, release: () => slowly('the lock is free') },
      log: {
        async append() {
          await slowly('the end is not written')
          throw new Error('the disk is full')
        },
        size: () => 0,
        async close() {
          await slowly('the file is closed')
          throw new Error('the disk is full')
        },
      },
      tally: createTally(),
      personal: true,
      now,
    })
    await expect(run.close()).rejects.toThrow('the disk is full')
    await expect(run.close()).rejects.toThrow('the disk is full')
    expect(deeds).toEqual(['the end is not written', 'the file is closed', 'the lock is free'])
  })

  test('reads back as it was written, with the last outcome of each item', async () => {
    const folder = journalFolder()
    const run = await begin(folder)
    await run.intend(['c_1', 'c_2', 'c_3'].map((id) => ({ item: id, at: 1, record: person(id) })))
    await run.conclude([{ item: 'c_2', at: 2, outcome: 'failed', code: 'ambiguous' }])
    await run.conclude([{ item: 'c_1', at: 3, outcome: 'deleted' }])
    await run.conclude([{ item: 'c_2', at: 4, outcome: 'notFound' }])
    await run.conclude([{ item: 'c_4', at: 5, outcome: 'notSent' }])
    await run.close()
    expect(await itemsOf(folder, run.id)).toEqual([
      ['c_1', 'c_1', 'deleted'],
      ['c_2', 'c_2', 'notFound'],
      ['c_3', 'c_3', undefined],
      ['c_4', undefined, 'notSent'],
    ])
    const { header, forgotten, items } = await readRun(folder, run.id)
    expect(header).toMatchObject({ run: run.id, command: 'delete' })
    expect(forgotten).toBe(false)
    expect(items.get('c_2')).toEqual({
      item: 'c_2',
      intent: { item: 'c_2', at: 1, record: person('c_2') },
      outcome: { item: 'c_2', at: 4, outcome: 'notFound' },
    })
  })

  test('has no outcome for an item with a newer intent', async () => {
    const folder = journalFolder()
    const run = await begin(folder)
    await run.intend(['c_1', 'c_2'].map((id) => ({ item: id, at: 1 })))
    await run.conclude(['c_1', 'c_2'].map((id) => ({ item: id, at: 2, outcome: 'notSent' as const })))
    await run.intend([{ item: 'c_1', at: 3 }])
    await run.close()
    expect(await itemsOf(folder, run.id)).toEqual([
      ['c_1', undefined, undefined],
      ['c_2', undefined, 'notSent'],
    ])
  })

  test('keeps numbers that a double cannot hold, and odd keys, by value', async () => {
    const folder = journalFolder()
    const text =
      '{"id":"c_1","totalSpent":12345678901234567890.5,"__proto__":{"a":1},"note":"\\u0000\\ud800\u2028"}'
    const record = parseExact(text) as Record<string, unknown>
    const run = await begin(folder)
    await run.intend([{ item: 'c_1', at: 1, record }])
    await run.close()
    const back = (await readRun(folder, run.id)).items.get('c_1')?.intent?.record
    expect(back?.totalSpent).toEqual(new ExactNumber('12345678901234567890.5'))
    expect(Object.keys(back ?? {})).toEqual(['id', 'totalSpent', '__proto__', 'note'])
    expect(back?.note).toBe('\0\ud800\u2028')
  })

  test('keeps a customer of a megabyte and a name of any script on one line', async () => {
    const folder = journalFolder()
    const run = await begin(folder)
    const record = { ...person('c_1'), firstname: 'Ọláwálé 😀\n'.repeat(100_000) }
    await run.intend([
      { item: 'c_1', at: 1, record },
      { item: 'c_2', at: 1 },
    ])
    await run.conclude([{ item: 'c_1', at: 2, outcome: 'deleted' }])
    await run.close()
    const { items } = await readRun(folder, run.id)
    expect(items.get('c_1')?.intent?.record).toEqual(record)
    expect([...items.keys()]).toEqual(['c_1', 'c_2'])
  })

  test('without personal data keeps ids and outcomes alone', async () => {
    const folder = journalFolder()
    const run = await begin(folder, { personal: false })
    await run.intend([{ item: 'c_1', at: 1, record: person('c_1') }])
    await run.conclude([
      {
        item: 'c_1',
        at: 2,
        outcome: 'failed',
        code: 'local_error',
        message: 'c_1@private.example?',
        newId: 'c_9',
        fingerprint: 'f',
      },
    ])
    await run.close()
    expect(readFileSync(join(folder, `${run.id}.ndjson`), 'utf8')).not.toMatch(/private|Name-|"f"/)
    expect((await readRun(folder, run.id)).items.get('c_1')).toEqual({
      item: 'c_1',
      intent: { item: 'c_1', at: 1 },
      outcome: { item: 'c_1', at: 2, outcome: 'failed', code: 'local_error', newId: 'c_9' },
    })
  })

  test('writes its intents to the file before the caller continues', async () => {
    const folder = journalFolder()
    const run = await begin(folder)
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        await run.intend([{ item: `c_${index}`, at: 1 }])
        expect(readFileSync(join(folder, `${run.id}.ndjson`), 'utf8')).toContain(`"c_${index}"`)
      }),
    )
    await run.close()
  })

  test('of the same second as another one gets an id of its own', async () => {
    const folder = journalFolder()
    const first = await begin(folder)
    const second = await begin(folder)
    await Promise.all([first.close(), second.close()])
    const third = await begin(folder)
    await third.close()
    expect(new Set([first.id, second.id, third.id]).size).toBe(3)
  })

  test.each([
    ['going on', false],
    ['over', true],
  ])('looks a hundred times for an id that is free, and not for ever: all are %s', async (_, isOver) => {
    const folder = journalFolder()
    let draws = 0
    const random = (): number => {
      draws++
      return 0
    }
    const header = { who: 'a', identity: 'x', key: { masked: '', hash: '' }, personal: true }
    const options = { folder, header: { ...header, command: 'delete' as const }, owner, now, random }
    const first = await openRun(options)
    expect(first.id).toBe('20261124-081535-aaaa')
    if (isOver) await first.close()
    await expect(openRun(options)).rejects.toThrow(isOver ? 'no free run id' : 'is running')
    expect(draws).toBe(4 + 100 * 4)
    await first.close()
    expect(readdirSync(folder)).toEqual([`${first.id}.ndjson`])
  })

  test('that cannot be written is refused before anything else happens', async () => {
    const blocked = join(temporaryFolder(), 'file')
    writeFileSync(blocked, '')
    await expect(begin(join(blocked, 'runs'))).rejects.toMatchObject({
      code: 'local_error',
      message: expect.stringContaining(blocked),
      hint: expect.stringContaining('ORAFI_STATE_DIR'),
    })
  })
})

describe('reading a run', () => {
  test.each(['20261124-081535-none', '../../etc/passwd', '', 'nope'])(
    'that is not there says so (%s)',
    async (id) => {
      const folder = journalFolder()
      await expect(readRun(folder, id)).rejects.toMatchObject({
        code: 'not_found',
        hint: expect.stringContaining('runs list'),
      })
      expect(existsSync(folder)).toBe(false)
    },
  )

  test('takes no path to another file for the id of a run', async () => {
    const folder = journalFolder()
    const id = await deleted(folder, ['c_1'])
    copyFileSync(join(folder, `${id}.ndjson`), join(folder, '..', 'elsewhere.ndjson'))
    await expect(readRun(folder, '../elsewhere')).rejects.toMatchObject({ code: 'not_found' })
  })

  test('that did nothing yet finds no items, and one without a header is damaged', async () => {
    const folder = journalFolder()
    const run = await begin(folder)
    expect((await readRun(folder, run.id)).items.size).toBe(0)
    await run.close()
    const path = join(folder, `${run.id}.ndjson`)
    for (const nothing of ['', '{"v":3,"type":"run"']) {
      writeFileSync(path, nothing)
      for (const read of [readRun, readRunHeader, itemsOf]) {
        await expect(read(folder, run.id)).rejects.toThrow(`${path}, line 1 is damaged`)
      }
    }
  })

  test('knows whether it was forgotten, however long its header is', async () => {
    const folder = journalFolder()
    const other = await begin(folder, { identity: '' })
    await other.close()
    const least = readFileSync(join(folder, `${other.id}.ndjson`), 'utf8').indexOf('\n')
    // What is read at a time may end within the header, behind it, or within the mark.
    for (const size of [500, 4080, 4095, 4096, 4097, 5000, 10_000]) {
      const length = size - least
      const run = await begin(folder, { identity: 'x'.repeat(length) }, begun + length)
      await run.intend([{ item: 'c_1', at: 1, record: person('c_1') }])
      await run.close()
      expect((await readRunHeader(folder, run.id)).forgotten).toBe(false)
      await forgetRun({ folder, run: run.id, whose: 'all', owner, now })
      expect(await readRunHeader(folder, run.id)).toMatchObject({ header: { run: run.id }, forgotten: true })
    }
  })

  test.runIf(existsSync('/proc/self/fd'))('leaves no file open, whether it is whole or damaged', async () => {
    const folder = journalFolder()
    const id = await deleted(folder, ['c_1', 'c_2'])
    const open = (): string[] =>
      readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder)
        } catch {
          return false
        }
      })
    await readRun(folder, id)
    expect(open()).toEqual([])
    for await (const _ of runItems(folder, id)) break
    expect(open()).toEqual([])
    appendFileSync(join(folder, `${id}.ndjson`), 'damage\n')
    await expect(itemsOf(folder, id)).rejects.toThrow('line 7 is damaged')
    expect(open()).toEqual([])
  })

  test('forgives a torn last line, and does not touch it', async () => {
    const folder = journalFolder()
    const id = await deleted(folder, ['c_1', 'c_2'])
    const path = join(folder, `${id}.ndjson`)
    appendFileSync(path, '{"type":"intent","item":"c_3","at":1')
    const before = readFileSync(path, 'utf8')
    expect((await itemsOf(folder, id)).length).toBe(2)
    expect(readFileSync(path, 'utf8')).toBe(before)
  })

  test.each([
    ['no JSON', '{"type":"intent",'],
    ['an empty line', ''],
    ['zeros', '\0\0\0'],
    ['no line of a run', '{"type":"constructor"}'],
    ['an outcome nobody knows', '{"type":"outcome","item":"c_1","at":1,"outcome":"eaten"}'],
    ['an item that is none', '{"type":"intent","item":7,"at":1}'],
    [
      'a header in the middle',
      lineOf({
        v: 3,
        type: 'run',
        run: 'x',
        when: '',
        who: '',
        command: 'undo',
        identity: '',
        key: { masked: '', hash: '' },
        personal: true,
      }).trimEnd(),
    ],
    ['bytes that are no text', Buffer.from([0x22, 0xff, 0x22])],
  ])('names the file and the line of any other damage: %s', async (_, damage) => {
    const folder = journalFolder()
    const id = await deleted(folder, ['c_1'])
    const path = join(folder, `${id}.ndjson`)
    const lines = readFileSync(path, 'utf8').split('\n')
    writeFileSync(
      path,
      Buffer.concat([
        Buffer.from(`${lines.slice(0, 2).join('\n')}\n`),
        Buffer.from(damage),
        Buffer.from(`\n${lines[2]}\n`),
      ]),
    )
    await expect(readRun(folder, id)).rejects.toMatchObject({
      code: 'local_error',
      message: `${path}, line 3 is damaged`,
      hint: expect.stringContaining('move it to another folder'),
    })
  })

  test.each([
    [4, 'a newer orafi (journal version 4; this one reads 3)', 'update orafi'],
    [2, 'an earlier orafi (journal version 2; this one reads 3)', 'move the file to another folder'],
  ])('names the version of a run that another orafi wrote: %d', async (version, message, hint) => {
    const folder = journalFolder()
    const id = await deleted(folder, ['c_1'])
    const path = join(folder, `${id}.ndjson`)
    writeFileSync(path, readFileSync(path, 'utf8').replace('{"v":3', `{"v":${version}`))
    await expect(readRunHeader(folder, id)).rejects.toMatchObject({
      code: 'local_error',
      message: `${path} was written by ${message}`,
      hint: expect.stringContaining(hint),
    })
  })

  test('any interleaving of records, cut off anywhere, is the state of its whole lines', async () => {
    const folder = journalFolder()
    const item = fc.constantFrom('c_1', 'c_2', 'r3', 'é😀')
    const intent = fc.record({
      type: fc.constant('intent' as const),
      item,
      at: fc.nat(),
      record: fc.option(fc.constant({ id: 'x', n: 'ü' }), { nil: undefined }),
    })
    const outcome = fc.record({
      type: fc.constant('outcome' as const),
      item,
      at: fc.nat(),
      outcome: fc.constantFrom(...outcomeNames),
    })
    const id = await deleted(folder, [])
    const path = join(folder, `${id}.ndjson`)
    const header = `${readFileSync(path, 'utf8').split('\n')[0]}\n`
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(intent, outcome), { maxLength: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (entries, share) => {
          const lines = entries.map((entry) => Buffer.from(lineOf(entry)))
          const body = Buffer.concat(lines)
          const cut = Math.round(body.length * share)
          writeFileSync(path, Buffer.concat([Buffer.from(header), body.subarray(0, cut)]))
          // The model: go through the lines that are whole, and let the last ones win; an intent begins anew.
          const model = new Map<string, { intent: Intent | undefined; outcome: Outcome | undefined }>()
          let length = 0
          for (const [index, entry] of entries.entries()) {
            length += lines[index]?.length ?? 0
            if (length > cut) break
            const { type, ...said } = entry
            const known = model.get(said.item) ?? { intent: undefined, outcome: undefined }
            model.set(
              said.item,
              type === 'intent'
                ? { intent: said, outcome: undefined }
                : { ...known, outcome: said as Outcome },
            )
          }
          const { items } = await readRun(folder, id)
          expect([...items]).toEqual([...model].map(([name, state]) => [name, { item: name, ...state }]))
          // Opened again, the torn line is gone and the state the same.
          const run = await reopenRun({ folder, run: id, owner, now })
          await run.close()
          expect([...(await readRun(folder, id)).items]).toEqual([...items])
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('a run that is opened again', () => {
  test('takes outcomes that were found out later, and the last one counts', async () => {
    const folder = journalFolder()
    const first = await begin(folder, { command: 'import' })
    await first.intend([{ item: 'r1', at: 1, hash: 'h' }])
    await first.close()
    const run = await reopenRun({ folder, run: first.id, owner, now })
    await run.conclude([{ item: 'r1', at: 9, outcome: 'created', id: 'c_1', fingerprint: 'f' }])
    await run.close()
    expect((await readRun(folder, first.id)).items.get('r1')).toMatchObject({
      outcome: { outcome: 'created', id: 'c_1', fingerprint: 'f' },
    })
  })

  test('without personal data gets none later either', async () => {
    const folder = journalFolder()
    const first = await begin(folder, { personal: false })
    await first.close()
    const run = await reopenRun({ folder, run: first.id, owner, now })
    await run.conclude([{ item: 'c_1', at: 9, outcome: 'failed', message: 'c_1@private.example' }])
    await run.close()
    expect((await readRun(folder, first.id)).items.get('c_1')?.outcome?.outcome).toBe('failed')
    expect(readFileSync(join(folder, `${first.id}.ndjson`), 'utf8')).not.toContain('private')
  })

  test('after its process was killed in the middle of a line is whole again', async () => {
    const folder = journalFolder()
    const id = await deleted(folder, ['c_1'])
    const path = join(folder, `${id}.ndjson`)
    truncateSync(path, statSync(path).size - 5)
    const run = await reopenRun({ folder, run: id, owner, now })
    await run.conclude([{ item: 'c_1', at: 9, outcome: 'notFound' }])
    await run.close()
    expect(await itemsOf(folder, id)).toEqual([['c_1', 'c_1', 'notFound']])
  })

  test('is refused while in progress, and if it does not exist', async () => {
    const folder = journalFolder()
    const run = await begin(folder)
    await expect(reopenRun({ folder, run: run.id, owner, now })).rejects.toBeInstanceOf(LockHeld)
    await run.close()
    await expect(reopenRun({ folder, run: '20261124-081535-none', owner, now })).rejects.toMatchObject({
      code: 'not_found',
    })
    await expect(reopenRun({ folder: join(folder, 'none'), run: run.id, owner, now })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('that is damaged is an error, and its lock is free afterwards', async () => {
    const folder = journalFolder()
    const id = await deleted(folder, ['c_1'])
    appendFileSync(join(folder, `${id}.ndjson`), 'damage\n')
    await expect(reopenRun({ folder, run: id, owner, now })).rejects.toMatchObject({
      message: expect.stringContaining('line 5'),
    })
    expect(readdirSync(folder)).toEqual([`${id}.ndjson`])
  })
})

describe('removing a run', () => {
  test('leaves nothing of it, and is refused while it is going on', async () => {
    const folder = journalFolder()
    const run = await begin(folder)
    await expect(removeRun(folder, run.id, { owner, now })).rejects.toBeInstanceOf(LockHeld)
    await run.close()
    const other = await deleted(folder, ['c_2'], begun + 5000)
    for (let copy = 0; copy < 300; copy++) writeFileSync(join(folder, `.${run.id}.ndjson.${copy}.tmp`), '')
    await removeRun(folder, run.id, { owner, now })
    expect(readdirSync(folder)).toEqual([`${other}.ndjson`])
    await removeRun(folder, run.id, { owner, now })
    expect(readdirSync(folder)).toEqual([`${other}.ndjson`])
  })
})

test('a large run is read back item by item, in the order of its intents', { timeout: 30_000 }, async () => {
  const folder = journalFolder()
  const run = await openRun({
    folder,
    header: { who: 'a', command: 'import', identity: 'x', key: { masked: '', hash: '' }, personal: true },
    owner,
    now,
    random: () => 0.5,
  })
  const total = 20_000
  for (let start = 0; start < total; start += 1000) {
    const rows = Array.from({ length: 1000 }, (_, index) => `r${start + index}`)
    await run.intend(rows.map((item) => ({ item, at: begun, hash: 'h'.repeat(64) })))
    await run.conclude(
      rows.map((item) => ({
        item,
        at: begun,
        outcome: 'created' as const,
        id: `c_${item}`,
        fingerprint: 'f'.repeat(64),
      })),
    )
  }
  await run.close()
  let count = 0
  for await (const { item, outcome } of runItems(folder, run.id)) {
    if (outcome?.id !== `c_${item}` || item !== `r${count}`) throw new Error(`wrong at ${count}`)
    count++
  }
  expect(count).toBe(total)
})
