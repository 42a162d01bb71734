import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ensurePrivateFolder } from '../../src/storage/folders.ts'
import { temporaryFolder } from './folder.ts'

const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8)

describe('a private folder', () => {
  test('is made with all its levels, each open to its owner alone', async () => {
    const folder = temporaryFolder()
    await ensurePrivateFolder(join(folder, 'a', 'b', 'c'))
    expect(['a', 'a/b', 'a/b/c'].map((level) => modeOf(join(folder, level)))).toEqual(['700', '700', '700'])
  })

  test.each([0o000, 0o077, 0o277, 0o777])('is 0700 whatever the umask (%o)', async (umask) => {
    const folder = temporaryFolder()
    const before = process.umask(umask)
    onTestFinished(() => void process.umask(before))
    await ensurePrivateFolder(join(folder, 'a', 'b'))
    expect([modeOf(join(folder, 'a')), modeOf(join(folder, 'a', 'b'))]).toEqual(['700', '700'])
  })

  test.each([0o755, 0o777, 0o2775, 0o1777, 0o500])(
    'keeps its mode where it was there before (%o), and so does the one above it',
    async (mode) => {
      const folder = temporaryFolder()
      const runs = join(folder, 'runs')
      mkdirSync(runs)
      chmodSync(runs, mode)
      chmodSync(folder, 0o755)
      await ensurePrivateFolder(runs)
      expect([modeOf(folder), modeOf(runs)]).toEqual(['755', mode.toString(8)])
    },
  )

  test('is made through a link to a folder', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'elsewhere'))
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'link'))
    await ensurePrivateFolder(join(folder, 'link', 'runs'))
    expect(modeOf(join(folder, 'elsewhere', 'runs'))).toBe('700')
  })

  test('is made by two who want it at once', async () => {
    const path = join(temporaryFolder(), 'a', 'b', 'c')
    await Promise.all([ensurePrivateFolder(path), ensurePrivateFolder(path)])
    expect(existsSync(path)).toBe(true)
  })

  test('below a file is an error that names the path and says why', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    const below = join(folder, 'file', 'state')
    await expect(ensurePrivateFolder(below)).rejects.toMatchObject({
      code: 'local_error',
      message: `cannot create the folder ${below}: part of the path is a file, not a folder`,
      hint: expect.stringContaining('ORAFI_STATE_DIR'),
    })
    await expect(ensurePrivateFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'local_error' })
  })

  test('behind a link that leads nowhere is an error', async () => {
    const folder = temporaryFolder()
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link'))
    await expect(ensurePrivateFolder(join(folder, 'link'))).rejects.toMatchObject({ code: 'local_error' })
  })

  test.runIf(process.platform === 'linux')('below /proc is an error at once, not a hang', async () => {
    await expect(ensurePrivateFolder('/proc/orafi/state/runs')).rejects.toMatchObject({
      code: 'local_error',
      message: expect.stringContaining('/proc/orafi/state/runs'),
    })
  })
})
