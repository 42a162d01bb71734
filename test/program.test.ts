import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildProgram, buildWholeProgram } from '../src/program.ts'
import { wordsOf } from '../src/reference/layout.ts'
import { startApi } from './support/api.ts'
import { orafi } from './support/orafi.ts'

const surroundings = {
  columns: 80,
  out: () => undefined,
  open() {
    throw new Error('nothing is run here')
  },
}

test('the help of a group shows the arguments that its commands take', async () => {
  const whole = await buildWholeProgram(surroundings)
  const all = whole.commands.flatMap((one) => [one, ...one.commands])
  expect(all.length).toBeGreaterThan(20)
  for (const command of all) {
    const taken = command.registeredArguments.map((argument) => {
      const name = `${argument.name()}${argument.variadic ? '...' : ''}`
      return argument.required ? `<${name}>` : `[${name}]`
    })
    const term = command.parent?.createHelp().subcommandTerm(command)
    expect(term).toBe([command.name(), ...taken].join(' '))
  }
})

test('every file of a command can be run, and nothing else', async () => {
  const folder = join(import.meta.dirname, '../src/commands')
  const files: string[] = []
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith('.ts')) continue
    const text = await readFile(join(folder, name), 'utf8')
    if (text.includes('export function define('))
      files.push(name.slice(0, -'.ts'.length).split(/[\\/]/).join(' '))
  }
  const whole = await buildWholeProgram(surroundings)
  const leaves = whole.commands.flatMap((one) => (one.commands.length === 0 ? [one] : one.commands))
  const paths = leaves.map((one) => wordsOf(one).slice(1).join(' '))
  expect(paths.sort()).toEqual(files.sort())
  // A command without its file does nothing.
  for (const path of paths) expect([path, (await orafi(`${path} --json --ndjson`)).code]).toEqual([path, 2])
})

test('a command that is not run is not loaded, and the help of all looks the same', async () => {
  const whole = await buildWholeProgram(surroundings)
  const program = buildProgram(surroundings)
  expect(program.commands.flatMap((one) => one.options)).toEqual([])
  expect(program.helpInformation()).toBe(whole.helpInformation())
})

test("a flag of another command is refused as a value, and suggested from among all of one's own", async () => {
  const swallowed = await orafi('customers create --firstname --spent --sandbox')
  expect(swallowed.code).toBe(2)
  expect(swallowed.stderr).toContain('--spent is a flag')
  expect((await orafi('customers get c_1 --jsn --sandbox')).stderr).toContain('--json')
})

test('a value that only looks like a flag is a value: cursors are opaque', async () => {
  for (const cursor of [['--cursor', '--abc'], ['--cursor=--abc'], ['--cursor', '-x']]) {
    const api = await startApi([])
    const { code } = await orafi(['customers', 'list', ...cursor], api.test)
    expect(code).toBe(0)
    expect(api.received[0]?.query.get('cursor')).toMatch(/^--?(abc|x)$/)
  }
})
