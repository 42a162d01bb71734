// What dist/load.cjs keeps where the build shipped no code for the V8 that runs.
import { cp, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { beforeEach, describe, expect, test } from 'vitest'
import { bin } from './support/binary.ts'
import { temporaryFolder } from './support/orafi.ts'

const dist = new URL('../dist/', import.meta.url).pathname

/** The built program as it is for a V8 that the build did not know. */
async function unknownV8(): Promise<string> {
  const folder = await temporaryFolder()
  await cp(dist, join(folder, 'dist'), { recursive: true })
  await cp(join(bin, '..'), join(folder, 'bin'), { recursive: true })
  for (const name of await readdir(join(folder, 'dist')))
    if (name.startsWith('code-cache-')) await rm(join(folder, 'dist', name), { recursive: true })
  return folder
}

describe('where the build knew no code for this V8', () => {
  let folder = ''
  let home = ''
  beforeEach(async () => {
    folder = await unknownV8()
    home = await temporaryFolder()
  })

  const run = async (args: string[], env: Record<string, string> = { HOME: home }) => {
    const { stdout } = await execa(process.execPath, [join(folder, 'bin', 'orafi.js'), ...args], {
      env: { PATH: process.env.PATH ?? '', ...env },
      extendEnv: false,
    })
    return stdout
  }
  const caches = () => join(home, '.cache', 'orafi')
  const kept = async () => (await readdir(caches())).filter((name) => name.startsWith('orafi-')).sort()
  const fileOf = async (part: string) => {
    const name = (await kept()).find((one) => one.endsWith(`-${part}.js.code`))
    return join(caches(), name ?? 'none')
  }
  const bytesOf = async (part: string) => readFile(await fileOf(part))
  /** Whether V8 took the code that was kept of each file. */
  const taken = async (...args: string[]) => {
    const script = `
      const { main, worldOf, scripts } = require(${JSON.stringify(join(folder, 'dist', 'load.cjs'))})
      main(process.argv.slice(1), { ...worldOf(process), stdout: { columns: 80, write: async () => undefined } }).then(() => {
        const all = [...scripts].map(([name, { script }]) => [name, script.cachedDataRejected === false])
        process.stdout.write(JSON.stringify(Object.fromEntries(all)))
      })`
    const { stdout } = await execa(process.execPath, ['-e', script, '--', ...args], {
      env: { PATH: process.env.PATH ?? '', HOME: home },
      extendEnv: false,
    })
    return JSON.parse(stdout)
  }

  test('what it compiled is kept in the folder of caches, for the user alone to change, and used the next time', async () => {
    expect(await taken('customers', 'get', '--help')).toEqual({ 'first.js': false, 'one.js': false })
    expect((await kept()).map((name) => name.replace(/.*-/, ''))).toEqual(['first.js.code', 'one.js.code'])
    expect((await stat(caches())).mode & 0o777).toBe(0o700)
    expect((await stat(await fileOf('one'))).mode & 0o777).toBe(0o600)
    expect(await taken('customers', 'get', '--help')).toEqual({ 'first.js': true, 'one.js': true })
  })

  test('a command that runs more adds to it, and one that runs no more leaves it alone', async () => {
    await run(['runs', 'list'])
    const little = await bytesOf('call')
    await run(['customers', 'list', '--sandbox'])
    const more = await bytesOf('call')
    expect(more.length).toBeGreaterThan(little.length)
    await run(['runs', 'list'])
    await run(['customers', 'list', '--sandbox'])
    expect((await bytesOf('call')).equals(more)).toBe(true)
  })

  test.each([
    ['empty', () => Buffer.alloc(0)],
    ['cut short', (whole: Buffer) => whole.subarray(0, whole.length / 2)],
    ['something else', () => Buffer.alloc(5000, 7)],
    ['missing a block', (whole: Buffer) => Buffer.from(whole).fill(0, 20_480, 24_576)],
  ])('code that is %s is compiled and kept anew', async (_, damage) => {
    const said = await run(['customers', 'get', '--help'])
    const whole = await bytesOf('one')
    await writeFile(await fileOf('one'), damage(whole))
    expect(await run(['customers', 'get', '--help'])).toBe(said)
    expect(await taken('customers', 'get', '--help')).toEqual({ 'first.js': true, 'one.js': true })
  })

  test('another build keeps code of its own, and forgets what was kept a month ago', async () => {
    await run(['--version'])
    const [first = ''] = await kept()
    const old = 'orafi-0123456789abcdef-1.2.3-x64-first.js.code'
    for (const [name, age] of [
      [old, 31],
      [first.replace(/^orafi-\w+/, 'orafi-fedcba9876543210'), 1],
    ] as const) {
      await writeFile(join(caches(), name), 'kept')
      const then = Date.now() / 1000 - age * 86_400
      await utimes(join(caches(), name), then, then)
    }
    await run(['customers', 'get', '--help'])
    const names = await kept()
    expect(names).not.toContain(old)
    expect(names).toContain(first)
    expect(names.filter((name) => name.includes('fedcba9876543210'))).toHaveLength(1)
  })

  test('XDG_CACHE_HOME and NODE_COMPILE_CACHE say where', async () => {
    await mkdir(join(home, 'caches'))
    await run(['--version'], { HOME: home, XDG_CACHE_HOME: join(home, 'caches') })
    expect(await readdir(join(home, 'caches', 'orafi'))).toHaveLength(1)
    await run(['--version'], { HOME: home, NODE_COMPILE_CACHE: join(home, 'node') })
    expect((await readdir(join(home, 'node'))).filter((name) => name.startsWith('orafi-'))).toHaveLength(1)
    expect((await readdir(home)).sort()).toEqual(['caches', 'node'])
  })

  test('nothing is kept where Node is told so, and where there is no home folder', async () => {
    const said = await run(['customers', 'get', '--help'])
    await rm(join(home, '.cache'), { recursive: true })
    expect(await run(['customers', 'get', '--help'], { HOME: home, NODE_DISABLE_COMPILE_CACHE: '1' })).toBe(
      said,
    )
    expect(await run(['customers', 'get', '--help'], {})).toBe(said)
    expect(await readdir(home)).toEqual([])
  })
})
