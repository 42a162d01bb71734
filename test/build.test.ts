import { cp, mkdir, readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { startSockets } from './api/answering.ts'
import { bin, binary, freshEnvironment } from './support/binary.ts'
import { orafi, temporaryFolder } from './support/orafi.ts'

const dist = new URL('../dist/', import.meta.url).pathname
const { where } = createRequire(import.meta.url)(`${dist}first.js`) as { where: Record<string, string> }

/** The modules that a file of dist/ holds. */
const modulesIn = (file: string): string[] => Object.keys(where).filter((name) => where[name] === file)

/** What of dist/, and of Node, a command line loads, and which kept code was refused. */
async function loadedBy(
  argv: readonly string[],
  env: Record<string, string> = {},
): Promise<{ ours: string[]; nodes: string[]; refused: string[] }> {
  const script = `
    const vm = require('node:vm')
    const before = new Set(process.moduleLoadList)
    const refused = []
    const { Script } = vm
    vm.Script = class extends Script {
      constructor(source, options) {
        super(source, options)
        if (this.cachedDataRejected !== false) refused.push(options.filename)
      }
    }
    const { main, worldOf, modules } = require(${JSON.stringify(`${dist}load.cjs`)})
    main(process.argv.slice(1), worldOf(process)).then((code) => {
      process.exitCode = code
      const nodes = process.moduleLoadList.filter((name) => !before.has(name) && !/Internal/.test(name))
      require('node:fs').writeSync(2, JSON.stringify({ ours: [...modules.keys()], nodes, refused }))
    })`
  const { stderr } = await execa(process.execPath, ['-e', script, '--', ...argv], {
    env: { PATH: process.env.PATH ?? '', ...(await freshEnvironment(env)) },
    extendEnv: false,
  })
  return JSON.parse(stderr.split('\n').at(-1) ?? '')
}

describe('what a start loads stays little', () => {
  test('--version and --help run a few small modules of ours and no package', async () => {
    expect(modulesIn('first.js').filter((name) => !name.startsWith('src/'))).toEqual([])
    expect(modulesIn('first.js').length).toBeLessThanOrEqual(9)
    for (const argv of [['--version'], ['--help']]) {
      const { ours, nodes } = await loadedBy(argv)
      expect(ours.filter((name) => where[name] !== 'first.js')).toEqual([])
      expect(nodes.filter((name) => /stream|net|http|crypto|zlib|tty|perf_hooks/.test(name))).toEqual([])
    }
  })

  test('parsing one command runs a dozen modules more, of which commander is the only package', async () => {
    const { ours, nodes } = await loadedBy(['customers', 'get', '--help'])
    expect(nodes.filter((name) => /child_process|net|http/.test(name))).toEqual([])
    expect(ours.length).toBeLessThanOrEqual(28)
    const packages = ours.filter((name) => !name.startsWith('src/') && !name.startsWith('chunk-'))
    expect(packages).toEqual(['-commander-js-extra-typings.js'])
  })

  test('a call loads neither the HTTP client of Node nor HTTP/2', async () => {
    const server = await startSockets((socket) => void socket.once('data', () => socket.end(answer)))
    const body = '{"success":true,"data":{"id":"c_1"}}'
    const answer = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`
    const env = { ORAFI_API_KEY: `ora_test_${'k'.repeat(30)}`, ORAFI_BASE_URL: server.url }
    const { nodes } = await loadedBy(['customers', 'get', 'c_1', '--json'], env)
    expect(nodes).toContain('NativeModule net')
    expect(nodes.filter((name) => /http|child_process/.test(name))).toEqual([])
  })

  test('the file for a call holds undici and no package or room that a call has no use for', () => {
    const names = modulesIn('call.js')
    expect(names).toContain('undici-lib-dispatcher-client-js.js')
    expect(names.filter((name) => /conf\.js|ora\.js|table|chalk|csv|leven|lossless/.test(name))).toEqual([])
    expect(names.filter((name) => /^src\/(sandbox|bulk|journal|duplicates|input)\//.test(name))).toEqual([])
    expect(names.length).toBeLessThanOrEqual(60)
  })

  test('before Node 22.1 the code that the build kept is used', async () => {
    const { refused } = await loadedBy(['customers', 'get', '--help'])
    expect(refused).toEqual([])
  })
})

describe('of packages ships what is used', () => {
  test.each([
    ['HTTP/2', 'client-h2', 'node:http2'],
    ['bodies of forms', 'web/fetch/body', 'multipart/form-data'],
    ['the names of a hundred headers', 'core/constants', 'Cross-Origin-Embedder-Policy'],
    ['the methods of HTTP', 'llhttp/constants', 'M-SEARCH'],
    ['spinners that nobody turns', 'cli-spinners', 'bouncingBall'],
  ])('and not %s (%s)', async (_what, _module, text) => {
    const names = (await readdir(dist)).filter((name) => name.endsWith('js'))
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

test('the help that the build keeps is the one that the program says', async () => {
  const { stdout } = await binary(['--help'], await freshEnvironment())
  expect(stdout).toBe((await orafi('--help')).stdout)
  expect((await binary(['-h'], await freshEnvironment())).stdout).toBe(stdout)
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
