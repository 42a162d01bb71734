import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  createReadStream,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { CliError } from '../../src/errors.ts'
import { openInput, openTwice } from '../../src/files/input.ts'
import { temporaryFolder } from '../storage/folder.ts'
import { all, refusal } from './pieces.ts'

const nothing = Readable.from([])

function prepared(stdin: NodeJS.ReadableStream = nothing) {
  const root = temporaryFolder()
  const folder = join(root, 'state')
  const controller = new AbortController()
  const options = { stdin, signal: controller.signal, folder, owner: { pid: process.pid, host: 'here' } }
  return { root, folder, options, stop: () => controller.abort(new CliError('interrupted', 'stopped')) }
}

const textOf = async (bytes: AsyncIterable<Uint8Array>): Promise<string> =>
  Buffer.concat(await all(bytes)).toString()

describe('a regular file', () => {
  test('is read in place, twice, and nothing is written', async () => {
    const { root, folder, options } = prepared()
    writeFileSync(join(root, 'people.csv'), 'a\n')
    symlinkSync('people.csv', join(root, 'link.csv'))
    const input = await openTwice(join(root, 'link.csv'), options)
    expect(input.name).toBe(join(root, 'link.csv'))
    expect([await textOf(input.read()), await textOf(input.read())]).toEqual(['a\n', 'a\n'])
    expect(existsSync(folder)).toBe(false)
    await input.close()
    await input.close()
  })

  test('that another one replaces is still the one that was opened; what is written into it shows', async () => {
    const { root, options } = prepared()
    const path = join(root, 'people.csv')
    writeFileSync(path, 'old\n')
    const input = await openTwice(path, options)
    expect(await textOf(input.read())).toBe('old\n')
    writeFileSync(join(root, 'new'), 'new\n')
    appendFileSync(path, 'more\n')
    renameSync(join(root, 'new'), path)
    expect(await textOf(input.read())).toBe('old\nmore\n')
    await input.close()
  })

  test('is known under every name that leads to it, and under its own when another one took that', async () => {
    const { root, options } = prepared()
    const path = (name: string): string => join(root, name)
    writeFileSync(path('people.csv'), 'old\n')
    writeFileSync(path('other.csv'), 'old\n')
    symlinkSync('people.csv', path('symlink.csv'))
    linkSync(path('people.csv'), path('link.csv'))
    const input = await openTwice(path('people.csv'), options)
    const known = () =>
      Promise.all(
        ['people.csv', './people.csv', 'symlink.csv', 'link.csv', 'other.csv', 'none.csv'].map((name) =>
          input.isFile(`${root}/${name}`),
        ),
      )
    expect(await known()).toEqual([true, true, true, true, false, false])
    renameSync(path('other.csv'), path('people.csv'))
    expect(await known()).toEqual([true, true, false, true, false, false])
    await input.close()
  })

  test('is read no further when the command is interrupted', async () => {
    const { root, options, stop } = prepared()
    writeFileSync(join(root, 'people.csv'), Buffer.alloc(1_000_000))
    const input = await openTwice(join(root, 'people.csv'), options)
    const chunks = input.read()
    await chunks.next()
    stop()
    expect(await refusal(chunks.next())).toBe('interrupted: stopped')
    await input.close()
  })
})

describe('what cannot be read is refused', () => {
  test('a file that is not there, a folder, a path through a file', async () => {
    const { root, options } = prepared()
    mkdirSync(join(root, 'folder.csv'))
    writeFileSync(join(root, 'file'), '')
    const refused = (name: string) => refusal(openTwice(join(root, name), options))
    expect(await refused('none\u202e.csv')).toBe(
      `usage: cannot read ${root}/none\\u202e.csv: there is no such file`,
    )
    expect(await refused('folder.csv')).toBe(`usage: cannot read ${root}/folder.csv: it is a folder`)
    expect(await refused('file/x')).toBe(`usage: cannot read ${root}/file/x: ENOTDIR`)
  })
})

describe('standard input', () => {
  test('is spooled, read as often as needed, and leaves nothing behind', async () => {
    const pieces = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1), 'ü\n']
    const { folder, options } = prepared(Readable.from(pieces, { objectMode: true }))
    const input = await openTwice('-', options)
    expect(input.name).toBe('standard input')
    expect([await textOf(input.read()), await textOf(input.read())]).toEqual(['éü\n', 'éü\n'])
    expect(readdirSync(folder)).toEqual([])
    await input.close()
    await input.close()
    expect(readdirSync(folder)).toEqual([])
  })

  test('that breaks leaves nothing behind either', async () => {
    async function* broken() {
      yield 'email\n'
      throw new Error('the cable')
    }
    const { folder, options } = prepared(Readable.from(broken()))
    expect(await refusal(openTwice('-', options))).toContain('the cable')
    expect(readdirSync(folder)).toEqual([])
  })

  test.runIf(existsSync('/proc/self/fd'))('that breaks leaves no file open', async () => {
    const openFiles = (): string[] => readdirSync('/proc/self/fd')
    const { options } = prepared()
    const before = openFiles().length
    for (let time = 0; time < 5; time++) {
      const stdin = Readable.from(['x'])
      stdin.destroy(new Error('the cable'))
      expect(await refusal(openTwice('-', { ...options, stdin }))).toContain('the cable')
    }
    expect(openFiles()).toHaveLength(before)
  })

  test('that is interrupted before it is read tells the reader why', async () => {
    const { options, stop } = prepared(new Readable({ read() {} }))
    const { bytes } = await openInput('-', options.stdin, options.signal)
    stop()
    await sleep(5)
    expect(await refusal(all(bytes))).toBe('interrupted: stopped')
  })

  test('is known where it is a file', async () => {
    const root = temporaryFolder()
    for (const name of ['people.csv', 'other.csv']) writeFileSync(join(root, name), 'a\n')
    const { options } = prepared(createReadStream('', { fd: openSync(join(root, 'people.csv'), 'r') }))
    const input = await openTwice('-', options)
    expect(await textOf(input.read())).toBe('a\n')
    expect(await input.isFile(join(root, 'people.csv'))).toBe(true)
    expect(await input.isFile(join(root, 'other.csv'))).toBe(false)
    await input.close()
  })

  test('that is no file is none of any name', async () => {
    const { options } = prepared(Readable.from(['a\n']))
    const input = await openTwice('-', options)
    expect(await input.isFile('-')).toBe(false)
    expect(await input.isFile('/dev/stdin')).toBe(false)
    await input.close()
  })

  test('that is silent can be interrupted', async () => {
    const { folder, options, stop } = prepared(new Readable({ read() {} }))
    const opening = refusal(openTwice('-', options))
    await sleep(5)
    stop()
    expect(await opening).toBe('interrupted: stopped')
    expect(readdirSync(folder)).toEqual([])
  })

  test('is not read when the folder cannot be made', async () => {
    const { options } = prepared(Readable.from(['x']))
    expect(await refusal(openTwice('-', { ...options, folder: '/proc/nowhere' }))).toMatch(
      /^local_error: cannot create/,
    )
  })
})

describe.skipIf(process.platform === 'win32')('a named pipe', () => {
  const withPipe = () => {
    const all = prepared()
    const path = join(all.root, 'pipe')
    execFileSync('mkfifo', [path])
    return { ...all, path }
  }

  test('is spooled once somebody writes to it', async () => {
    const { options, path } = withPipe()
    const opening = openTwice(path, options)
    const writer = await open(path, 'w')
    await writer.write('one\n')
    await sleep(5)
    await writer.write('two\n')
    await writer.close()
    const input = await opening
    expect(input.name).toBe(path)
    expect([await textOf(input.read()), await textOf(input.read())]).toEqual(['one\ntwo\n', 'one\ntwo\n'])
    await input.close()
  })

  test('to which nobody writes can be interrupted', async () => {
    const { options, path, stop } = withPipe()
    const opening = refusal(openTwice(path, options))
    await sleep(20)
    stop()
    expect(await opening).toBe('interrupted: stopped')
  })

  test('whose writer is silent can be interrupted', async () => {
    const { folder, options, path, stop } = withPipe()
    const opening = refusal(openTwice(path, options))
    const writer = await open(path, 'w')
    await writer.write('one\n')
    await sleep(20)
    stop()
    expect(await opening).toBe('interrupted: stopped')
    expect(readdirSync(folder)).toEqual([])
    await writer.close()
  })
})
