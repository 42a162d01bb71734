import { chmod, cp, mkdir, readdir, readFile, stat } from 'node:fs/promises'
import * as nodeModule from 'node:module'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { startSockets } from './api/answering.ts'
import { bin, binary, freshEnvironment } from './support/binary.ts'
import { orafi, temporaryFolder } from './support/orafi.ts'

/** From Node 22.1 on. */
const { enableCompileCache } = nodeModule as { enableCompileCache?: unknown }
const dist = new URL('../dist/', import.meta.url).pathname

/** What a command line loads: modules of Node's own, by name, and files of dist/. */
async function loadedBy(
  argv: readonly string[],
  env: Record<string, string> = {},
): Promise<{ nodes: string[]; files: string[] }> {
  const script = `
    const Module = require('node:module')
    const load = Module._load
    const loaded = new Set()
    Module._load = function (name, ...rest) {
      loaded.add(name)
      return load.call(this, name, ...rest)
    }
    process.argv.splice(1, 0, 'orafi')
    require(${JSON.stringify(bin)})
    process.on('exit', () => require('node:fs').writeSync(2, JSON.stringify([...loaded])))`
  const { stderr } = await execa(process.execPath, ['-e', script, '--', ...argv], {
    env: { PATH: process.env.PATH ?? '', ...(await freshEnvironment(env)) },
    extendEnv: false,
  })
  const names: string[] = JSON.parse(stderr.split('\n').at(-1) ?? '')
  const isNode = (name: string) => name.startsWith('node:')
  const files = names.filter((name) => !isNode(name) && name !== bin).map((name) => name.replace(/.*\//, ''))
  return { nodes: names.filter(isNode).sort(), files }
}

/** The sources of a file of dist/: rooms of src/ (or files at its top), and packages. */
async function sourcesOf(file: string): Promise<{ rooms: string[]; packages: string[] }> {
  const { sources } = JSON.parse(await readFile(join(dist, `${file}.map`), 'utf8')) as { sources: string[] }
  const found = (pattern: RegExp) => sources.flatMap((path) => pattern.exec(path)?.[1] ?? [])
  const unique = (names: string[]) => [...new Set(names)].sort()
  return {
    rooms: unique(found(/^\.\.\/src\/([^/]+)/)),
    packages: unique(found(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/)),
  }
}

const always = ['node:events', 'node:fs', 'node:module', 'node:os', 'node:path', 'node:process']

// What a start costs is above all what it loads.
describe('what a start loads stays little', () => {
  test.each([['--version'], ['--help']])('%s loads one file of ours and no package', async (flag) => {
    const { nodes, files } = await loadedBy([flag])
    expect(nodes).toEqual(always)
    expect(files).toEqual(['main.js', 'start.js', 'world.js'])
    expect((await sourcesOf('start.js')).packages).toEqual([])
  })

  test('the help of a command loads nothing of the network', async () => {
    const { nodes, files } = await loadedBy(['customers', 'get', '--help'])
    expect(nodes.filter((name) => /child_process|net|http|promises|stream/.test(name))).toEqual([])
    expect(files).toContain('command.js')
    expect((await sourcesOf('command.js')).packages).not.toContain('undici')
  })

  test('a call loads neither the HTTP client of Node, nor HTTP/2, nor what a bulk command needs', async () => {
    const server = await startSockets((socket) => void socket.once('data', () => socket.end(answer)))
    const body = '{"success":true,"data":{"id":"c_1"}}'
    const answer = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`
    const env = { ORAFI_API_KEY: `ora_test_${'k'.repeat(30)}`, ORAFI_BASE_URL: server.url }
    const { nodes, files } = await loadedBy(['customers', 'get', 'c_1', '--json'], env)
    const network = ['async_hooks', 'buffer', 'diagnostics_channel', 'net', 'querystring']
    const others = ['assert', 'stream', 'util', 'v8']
    expect(nodes).toEqual([...always, ...[...network, ...others].map((name) => `node:${name}`)].sort())
    const sources = await Promise.all(files.map(sourcesOf))
    const packages = new Set(sources.flatMap((one) => one.packages))
    expect([...packages].sort()).toEqual([
      '@commander-js/extra-typings',
      'commander',
      'lossless-json',
      'undici',
    ])
    const rooms = sources.flatMap((one) => one.rooms)
    expect(rooms.filter((room) => /^(sandbox|bulk|journal|duplicates|files)$/.test(room))).toEqual([])
  })
})

describe('of packages ships what is used', () => {
  test.each([
    ['HTTP/2', 'client-h2', 'node:http2'],
    ['bodies of forms', 'web/fetch/body', 'multipart/form-data'],
    ['spinners that nobody turns', 'cli-spinners', 'bouncingBall'],
  ])('and not %s (%s)', async (_what, _module, text) => {
    const names = (await readdir(dist)).filter((name) => name.endsWith('.js'))
    const found = names.map(async (name) =>
      (await readFile(join(dist, name), 'utf8')).includes(text) ? name : '',
    )
    expect((await Promise.all(found)).filter(Boolean)).toEqual([])
  })

  test('and none of those that conf asks for schemas and migrations', async () => {
    const licences = await readFile(join(dist, 'LICENCES.txt'), 'utf8')
    expect(licences).toMatch(/^conf \d/m)
    expect(licences).not.toMatch(/^(?:ajv|semver|fast-uri)[\w-]* \d/m)
  })
})

test('the help of all is what the command tree says', async () => {
  const { stdout } = await binary(['--help'], await freshEnvironment())
  expect(stdout).toBe((await orafi('--help')).stdout)
  expect((await binary(['-h'], await freshEnvironment())).stdout).toBe(stdout)
})

test('a stack of --debug shows lines of src/', async () => {
  const env = { ORAFI_API_KEY: `ora_test_${'k'.repeat(30)}`, ORAFI_BASE_URL: 'http://127.0.0.1:9' }
  const args = ['customers', 'get', 'c_1', '--retries', '0']
  for (const debug of [{ args: [...args, '--debug'] }, { args, env: { ORAFI_DEBUG: '1' } }]) {
    const { exitCode, stderr } = await binary(debug.args, await freshEnvironment({ ...env, ...debug.env }))
    expect(exitCode).toBe(5)
    expect(stderr).toMatch(/^ +at .*\/src\/commands\/customers\/get\.ts:\d+:\d+\)$/m)
  }
  expect((await binary(args, await freshEnvironment(env))).stderr).not.toContain('.ts:')
})

test('without dist/ it says what to do', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'bin'))
  await cp(join(bin, '..'), join(folder, 'bin'), { recursive: true })
  const { exitCode, stderr } = await execa(process.execPath, [join(folder, 'bin', 'orafi.js')], {
    reject: false,
  })
  expect(exitCode).toBe(1)
  expect(stderr).toContain('npm run build')
  expect(stderr.split('\n').length).toBeLessThan(4)
})

test('what Node compiled is kept where only the user can write, or not at all', async () => {
  const home = await temporaryFolder()
  const caches = join(home, '.cache', 'orafi')
  const run = async (env: Record<string, string>) =>
    expect(await binary(['customers', '--help'], env)).toMatchObject({ exitCode: 0, stderr: '' })
  await run({ HOME: home })
  const isKept = enableCompileCache !== undefined
  expect(
    await stat(caches).then(
      ({ mode }) => mode & 0o777,
      () => undefined,
    ),
  ).toBe(isKept ? 0o700 : undefined)

  const foreign = join(await temporaryFolder(), 'orafi')
  await mkdir(foreign)
  await chmod(foreign, 0o777)
  await run({ XDG_CACHE_HOME: join(foreign, '..') })
  expect(await readdir(foreign)).toEqual([])
  for (const nowhere of ['/dev/null', '/proc/1', 'relative', '']) await run({ HOME: nowhere })
})
