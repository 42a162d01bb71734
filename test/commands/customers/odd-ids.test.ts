import { describe, expect, test } from 'vitest'
import { openAccount } from '../../support/account.ts'
import { orafi } from '../../support/orafi.ts'

const ada = { firstname: 'Ada', lastname: 'Obi', email: 'ada@x.example', mode: ['test'], totalSpent: 0 }

describe('an id that holds what cannot be seen', () => {
  // The innocent customer has the id that TSV shows for the other one.
  test.each([
    ['c_1\x1b', 'c_1\\x1b'],
    ['c_1\0', 'c_1\\x00'],
    ['c\t1', 'c\\x091'],
    ['c_1\r\n', 'c_1\\x0d\\x0a'],
    ['c\u202e1', 'c\\u202e1'],
    ['c_1\u3164', 'c_1\\u3164'],
    ['c_1\u{e0041}', 'c_1\\u{e0041}'],
  ])('%j goes from find to delete without deleting anybody else', async (id, innocent) => {
    const account = await openAccount([
      { ...ada, id },
      { ...ada, id: innocent, firstname: 'Bo', email: 'bo@y.example' },
    ])
    for (const format of ['', '--csv', '--ndjson']) {
      const found = await orafi(`customers find ada@x.example --by email --fields id ${format}`, account)
      expect(found.code).toBe(0)
      const line = 'customers delete --ids-from - --yes --max-delete 1'
      const { code, stderr, stdout } = await orafi(line, { ...account, stdin: found.stdout })
      expect(code).toBe(2)
      expect(stdout).toBe('')
      expect(stderr).toMatch(/^error: standard input(, line \d| is not a text)/)
      expect(account.deleted).toEqual([])
    }
  })

  test.each(['delete --yes', 'delete --dry-run', 'get'])(
    'is refused by customers %s, with its value',
    async (verb) => {
      const account = await openAccount([{ ...ada, id: 'c_1\\x1b' }])
      for (const id of ['c_1\\x1b', 'c_1\x1b', 'c_1\\U202E', '\ud83dc', 'c\ufffd']) {
        const { code, stdout, stderr } = await orafi(['customers', ...verb.split(' '), id, 'c_2'], account)
        expect(code).toBe(2)
        expect(stdout).toBe('')
        expect(stderr).toContain('an id contains a control character, or the escape shown for one: ')
        expect(stderr).not.toMatch(/[\x1b\ud800-\udfff]/)
      }
      expect(account.deleted).toEqual([])
    },
  )

  test('does not keep an ordinary one with a backslash from being deleted', async () => {
    const account = await openAccount([{ ...ada, id: 'shop\\ada' }])
    const { code } = await orafi(['customers', 'delete', 'shop\\ada', '--yes'], account)
    expect(code).toBe(0)
    expect(account.deleted).toEqual(['shop\\ada'])
  })
})
