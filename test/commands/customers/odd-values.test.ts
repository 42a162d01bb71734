import { describe, expect, test } from 'vitest'
import { openAccount } from '../../support/account.ts'
import { orafi } from '../../support/orafi.ts'

/** Values that are no texts and numbers, as raw JSON: some of them throw where somebody says String(value). */
const oddValues = [
  '[{"toString":1}]',
  '[{"toJSON":1,"toString":null,"valueOf":[]}]',
  '[{"toString":"live","toJSON":{"toJSON":2}}]',
  '[null]',
  '[]',
  '[[["live"]],[[]]]',
  '["live",1.5,true,{"a":[null]}]',
  '{"toString":1,"valueOf":1}',
  '{"amount":12345678901234567890,"isLosslessNumber":true,"digits":"x","toString":1}',
  '[12345678901234567890,{"value":"1","isLosslessNumber":true}]',
  '{"__proto__":{"toString":1},"constructor":null,"length":3}',
  '{"then":1}',
  'true',
  'null',
  '1e400',
  '"\\u0000\\u202e"',
  `${'['.repeat(90)}${']'.repeat(90)}`,
]

const fields = ['firstname', 'lastname', 'email', 'mode', 'totalSpent', 'createdAt', 'updatedAt', 'extra']

/** A record for each value, which stands in every field but the id. */
const records = oddValues.map(
  (value, index) => `{"id":"c_${index}",${fields.map((field) => `"${field}":${value}`).join(',')}}`,
)
const ids = oddValues.map((_, index) => `c_${index}`)

describe('any value in a record', () => {
  const all = ['list --all', `get ${ids.join(' ')}`, 'export', 'get c_0', 'get c_8']
  const formats = ['', '--json', '--ndjson', '--csv', '--csv --excel-safe', '--fields mode,totalSpent,id']
  const lines = all.flatMap((command) => formats.map((format) => `${command} ${format}`))
  test.each(lines)('is printed by customers %s', async (line) => {
    const account = await openAccount(records)
    for (const tty of [false, ['stdout'] as const]) {
      const { code, stdout, stderr } = await orafi(`customers ${line}`, { ...account, tty })
      expect(stderr).not.toContain('error')
      expect(code).toBe(0)
      for (const id of ids.filter((id) => !line.startsWith('get') || line.includes(`${id} `)))
        expect(stdout).toContain(id)
    }
  })

  test.each(['--json', '--ndjson'])('comes through %s by value', async (format) => {
    const account = await openAccount(records)
    const { stdout } = await orafi(`customers list --all ${format}`, account)
    const text = stdout.replace(/,"hasNextPage".*/, '')
    for (const record of records) expect(text).toContain(record)
  })

  test('is shown by a dry run of a deletion', async () => {
    const account = await openAccount(records)
    const line = `customers delete ${ids.join(' ')} --dry-run`
    const { code, stderr } = await orafi(line, { ...account, tty: true })
    expect(stderr).toContain('Dry run: nothing was deleted.')
    for (const id of ids) expect(stderr).toContain(id)
    expect(stderr).not.toContain('error')
    expect(code).toBe(0)
  })

  test.each(ids)('is shown before the deletion of %s, which a person has to confirm', async (id) => {
    const account = await openAccount(records)
    const unasked = await orafi(`customers delete ${id} --yes --include-spenders`, account)
    expect(unasked.code).toBe(2)
    const { code, stderr } = await orafi(`customers delete ${id}`, { ...account, tty: true, stdin: 'y\n' })
    expect(stderr).toContain('to continue: ')
    expect(code).toBe(7)
    expect(account.deleted).toEqual([])
  })

  test('is passed over by find, and named where dates are asked for', async () => {
    const account = await openAccount(records)
    expect(await orafi('customers find 1 --by any', account)).toMatchObject({ code: 3, stdout: '' })
    const listed = await orafi('customers list --created-after 0000-01-01', account)
    expect(listed).toMatchObject({ code: 1, stdout: '' })
    expect(listed.stderr).toContain('without a valid creation date')
  })
})
