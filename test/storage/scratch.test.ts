import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openScratch, type ScratchFile, startScratch } from '../../src/storage/scratch.ts'
import { temporaryFolder } from './folder.ts'

const owner = { pid: process.pid, host: 'here' }

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

describe('a scratch file', () => {
  test('gives back all that was written, as often as it is read, while more is written', async () => {
    const scratch = await openScratch(temporaryFolder(), owner)
    await scratch.write('é')
    await scratch.write(Buffer.from('2'))
    expect(await textOf(scratch.read())).toBe('é2')
    await scratch.write('3'.repeat(1_000_000))
    expect((await textOf(scratch.read())).length).toBe(1_000_002)
    expect((await textOf(scratch.read())).slice(0, 3)).toBe('é23')
    await scratch.close()
  })

  test('has no name, so that nothing is left of it however the process ends', async () => {
    const folder = temporaryFolder()
    const scratch = await openScratch(folder, owner)
    await scratch.write('secret')
    expect(readdirSync(folder)).toEqual([])
    await scratch.close()
    await scratch.close()
  })

  test.runIf(existsSync('/proc/self/fd'))('is readable by its owner alone, whatever the umask', async () => {
    const before = process.umask(0)
    onTestFinished(() => void process.umask(before))
    const folder = join(temporaryFolder(), 'state')
    const scratch = await openScratch(folder, owner)
    const opened = readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder)
      } catch {
        return false
      }
    })
    expect(opened).toHaveLength(1)
    expect(statSync(`/proc/self/fd/${opened[0]}`).mode & 0o777).toBe(0o600)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    await scratch.close()
  })

  test('stops reading with the reason of the signal', async () => {
    const scratch = await openScratch(temporaryFolder(), owner)
    await scratch.write('x'.repeat(1_000_000))
    const controller = new AbortController()
    const chunks = scratch.read(controller.signal)
    await chunks.next()
    controller.abort(new Error('Ctrl-C'))
    await expect(chunks.next()).rejects.toThrow('Ctrl-C')
    await scratch.close()
  })

  test('on a full disk says so', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
    const file: ScratchFile = {
      writeFile: () => Promise.reject(full),
      read: () => Promise.reject(full),
      close: () => Promise.resolve(),
    }
    const scratch = startScratch(file, join(temporaryFolder(), 'scratch'))
    await expect(scratch.write('x')).rejects.toMatchObject({
      code: 'local_error',
      message: expect.stringMatching(/^cannot write .*: the disk is full$/),
    })
    await scratch.close()
  })

  test('whose name could not be removed while it was open is removed when it is closed', async () => {
    const path = join(temporaryFolder(), 'scratch')
    writeFileSync(path, 'x')
    const file: ScratchFile = {
      writeFile: () => Promise.resolve(),
      read: () => Promise.reject(new Error('not read here')),
      close: () => Promise.resolve(),
    }
    await startScratch(file, path).close()
    expect(existsSync(path)).toBe(false)
  })
})

test('what dead processes left behind is removed at the next start, nothing else', async () => {
  const folder = temporaryFolder()
  const ended = execFileSync(process.execPath, ['-p', 'process.pid']).toString().trim()
  const stat = existsSync('/proc/self/stat') ? readFileSync('/proc/self/stat', 'utf8') : ''
  const since = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  const dead = [`scratch~here~${ended}~5~aa`, ...(since === '' ? [] : [`scratch~here~${process.pid}~1~bb`])]
  const kept = [
    `scratch~here~${process.pid}~${since}~cc`,
    `scratch~here~${process.pid}~~dd`,
    `scratch~there~${ended}~5~ee`,
    'scratch~here~x~5~ff',
    'runs',
    'scratch',
  ]
  mkdirSync(folder, { recursive: true })
  for (const name of [...dead, ...kept]) writeFileSync(join(folder, name), 'x')
  const foreign = `scratch~here~${ended}~5~gg`
  mkdirSync(join(folder, foreign))
  const scratch = await openScratch(folder, owner)
  expect(readdirSync(folder).sort()).toEqual([...kept, foreign].sort())
  await scratch.close()
})
