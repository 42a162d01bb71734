import { expect, test } from 'vitest'
import { orafi } from '../support/orafi.ts'

test('every command is a row with its words and summary', async () => {
  const { code, stdout, stderr } = await orafi('commands')
  expect([code, stderr]).toEqual([0, ''])
  const rows = stdout.trimEnd().split('\n')
  expect(rows).toContain('customers list\tlist customers (20 by default)')
  expect(rows.every((row) => row.split('\t').length === 2)).toBe(true)
})

test('the document describes options with values and defaults, arguments and exit codes', async () => {
  const { stdout } = await orafi('commands --json')
  const document = JSON.parse(stdout)
  expect(document).toMatchObject({ version: 1, program: 'orafi' })
  const named = (name: string) =>
    document.commands.find(({ command }: { command: string }) => command === name)
  const options = (all: { option: string }[], flag: string) => all.find(({ option }) => option === flag)
  expect(options(named('customers list').options, '--mode')).toMatchObject({
    short: null,
    value: { kind: 'choice', values: ['test', 'live'] },
  })
  expect(options(named('customers list').options, '--all')).toMatchObject({ value: null })
  expect(options(document.globalOptions, '--timeout')).toMatchObject({ default: 30, value: { values: null } })
  expect(named('completion').arguments).toMatchObject([
    { name: 'shell', required: true, values: ['bash', 'zsh', 'fish'] },
  ])
  expect(named('customers find').exitCodes).toContainEqual(
    expect.objectContaining({ exitCode: 3, code: 'not_found' }),
  )
  expect(document.exitCodes.map(({ exitCode }: { exitCode: number }) => exitCode)).toEqual([
    0, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 129, 130, 143,
  ])
})

test('every object of a kind has the same keys', async () => {
  const document = JSON.parse((await orafi('commands --json')).stdout)
  const shapes = (all: object[]) => new Set(all.map((one) => Object.keys(one).sort().join(' ')))
  expect(shapes(document.commands).size).toBe(1)
  const options = document.commands.flatMap((one: { options: object[] }) => one.options)
  expect(shapes([...options, ...document.globalOptions]).size).toBe(1)
})

test('it needs no key and no network, and creates no file', async () => {
  const { code } = await orafi('commands --json', { url: 'http://127.0.0.1:9' })
  expect(code).toBe(0)
})
