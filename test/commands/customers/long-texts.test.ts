import { describe, expect, test } from 'vitest'
import { openAccount } from '../../support/account.ts'
import { orafi } from '../../support/orafi.ts'

/** What strangers can call themselves. Measuring a whole one of the flags takes minutes. */
const letters = [
  'x',
  'é',
  '漢',
  '\u0301',
  '\u0301\u0323',
  '🇳🇬',
  '😀',
  '👩\u200d',
  '\x1b',
  '\u202e',
  '\ud83d',
  ',',
  '"',
  ' ',
]
const records = letters.map((letter, index) => {
  const text = letter.repeat(3_000)
  return {
    id: `c_${index}`,
    firstname: `Ada${letter.repeat(100_000)}`,
    lastname: text,
    email: `${text}@x.example`,
    mode: ['test', text, 'live'],
    totalSpent: text,
    createdAt: `2026-01-01T${text}`,
    updatedAt: text,
  }
})

describe('names of a hundred thousand letters, and all else of thousands', () => {
  test.each([
    'list --all',
    'list --all --fields firstname,id',
    'get c_5',
    'find ada --by name',
    'delete c_5 c_3 --dry-run',
  ])('are shortened on a terminal by customers %s', async (line) => {
    const account = await openAccount(records)
    const { stdout, stderr } = await orafi(`customers ${line}`, { ...account, tty: true, columns: 100 })
    const shown = stdout + stderr
    expect(shown).toContain('c_5')
    expect(shown).not.toContain('error')
    // Seven fields of 1,000 characters at most, of which none is shown by more than six.
    expect(shown.length).toBeLessThan(records.length * 7 * 6_000)
  })

  test.each(['', '--csv', '--json', '--ndjson'])('come whole out of a pipe (%s)', async (format) => {
    const account = await openAccount(records)
    const { code, stdout } = await orafi(`customers list --all ${format}`, account)
    expect(code).toBe(0)
    for (const letter of ['x', 'é', '漢', '🇳🇬']) expect(stdout).toContain(letter.repeat(100_000))
  })

  test('are found by their beginning', async () => {
    const account = await openAccount(records)
    const found = await orafi(`customers find ${'漢'.repeat(200)} --fields id`, account)
    expect(found).toMatchObject({ code: 0, stdout: 'c_2\n' })
  })

  test('are no dates', async () => {
    const account = await openAccount(records)
    const listed = await orafi('customers list --created-after 0000-01-01', account)
    expect(listed).toMatchObject({ code: 1, stdout: '' })
    expect(listed.stderr).toContain('without a valid creation date')
  })

  test('typed as a command find no nearest one', async () => {
    for (const line of [
      `help ${'x'.repeat(100_000)}`,
      'x'.repeat(100_000),
      `customers ${'x'.repeat(100_000)}`,
    ])
      expect((await orafi(line)).code).toBe(2)
  })
})
