import { expect, test } from 'vitest'
import { topicNames } from '../../src/reference/layout.ts'
import { orafi } from '../support/orafi.ts'

test('help is on stdout with 0, also after other arguments, and where a command is missing', async () => {
  const direct = await orafi('customers delete --help')
  expect(direct).toMatchObject({ code: 0, stderr: '' })
  expect((await orafi('help customers delete')).stdout).toBe(direct.stdout)
  expect((await orafi('customers delete c1 -h')).stdout).toBe(direct.stdout)
  expect(await orafi('')).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringContaining('customers'),
  })
  expect(await orafi('customers')).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringContaining('delete'),
  })
})

test.each(topicNames)('help explains %s, on 80 columns, with something to copy', async (topic) => {
  const { code, stdout, stderr } = await orafi(`help ${topic}`, { tty: ['stdout'], columns: 80 })
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^ {2}\$ .*orafi /m)
  expect(stdout.split('\n').filter((line) => line.length > 80 && !line.startsWith('  $ '))).toEqual([])
})

test('the exit codes explained are those that scripts can rely on', async () => {
  const { stdout } = await orafi('help exit-codes')
  const codes = [...stdout.matchAll(/^ {2}(\d+) +(\w+)/gm)].map(([, exit, name]) => `${exit} ${name}`)
  expect(codes).toEqual([
    '0 success',
    '1 api_error',
    '1 local_error',
    '1 exists',
    '2 usage',
    '3 not_found',
    '4 auth',
    '5 unavailable',
    '6 partial',
    '7 declined',
    '8 ambiguous',
    '129 interrupted',
    '130 interrupted',
    '143 interrupted',
  ])
})

test('an unknown word exits with 2 and lists the available help', async () => {
  const { code, stdout, stderr } = await orafi('help nope')
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/no help for 'nope'\nhint: .*customers.*login/)
})

test.each([
  ['help custmers', 'customers'],
  ['help customers delte', 'delete'],
  ['help exit-code', 'exit-codes'],
])('%s suggests %s', async (line, meant) => {
  const { code, stderr } = await orafi(line)
  expect(code).toBe(2)
  expect(stderr).toContain(`hint: Did you mean ${meant}?`)
})

test.each([
  ['company --help', "unknown command 'company'", 'Did you mean orafi customers compare?'],
  ['customer list --help', "unknown command 'customer'", 'Did you mean orafi customers list?'],
  ['customers foo -h', "unknown command 'foo'", 'The commands of orafi customers: list'],
])('%s is an unknown command, and not the help of something else', async (line, message, hint) => {
  const { code, stdout, stderr } = await orafi(line)
  expect(code).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toContain(`error: ${message}`)
  expect(stderr).toContain(hint)
})

test.each([
  ['help', '--help'],
  ['help customers', 'customers --help'],
  ['customers', 'customers --help'],
])('%s prints the same as %s', async (line, same) => {
  expect((await orafi(line)).stdout).toBe((await orafi(same)).stdout)
  expect((await orafi(same)).stdout).toContain('Usage: orafi')
})

test('a topic takes no arguments', async () => {
  expect((await orafi('help formats json')).code).toBe(2)
})

test('help of a command explains its own options and only names the global ones', async () => {
  const { stdout } = await orafi('customers list --help')
  expect(stdout).toMatch(/^ {2}--spent <range> +\w/m)
  expect(stdout).toMatch(/explained in orafi --help/)
  expect(stdout).not.toMatch(/how many times to retry a failed request/)
})

test('no help line is wider than the terminal, except examples and unbreakable words', async () => {
  const { stdout } = await orafi('commands --json')
  const { commands } = JSON.parse(stdout)
  for (const { command } of [{ command: '' }, ...commands]) {
    const help = await orafi(`${command} --help`, { tty: ['stdout'], columns: 80 })
    const long = help.stdout.split('\n').filter((line) => line.length > 80 && !line.startsWith('  $ '))
    expect(long, command).toEqual([])
  }
})
