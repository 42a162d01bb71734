import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { removeLeftovers, replaceFile } from '../../src/storage/replace.ts'
import { temporaryFolder } from './folder.ts'

describe('replacing a file', () => {
  test('gives it the new contents, readable by its owner alone', async () => {
    const path = join(temporaryFolder(), 'data')
    writeFileSync(path, 'old', { mode: 0o644 })
    const before = process.umask(0)
    onTestFinished(() => void process.umask(before))
    await replaceFile(path, 'new')
    expect(readFileSync(path, 'utf8')).toBe('new')
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('takes bytes, and contents that come piece by piece', async () => {
    const folder = temporaryFolder()
    await replaceFile(join(folder, 'bytes'), new Uint8Array([1, 2, 255]))
    expect([...readFileSync(join(folder, 'bytes'))]).toEqual([1, 2, 255])
    await replaceFile(
      join(folder, 'pieces'),
      (async function* () {
        yield 'é'
        yield 'b\n'
      })(),
    )
    expect(readFileSync(join(folder, 'pieces'), 'utf8')).toBe('éb\n')
  })

  test('leaves the old file and no other when the contents fail midway', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'data'), 'old')
    const failing = (async function* () {
      yield 'new'
      throw new Error('source broke')
    })()
    await expect(replaceFile(join(folder, 'data'), failing)).rejects.toThrow('source broke')
    expect(readFileSync(join(folder, 'data'), 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['data'])
  })

  test('that is a folder is an error, and nothing is left behind', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'data'))
    await expect(replaceFile(join(folder, 'data'), 'x')).rejects.toMatchObject({
      code: 'local_error',
      message: expect.stringContaining(join(folder, 'data')),
    })
    expect(readdirSync(folder)).toEqual(['data'])
  })

  test('in a folder that is not there is an error that names the file', async () => {
    const path = join(temporaryFolder(), 'none', 'data')
    await expect(replaceFile(path, 'x')).rejects.toMatchObject({
      code: 'local_error',
      message: `cannot write ${path}: there is no such file or folder`,
    })
  })

  test('removes what a killed replacement of this file left, and of no other', async () => {
    const folder = temporaryFolder()
    for (const name of ['.data.1234.tmp', '.data2.1234.tmp', 'data']) writeFileSync(join(folder, name), '')
    mkdirSync(join(folder, '.data.5678.tmp'))
    await removeLeftovers(join(folder, 'data'))
    expect(readdirSync(folder)).toEqual(['.data.5678.tmp', '.data2.1234.tmp', 'data'])
  })
})
