import { readFile, rm, writeFile } from 'node:fs/promises'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { version } from '../src/version.ts'

const root = new URL('..', import.meta.url).pathname

/** Puts a file into src/ for as long as the check runs. */
async function planted<T>(path: string, text: string, check: (path: string) => Promise<T>): Promise<T> {
  const whole = `${root}${path}`
  await writeFile(whole, text)
  try {
    return await check(path)
  } finally {
    await rm(whole)
  }
}

describe('the rules of the house bite', () => {
  test.each([
    ['api', "import '../output/tsv.ts'\n", 'direction-of-api'],
    ['sandbox', "import '../api/customer.ts'\n", 'direction-of-sandbox'],
    ['customers', "import '../bulk/deletion.ts'\n", 'direction-of-customers'],
    ['commands', "import '../sandbox/server.ts'\n", 'sandbox-only-from-context-and-its-commands'],
  ])('an import against the direction in %s is refused', async (room, text, rule) => {
    const { exitCode, stdout } = await planted(`src/${room}/planted.ts`, text, (path) =>
      execa('npx', ['depcruise', '--config', '.dependency-cruiser.cjs', path], { cwd: root, reject: false }),
    )
    expect(exitCode).not.toBe(0)
    expect(stdout).toContain(rule)
  })

  test.each([
    'export const now = (): number => Date.now()\n',
    'export const now = (): Date => new Date()\n',
    'export const luck = (): number => Math.random()\n',
    'export const home = (): string | undefined => process.env.HOME\n',
    'export const later = (): unknown => setTimeout(() => undefined, 5)\n',
    'export const limit = (): AbortSignal => AbortSignal.timeout(5)\n',
  ])('reaching for the outside world is refused: %s', async (text) => {
    const { exitCode, stderr, stdout } = await planted('src/customers/planted.ts', text, (path) =>
      execa('npx', ['biome', 'lint', path], { cwd: root, reject: false }),
    )
    expect(exitCode).not.toBe(0)
    expect(stdout + stderr).toContain('The outside world is handed in')
  })

  test('the version is the one in package.json', async () => {
    expect(version).toBe(JSON.parse(await readFile(`${root}package.json`, 'utf8')).version)
  })
})
