import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type AppendFile, openAppend, startAppend } from '../../src/storage/append.ts'
import { lastLine } from '../../src/storage/lines.ts'
import { temporaryFolder } from './folder.ts'

/** A disk in memory that counts its syncs, takes few bytes at a time, and may fill up or break. */
function fakeDisk(options: { most?: number; room?: number; syncFails?: () => boolean } = {}) {
  const disk = { text: '', syncedText: '', syncs: 0, closed: false }
  const error = (code: string) => Object.assign(new Error(code), { code })
  const file = {
    async writeFile(bytes: Buffer) {
      const most = options.most ?? bytes.length
      for (let at = 0; at < bytes.length; at += most) {
        const room = (options.room ?? Number.POSITIVE_INFINITY) - disk.text.length
        disk.text += bytes.toString('latin1', at, Math.min(at + most, at + room))
        if (room < Math.min(most, bytes.length - at)) throw error('ENOSPC')
        await Promise.resolve()
      }
    },
    async datasync() {
      disk.syncs++
      const written = disk.text
      await new Promise(setImmediate)
      if (options.syncFails?.()) throw error('EIO')
      disk.syncedText = written
    },
    async truncate(length: number) {
      disk.text = disk.text.slice(0, length)
    },
    async close() {
      disk.closed = true
    },
  }
  return { disk, file: file as unknown as AppendFile }
}

describe('appending', () => {
  test('to a new file makes it readable by its owner alone, whatever the umask', async () => {
    const path = join(temporaryFolder(), 'log')
    const before = process.umask(0o777)
    onTestFinished(() => void process.umask(before))
    const log = await openAppend(path)
    await log.append('one\n', true)
    await log.append('two\n', false)
    expect(log.size()).toBe(8)
    await log.close()
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n')
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('to a file that was wider narrows it', async () => {
    const path = join(temporaryFolder(), 'log')
    writeFileSync(path, 'one\n')
    chmodSync(path, 0o644)
    await (await openAppend(path)).close()
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test.each([
    ['', ''],
    ['torn', ''],
    ['one\ntor', 'one\n'],
    ['one\n', 'one\n'],
    [`one\n${'x'.repeat(200_000)}`, 'one\n'],
    [`${'x'.repeat(70_000)}\n\0\0\0`, `${'x'.repeat(70_000)}\n`],
  ])('cuts off a torn last line, and nothing else', async (before, after) => {
    const path = join(temporaryFolder(), 'log')
    writeFileSync(path, before)
    const log = await openAppend(path)
    expect(log.size()).toBe(after.length)
    await log.append('next\n', true)
    await log.close()
    expect(readFileSync(path, 'utf8')).toBe(`${after}next\n`)
  })

  test('keeps the order in which many called, and gives them few syncs', async () => {
    const { disk, file } = fakeDisk({ most: 7 })
    const log = startAppend(file, 'log', 0)
    const lines = Array.from({ length: 1000 }, (_, index) => `line ${index}\n`)
    await Promise.all(
      lines.map(async (line, index) => {
        await log.append(line, index % 3 !== 0)
        if (index % 3 !== 0) expect(disk.syncedText).toContain(line)
      }),
    )
    expect(disk.text).toBe(lines.join(''))
    expect(disk.syncs).toBeLessThan(10)
  })

  test('continues when callers arrive one after the other, at any moment', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.boolean(), fc.nat(4)), { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        async (calls, most) => {
          const { disk, file } = fakeDisk({ most })
          const log = startAppend(file, 'log', 0)
          const waits: Promise<void>[] = []
          for (const [index, [durable, turns]] of calls.entries()) {
            waits.push(log.append(`${index}\n`, durable))
            for (let turn = 0; turn < turns; turn++) await Promise.resolve()
          }
          await Promise.all(waits)
          await log.close()
          expect(disk.text).toBe(calls.map((_, index) => `${index}\n`).join(''))
          expect(disk.syncedText).toBe(disk.text)
        },
      ),
    )
  })

  test('an empty durable text waits until all that came before is on the disk', async () => {
    const { disk, file } = fakeDisk()
    const log = startAppend(file, 'log', 0)
    void log.append('one\n', false)
    await log.append('', true)
    expect(disk.syncedText).toBe('one\n')
  })

  test('on a full disk fails for everybody who waits, and for all who come later', async () => {
    const { disk, file } = fakeDisk({ room: 10 })
    const log = startAppend(file, 'log', 0)
    await log.append('first\n', true)
    const settled = await Promise.allSettled([
      log.append('second\n', true),
      log.append('third\n', false),
      log.append('fourth\n', true),
    ])
    for (const one of settled) {
      expect(one).toMatchObject({
        reason: { code: 'local_error', message: 'cannot write log: the disk is full' },
      })
    }
    await expect(log.append('late\n', false)).rejects.toMatchObject({ hint: expect.stringContaining('room') })
    await expect(log.close()).rejects.toMatchObject({ code: 'local_error' })
    expect(disk.closed).toBe(true)
    // What was written in part is taken back: nobody was told that it is there.
    expect(disk.text).toBe('first\n')
  })

  test('a sync that failed is not tried again: nothing after it counts as kept', async () => {
    let broken = true
    const { disk, file } = fakeDisk({ syncFails: () => broken })
    const log = startAppend(file, 'log', 0)
    const first = log.append('first\n', true)
    const second = log.append('second\n', true)
    await expect(first).rejects.toMatchObject({ code: 'local_error' })
    await expect(second).rejects.toMatchObject({ code: 'local_error' })
    broken = false
    await expect(log.append('third\n', true)).rejects.toMatchObject({ code: 'local_error' })
    expect(disk.syncs).toBe(1)
  })

  test('closing tells of lines that nobody waited for and that could not be kept', async () => {
    const { file } = fakeDisk({ syncFails: () => true })
    const log = startAppend(file, 'log', 0)
    await log.append('one\n', false)
    await expect(log.close()).rejects.toMatchObject({
      message: expect.stringContaining('input/output error'),
    })
  })

  test('does not mix half a line into the file, or write after closing', async () => {
    const { disk, file } = fakeDisk()
    const log = startAppend(file, 'log', 0)
    await expect(log.append('half', true)).rejects.toThrow('whole lines')
    await log.close()
    await expect(log.append('late\n', true)).rejects.toThrow('closed')
    expect(disk.text).toBe('')
  })

  test('to a folder, or in a missing folder, is an error that names the path', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'log'))
    await expect(openAppend(join(folder, 'log'))).rejects.toMatchObject({
      code: 'local_error',
      message: `cannot write ${join(folder, 'log')}: it is a folder, not a file`,
    })
    await expect(openAppend(join(folder, 'none', 'log'))).rejects.toMatchObject({ code: 'local_error' })
  })

  test.runIf(process.platform === 'linux')('to a real full device is reported, not lost', async () => {
    const { open } = await import('node:fs/promises')
    const log = startAppend(await open('/dev/full', 'a'), '/dev/full', 0)
    await expect(log.append('one\n', true)).rejects.toMatchObject({
      code: 'local_error',
      message: 'cannot write /dev/full: the disk is full',
    })
    await expect(log.close()).rejects.toMatchObject({ code: 'local_error' })
  })
})

describe('the last whole line', () => {
  test.each([
    ['', undefined],
    ['torn', undefined],
    ['one\n', 'one'],
    ['one\ntwo\n', 'two'],
    ['one\ntwo\ntor', 'two'],
    [`one\n${'é'.repeat(100_000)}\n`, undefined],
    [`${'x'.repeat(200_000)}\ntwo\n`, 'two'],
  ])('is read from the end', async (text, line) => {
    const path = join(temporaryFolder(), 'log')
    writeFileSync(path, text)
    const file = await open(path)
    expect(await lastLine(file)).toBe(line)
    await file.close()
  })
})
