import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { version } from '../src/version.ts'

const root = new URL('..', import.meta.url).pathname

const imports = [
  ['api', "import '../output/printer.ts'\n", 'direction-of-api'],
  ['sandbox', "import '../api/customer.ts'\n", 'direction-of-sandbox'],
  ['customers', "import '../bulk/deletion.ts'\n", 'direction-of-customers'],
  ['commands', "import '../sandbox/server.ts'\n", 'sandbox-only-from-context-and-its-commands'],
] as const

const reaches = [
  'export const now = (): number => Date.now()\n',
  'export const now = (): Date => new Date()\n',
  'export const luck = (): number => Math.random()\n',
  'export const home = (): string | undefined => process.env.HOME\n',
  'export const later = (): unknown => setTimeout(() => undefined, 5)\n',
  'export const limit = (): AbortSignal => AbortSignal.timeout(5)\n',
]

describe('the rules of the house bite', () => {
  let copy = ''
  let directions = ''
  let lint = ''

  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), 'orafi-house-'))
    for (const name of [
      'src',
      'lint',
      'biome.json',
      'tsconfig.json',
      'package.json',
      '.dependency-cruiser.cjs',
    ])
      await cp(join(root, name), join(copy, name), { recursive: true })
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
    for (const [room, text] of imports) await writeFile(join(copy, `src/${room}/planted.ts`), text)
    for (const [place, text] of reaches.entries())
      await writeFile(join(copy, `src/customers/reaches-${place}.ts`), text)
    const run = async (program: string, ...words: string[]): Promise<string> => {
      const path = join(root, 'node_modules/.bin', program)
      const { exitCode, stdout, stderr } = await execa(path, words, { cwd: copy, reject: false })
      expect(exitCode).not.toBe(0)
      return stdout + stderr
    }
    const planted = imports.map(([room]) => `src/${room}/planted.ts`)
    directions = await run('depcruise', '--config', '.dependency-cruiser.cjs', ...planted)
    const files = [...reaches.keys()].map((place) => `src/customers/reaches-${place}.ts`)
    lint = await run('biome', 'lint', '--vcs-enabled=false', '--reporter=github', ...files)
  }, 60_000)

  afterAll(() => rm(copy, { recursive: true, force: true }))

  test.each(imports)('an import against the direction in %s is refused', (room, _text, rule) => {
    expect(directions).toMatch(new RegExp(`${rule}: src/${room}/planted\\.ts`))
  })

  test.each([...reaches.entries()])('reaching for the outside world is refused: %d %s', (place) => {
    const line = lint.split('\n').find((one) => one.includes(`reaches-${place}.ts`))
    expect(line).toContain('The outside world is handed in')
  })

  test('the version is the one in package.json', async () => {
    expect(version).toBe(JSON.parse(await readFile(`${root}package.json`, 'utf8')).version)
  })
})
