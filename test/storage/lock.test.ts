import { execFile, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { isLocked, LockHeld, takeLock, waitForLock } from '../../src/storage/lock.ts'
import { lifeOf, readStat } from '../../src/storage/process.ts'
import { compiledScript } from '../support/script.ts'
import { temporaryFolder } from './folder.ts'

const contender = compiledScript('test/storage/contender.ts')
const owner = { pid: process.pid, host: 'here', user: 'ada' }
const options = { owner, what: 'orafi customers import', now: () => Date.UTC(2026, 10, 24, 8, 15) }

/** A lock file as it would stand after its process, or machine, had gone. */
async function leaveLock(path: string, change: Record<string, unknown>): Promise<void> {
  const lock = await takeLock(path, options)
  writeFileSync(path, JSON.stringify({ ...lock.holder, token: 'dead', ...change }))
}

/** The id of a process that has ended. */
async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' })
  await new Promise((resolve) => child.once('exit', resolve))
  return child.pid ?? 0
}

describe('a lock', () => {
  test('has one holder, which the error for others names', async () => {
    const path = join(temporaryFolder(), 'lock')
    const lock = await takeLock(path, options)
    const refused = await takeLock(path, options).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(LockHeld)
    expect(refused).toMatchObject({
      code: 'local_error',
      message: `locked: orafi customers import is running (process ${process.pid} of ada@here, since 2026-11-24T08:15:00.000Z)`,
      hint: expect.stringContaining('wait'),
    })
    expect(await isLocked(path, owner)).toBe(true)
    await lock.release()
    expect(await isLocked(path, owner)).toBe(false)
    await (await takeLock(path, options)).release()
  })

  test('leaves no file behind, and its file is private', async () => {
    const folder = temporaryFolder()
    const lock = await takeLock(join(folder, 'lock'), options)
    expect(readdirSync(folder)).toEqual(['lock'])
    expect(statSync(join(folder, 'lock')).mode & 0o777).toBe(0o600)
    await lock.release()
    expect(readdirSync(folder)).toEqual([])
  })

  test('that was taken by another meanwhile is not released by the first', async () => {
    const path = join(temporaryFolder(), 'lock')
    const first = await takeLock(path, options)
    rmSync(path) // A person removed it by hand.
    const second = await takeLock(path, options)
    await first.release()
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ token: second.holder.token })
    await second.release()
    await second.release()
    expect(existsSync(path)).toBe(false)
  })

  test('of a process that has ended is taken over', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'lock')
    await leaveLock(path, { pid: await endedPid() })
    expect(await isLocked(path, owner)).toBe(false)
    const lock = await takeLock(path, options)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid })
    expect(readdirSync(folder)).toEqual(['lock'])
    await lock.release()
  })

  test('is taken over when its process id belongs to another process now', async () => {
    const path = join(temporaryFolder(), 'lock')
    await leaveLock(path, { startTime: '1' })
    await (await takeLock(path, options)).release()
  })

  test('of a living process is never taken over, however old it is', async () => {
    const path = join(temporaryFolder(), 'lock')
    await leaveLock(path, { since: '1999-01-01T00:00:00.000Z' })
    await expect(takeLock(path, options)).rejects.toBeInstanceOf(LockHeld)
  })

  test.each([
    ['another machine', { host: 'elsewhere', who: 'eve@elsewhere', pid: 999_999_999 }],
    ['another container', { space: 'pid:[1]', pid: 999_999_999 }],
    ['a system that does not say when processes began', { startTime: null }],
    ['a system that says it in other words', { startTime: 'Tue Nov 24 08:15:00 2026' }],
  ])('from %s is never taken over; the error says what to do', async (_, change) => {
    const path = join(temporaryFolder(), 'lock')
    await leaveLock(path, change)
    expect(await isLocked(path, owner)).toBe(true)
    await expect(takeLock(path, options)).rejects.toMatchObject({
      code: 'local_error',
      hint: expect.stringContaining(`delete ${path}`),
    })
  })

  test.each(['', '\0\0\0'])('that a power cut has emptied is taken over', async (text) => {
    const path = join(temporaryFolder(), 'lock')
    writeFileSync(path, text)
    expect(await isLocked(path, owner)).toBe(false)
    await (await takeLock(path, options)).release()
  })

  test.each(['{"pid":', '{"pid":1}', '{"pid":1,"host":"here","who":"","since":"","what":"","token":"../x"}'])(
    'whose file cannot be understood is left alone',
    async (text) => {
      const path = join(temporaryFolder(), 'lock')
      writeFileSync(path, text)
      expect(await isLocked(path, owner)).toBe(true)
      await expect(takeLock(path, options)).rejects.toMatchObject({ hint: expect.stringContaining(path) })
      expect(readFileSync(path, 'utf8')).toBe(text)
    },
  )

  test('whose file is far too large to be one is not read into memory, and left alone', async () => {
    const path = join(temporaryFolder(), 'lock')
    // A power cut leaves zeros, but not that many.
    writeFileSync(path, '')
    truncateSync(path, 2 ** 40)
    expect(await isLocked(path, owner)).toBe(true)
    await expect(takeLock(path, options)).rejects.toMatchObject({ hint: expect.stringContaining(path) })
    expect(statSync(path).size).toBe(2 ** 40)
  })

  test('of a dead owner goes to exactly one of many who want it', async () => {
    const pid = await endedPid()
    for (let round = 0; round < 15; round++) {
      const folder = temporaryFolder()
      const path = join(folder, 'lock')
      await leaveLock(path, { pid })
      // The first contenders were killed in the middle of taking over, two levels deep.
      if (round % 3 > 0) await leaveLock(`${path}.dead`, { pid, token: 'aa' })
      if (round % 3 > 1) await leaveLock(`${path}.dead.aa`, { pid, token: 'bb' })
      const all = await Promise.allSettled(Array.from({ length: 12 }, () => takeLock(path, options)))
      const won = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      for (const one of all) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(LockHeld)
      expect(won).toHaveLength(1)
      expect(readdirSync(folder)).toEqual(['lock'])
      await won[0]?.release()
    }
  })

  test('is an error where the folder is missing', async () => {
    const path = join(temporaryFolder(), 'none', 'lock')
    await expect(takeLock(path, options)).rejects.toMatchObject({
      code: 'local_error',
      message: expect.stringContaining('there is no such file or folder'),
    })
  })
})

describe('waiting for a lock', () => {
  test('ends when the holder lets go', async () => {
    const path = join(temporaryFolder(), 'lock')
    const first = await takeLock(path, options)
    let pauses = 0
    const sleepAndRelease = async (): Promise<void> => {
      if (++pauses === 3) await first.release()
    }
    const second = await waitForLock(path, options, { sleep: sleepAndRelease, maxWaitMs: 1000 })
    expect(pauses).toBe(3)
    await second.release()
  })

  test('ends with the name of the holder when patience does', async () => {
    const path = join(temporaryFolder(), 'lock')
    await takeLock(path, options)
    let slept = 0
    const count = async (ms: number): Promise<void> => {
      slept += ms
    }
    await expect(waitForLock(path, options, { sleep: count, maxWaitMs: 300 })).rejects.toBeInstanceOf(
      LockHeld,
    )
    expect(slept).toBeGreaterThanOrEqual(300)
    expect(slept).toBeLessThan(400)
  })

  test('ends at once when the person interrupts', async () => {
    const path = join(temporaryFolder(), 'lock')
    await takeLock(path, options)
    const interrupt = new AbortController()
    const reason = new Error('interrupted')
    const interrupting = async (): Promise<void> => interrupt.abort(reason)
    const waiting = waitForLock(path, options, {
      sleep: interrupting,
      signal: interrupt.signal,
      maxWaitMs: 1e9,
    })
    await expect(waiting).rejects.toBe(reason)
  })

  test('lets one process in at a time, also when some are killed inside', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'count'), '0')
    const contend = (times: number, end = '') =>
      promisify(execFile)(process.execPath, [contender, folder, String(times), end])
    const all = await Promise.allSettled([contend(20), contend(20), contend(5, 'die'), contend(10, 'die')])
    expect(all.map((one) => one.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected'])
    expect(readFileSync(join(folder, 'count'), 'utf8')).toBe(String(20 + 20 + 4 + 9))
    const visits = readFileSync(join(folder, 'visits'), 'utf8').trimEnd().split('\n')
    const dying = visits.filter(
      (line, index) => line.startsWith('in') && visits[index + 1] !== line.replace('in', 'out'),
    )
    expect(dying).toHaveLength(2)
    expect(readdirSync(folder).filter((name) => name.startsWith('lock.'))).toEqual([])
  }, 30_000)
})

describe('whether a process lives', () => {
  test('is read after the last parenthesis of its name', () => {
    const rest = '1 1 1 0 -1 4194304 1 0 0 0 0 0 0 0 20 0'
    expect(readStat(`7 (node) R ${rest} 4 0 64122 7 1`)).toEqual({ state: 'alive', startTime: '64122' })
    expect(readStat(`7 (a) Z 1 (b) R ${rest} 1 0 99 7 1`)).toEqual({ state: 'alive', startTime: '99' })
    expect(readStat(`7 (node) Z ${rest} 1 0 99 7 1`)).toEqual({ state: 'dead' })
    expect(readStat(`7 (node) Z ${rest} 2 0 99 7 1`)).toEqual({ state: 'alive', startTime: '99' })
  })

  test('is known of ourselves, and of a process that has ended', async () => {
    const first = await lifeOf(process.pid)
    await sleep(2)
    expect(first).toMatchObject({ state: 'alive', startTime: expect.any(String) })
    expect(await lifeOf(process.pid)).toEqual(first)
    expect(await lifeOf(await endedPid())).toEqual({ state: 'dead' })
  })
})
