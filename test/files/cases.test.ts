import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startApi } from '../support/api.ts'
import { orafi } from '../support/orafi.ts'

// Small files on which the product once failed, and what is right.
const path = (name: string): string => new URL(`cases/${name}`, import.meta.url).pathname
const records = (name: string) =>
  readFileSync(path(name), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)

async function imported(
  name: string,
  flags: readonly string[] = [],
  held: readonly Record<string, unknown>[] = [],
) {
  const api = await startApi(held)
  const result = await orafi(['customers', 'import', path(name), '--json', ...flags], api.test)
  return { ...result, report: JSON.parse(result.stdout || '{}'), created: api.created }
}

test.each([
  ['sep-line.csv', ['ada@x.example']],
  ['trailing-commas.csv', ['ada@x.example']],
  ['mid-quote.csv', ['bob@x.example', 'ada@x.example']],
  ['preamble.csv', ['ife.okeke@x.example']],
  ['mailchimp.csv', ['ife.okeke@x.example']],
  ['idn.csv', ['ida@bücher.example']],
])('%s is imported without flags', async (name, emails) => {
  const { code, created } = await imported(name)
  expect([code, created.sort()]).toEqual([0, [...emails].sort()])
})

test('preamble.csv: the output says where the header was found', async () => {
  expect((await imported('preamble.csv')).stderr).toContain('preamble.csv: the header was found on line 4')
})

test('repeated-map.csv: both --map count', async () => {
  const flags = ['--map', 'email=Work Email', '--map', 'firstname=First Name', '--yes']
  expect(await imported('repeated-map.csv', flags)).toMatchObject({ code: 0, created: ['work@x.example'] })
})

test('bad-byte.csv: it is read as Windows-1252, and the line is named', async () => {
  const { code, report, stderr } = await imported('bad-byte.csv', ['--dry-run'])
  expect([code, report.created]).toEqual([0, 2000])
  expect(stderr).toContain(
    "is read as Windows-1252; the first word with a special character is 'it’s' on line 1501",
  )
  const forced = await imported('bad-byte.csv', ['--dry-run', '--encoding', 'utf-8'])
  expect(forced.code).toBe(2)
  expect(forced.stderr).toContain('line 1501 contains bytes that are not UTF-8')
})

test('idn.csv: a person whose domain is stored in ASCII is not created again', async () => {
  const ida = {
    id: 'c_1',
    firstname: 'Ida',
    lastname: 'Buch',
    email: 'ida@xn--bcher-kva.example',
    mode: ['test'],
  }
  const { code, report, created } = await imported('idn.csv', [], [ida])
  expect([code, report.skipped, created]).toEqual([0, 1, []])
})

test('removals-emails.txt: the customers are looked up by their e-mail', async () => {
  const kwame = {
    id: 'c_1',
    firstname: 'Kwame',
    lastname: 'Agyeman',
    email: 'Kwame.Agyeman@gmail.com',
    mode: ['test'],
    totalSpent: 0,
  }
  const other = { ...kwame, id: 'c_2', email: 'kwame@gmail.com' }
  const api = await startApi([kwame, other])
  const command = ['customers', 'delete', '--ids-from', path('removals-emails.txt'), '--yes', '--json']
  const { code, stdout } = await orafi(command, api.test)
  expect([code, JSON.parse(stdout).deleted, api.deleted]).toEqual([0, ['c_1'], ['c_1']])
})

test.each(['own-export.ndjson.gz', 'siblings.ndjson'])(
  '%s: relatives are never proposed for deletion',
  async (name) => {
    const { code, stdout } = await orafi(['customers', 'duplicates', '--from', path(name), '--json'])
    const { groups } = JSON.parse(stdout) as { groups: { delete: unknown[]; review: unknown[] }[] }
    expect([code, groups.length > 0, groups.flatMap((group) => group.delete)]).toEqual([0, true, []])
  },
)

test('mode-space.csv: a record seen in live mode is guarded', async () => {
  const { code, stdout } = await orafi([
    'customers',
    'duplicates',
    '--from',
    path('mode-space.csv'),
    '--json',
  ])
  const { groups } = JSON.parse(stdout) as { groups: { delete: unknown[]; review: unknown[] }[] }
  expect([code, groups.length, groups.flatMap((group) => group.delete)]).toEqual([0, 1, []])
})

test.each(["n'diaye", 'o’hara', 'opoku', 'dangana', 'lukasz', 'al sayed', 'فاطمه', 'عبدالله', 'ada obi'])(
  'find-names.ndjson: %s finds its record',
  async (text) => {
    const api = await startApi(records('find-names.ndjson'))
    const { code, stdout } = await orafi(['customers', 'find', ...text.split(' '), '--json'], api.test)
    expect([code, JSON.parse(stdout).data.length]).toEqual([0, 1])
  },
)
