import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { orafi, temporaryFolder } from '../../support/orafi.ts'
import { openShop } from '../../support/shop.ts'

/** Customers of a shop, from lines such as `Ada|Obi <ada@x.example>`, named c_0, c_1 and so on in the order of the lines. */
async function exported(lines: readonly string[], more: Record<string, unknown> = {}) {
  const home = await temporaryFolder()
  const file = join(home, 'people.ndjson')
  const records = lines.map((line, index) => {
    const [, firstname, lastname, email] = /^(.*)\|(.*) <(.*)>$/.exec(line) ?? []
    const createdAt = `2026-01-0${index + 1}T00:00:00.000Z`
    return { id: `c_${index}`, firstname, lastname, email, mode: ['test'], totalSpent: 0, createdAt, ...more }
  })
  await writeFile(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''))
  return { home, file, compare: (words: string) => `customers compare ${words} --from ${file}` }
}

const people = [
  'Ada|Okafor <ada.okafor@gmail.com>',
  'Ada|Okafor <adaokafor+shop@googlemail.com>',
  'Ada|Okafro <ada.okafor@gmial.com>',
  'Ngozi|Eze <ngozi@x.example>',
  'Ada|Okafor <>',
]

test.each([
  ['c_0 c_1', 'alias', 'c_0', 'delete', []],
  ['c_1 c_0', 'alias', 'c_0', 'delete', []],
  ['c_0 c_2', 'likely', 'c_0', 'review', ['another mailbox']],
  ['c_0 c_3', null, null, null, []],
  ['c_0 c_4', null, null, null, []],
])('%s: the level %s, keep %s, %s', async (words, level, keep, decision, reasons) => {
  const { home, compare } = await exported(people)
  const { code, stdout } = await orafi(`${compare(words)} --json`, { home })
  expect(code).toBe(0)
  const document = JSON.parse(stdout)
  expect(document).toMatchObject({ level, certainty: 0.9, keep, decision, reasons })
  expect(document.customers.map(({ id }: { id: string }) => id)).toEqual(words.split(' '))
  if (level === null) expect(document.probability).toBeLessThan(0.5)
  const sum = document.because.reduce((total: number, { bits }: { bits: number }) => total + bits, 0)
  const { probability } = document
  if (probability < 0.9999 && probability > 0.0001)
    expect(sum).toBeCloseTo(Math.log2(probability / (1 - probability)), 0)
})

test('the figures are those of duplicates', async () => {
  const { home, file, compare } = await exported(people)
  const found = await orafi(`customers duplicates --match likely --from ${file} --json`, { home })
  const [group] = JSON.parse(found.stdout).groups
  expect(group.members).toHaveLength(3)
  for (const { id, probability, because } of group.members.slice(1)) {
    const { stdout } = await orafi(`${compare(`${group.keep.id} ${id}`)} --json`, { home })
    expect(JSON.parse(stdout)).toMatchObject({ probability, because })
  }
})

test('on a terminal shows both records, the bits with their sum, the level and the proposal', async () => {
  const { home, compare } = await exported(people)
  const { stdout } = await orafi(compare('c_2 c_0'), { home, tty: true, env: { NO_COLOR: '1' } })
  const parts = /^ {2,}([+-]\d+\.\d) {2,}([+-]\d+\.\d) {2}(\S.*)$/gm
  let total = 0
  for (const [, bits, sum] of stdout.matchAll(parts)) {
    total += Number(bits)
    expect(Number(sum)).toBeCloseTo(total, 6)
  }
  const [, probability = ''] = /^probability {2}(0\.9\d+)$/m.exec(stdout) ?? []
  expect(total).toBeCloseTo(Math.log2(Number(probability) / (1 - Number(probability))), 0)
  expect(stdout).toMatch(/ {2}okafro and okafor differ by a letter\n/)
  expect(
    stdout.replace(/(?: .*[+-]\d+\.\d .*\n)+/, '(bits)\n').replace(probability, '0.9'),
  ).toBe(`             1 keep                            2 undecided
id           c_0                               c_2
firstname    Ada                               Ada
lastname     Okafor                          ≠ Okafro
email        ada.okafor@gmail.com            ≠ ada.okafor@gmial.com
mode         test                              test
totalSpent   0                                 0
createdAt    2026-01-01T00:00:00.000Z        ≠ 2026-01-03T00:00:00.000Z

(bits)

probability  0.9
level        likely, with --certainty 0.9: same mailbox, if gmial.com is
             mistyped for gmail.com
proposal     keep 1; a person decides about 2: another mailbox
`)
})

test('two customers who are no duplicates both stay, and an e-mail may be missing', async () => {
  const { home, compare } = await exported(people)
  const options = { home, tty: true, columns: 50, env: { NO_COLOR: '1' } }
  const strangers = await orafi(compare('c_0 c_3'), options)
  expect(strangers.stdout).toMatch(/ 1 keep +2 keep\n/)
  expect(strangers.stdout).toContain('the e-mails are not similar')
  expect(strangers.stdout).toMatch(/\nlevel +none, with --certainty 0.9: the\n/)
  expect(strangers.stdout).toMatch(/\nproposal +none\n$/)
  for (const line of strangers.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(50)
  expect((await orafi(compare('c_0 c_4'), options)).stdout).toContain('an e-mail is missing')
})

test('in a pipe prints what, value and text of each line; with ACCESSIBLE=1 words only', async () => {
  const { home, compare } = await exported(people)
  const piped = await orafi(compare('c_0 c_1'), { home })
  const lines = piped.stdout.split('\n').map((line) => line.split('\t'))
  expect(lines).toContainEqual(['level', 'alias', expect.stringContaining('same mailbox')])
  expect(lines).toContainEqual(['keep', 'c_0', ''])
  expect(lines).toContainEqual(['decision', 'delete', ''])
  const { stdout } = await orafi(compare('c_0 c_2'), { home, tty: true, env: { ACCESSIBLE: '1' } })
  expect(stdout).toContain('Record 2: undecided\n')
  expect(stdout).toContain('  lastname: Okafro (differs)\n')
  expect(stdout).not.toMatch(/[≠→·▶]/)
})

test('--certainty decides whether two are likely one person', async () => {
  const { home, compare } = await exported([
    'Ada|Obi <ada.obi@yahoo.com>',
    'Ada|Obi <ada.o@gmail.com>',
    ...people,
  ])
  const level = async (words: string) =>
    JSON.parse((await orafi(`${compare(words)} --json`, { home })).stdout).level
  expect([await level('c_2 c_4 --certainty 0.9'), await level('c_2 c_4 --certainty 0.999')]).toEqual([
    'likely',
    null,
  ])
})

test.each(['95%', '.95', '0,95', '0.4', '0.9999', '1', '95', 'high', ''])(
  '--certainty %j is refused with the form and the range',
  async (value) => {
    const { code, stderr } = await orafi(['customers', 'compare', 'a', 'b', '--certainty', value])
    expect(code).toBe(2)
    expect(stderr).toContain('Expected a probability from 0.5 to 0.999, such as 0.95.')
  },
)

test('a third name in the mailbox counts for the proposal, as in duplicates', async () => {
  const { home, compare } = await exported([
    'Ada|Obi <ada@x.example>',
    'Ada|Ngozi Obi <ada@x.example>',
    'Ada|Bola Obi <ada@x.example>',
  ])
  const { stdout } = await orafi(`${compare('c_0 c_1')} --json`, { home })
  expect(JSON.parse(stdout)).toMatchObject({
    decision: 'review',
    reasons: ['a third name in the mailbox fits only one of the two'],
  })
})

test('one customer twice is exit 2; one that does not exist, by id or e-mail, exit 3', async () => {
  const { home, compare } = await exported(people)
  for (const words of ['c_0 c_0', 'c_0 ADA.okafor@gmail.com', 'ngozi@x.example NGOZI@x.example']) {
    const { code, stderr } = await orafi(compare(words), { home })
    expect([words, code, stderr]).toEqual([words, 2, expect.stringContaining('both are one customer')])
  }
  for (const words of ['c_0 c_9', 'nobody@x.example c_0']) {
    const { code, stderr, stdout } = await orafi(compare(words), { home })
    expect([words, code, stdout]).toEqual([words, 3, ''])
    expect(stderr).toContain('people.ndjson has the')
  }
  expect((await orafi('customers compare c_0', { home })).code).toBe(2)
  expect((await orafi('customers compare c_0 not@an@address', { home })).code).toBe(2)
})

test.each(['- c_1', 'c_0 -'])('%s: - is exit 2, since nothing is read from standard input', async (words) => {
  const { home, compare } = await exported(people)
  const { code, stdout, stderr } = await orafi(compare(words), { home })
  expect([code, stdout, stderr]).toEqual([
    2,
    '',
    'error: compare does not read ids from standard input\nhint: give the ids or e-mails of two customers\n',
  ])
})

test('on a terminal, nothing that says nothing is shown', async () => {
  const { home, compare } = await exported(people)
  const { stdout } = await orafi(`${compare('c_0 c_2')} --table`, { home })
  expect(stdout).toMatch(/^ +\+\d+\.\d +\+\d+\.\d {2}same name ada$/m)
  expect(stdout).not.toMatch(/^ +\+0\.0 /m)
})

test('an e-mail of several customers is exit 2 with their ids, and on a terminal a question', async () => {
  const { home, compare } = await exported([...people, 'Ngozi|Eze <ngozi@x.example>'])
  const piped = await orafi(compare('c_0 ngozi@x.example'), { home })
  expect([piped.code, piped.stderr]).toEqual([2, expect.stringContaining('c_3, c_5')])
  const asked = await orafi(`${compare('c_0 ngozi@x.example')} --json`, { home, tty: true, stdin: '2\n' })
  expect(asked.stderr).toContain('Which to compare?')
  expect(JSON.parse(asked.stdout).customers[1].id).toBe('c_5')
  const both = await orafi(compare('c_0 ngozi@x.example'), { home, tty: true, stdin: 'all\n' })
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('3 customers were chosen, not two')])
  const none = await orafi(compare('c_0 ngozi@x.example'), { home, tty: true, stdin: '\n' })
  expect([none.code, none.stderr]).toEqual([7, expect.stringContaining('nothing was compared')])
})

test('reads the account if there is no --from, and sends no change', async () => {
  const shop = await openShop(0)
  const fields = { firstname: 'Ada', lastname: 'Obi', mode: ['test'] as const, totalSpent: 0 }
  const one = await shop.store.create({ ...fields, email: 'ada.obi@x.example' })
  const other = await shop.store.create({ ...fields, email: 'Ada.Obi@x.example' })
  const { code, stdout } = await orafi(`customers compare ${one.id} ${other.id} --json`, shop.test)
  expect([code, JSON.parse(stdout).level]).toEqual([0, 'exact'])
  expect(shop.store.count).toBe(2)
})

test('the example in docs/duplicates.md is what the command prints', async () => {
  const words = 'customers compare oibnna.madu@yahoo.com obinna.madu@yahoo.com'
  const { stdout } = await orafi(`${words} --sandbox`, { tty: true, env: { NO_COLOR: '1' } })
  const page = await readFile(new URL('../../../docs/duplicates.md', import.meta.url), 'utf8')
  expect(page).toContain(`$ orafi ${words}\n${stdout}`)
})

test('control characters in names, e-mails and ids never reach a terminal', async () => {
  const hostile = 'A\u001b[2J\u202eda'
  const { home, compare } = await exported(['|<a@x.example> <a@x.example>', 'B|C <b@x.example>'], {
    firstname: hostile,
    lastname: `Obi\u009b31m`,
    note: hostile,
  })
  for (const env of [{ NO_COLOR: '1' }, { ACCESSIBLE: '1' }]) {
    const { stdout, stderr } = await orafi(compare('c_0 c_1'), { home, tty: true, env })
    expect(stdout).toContain('\\x1b')
    expect(stdout + stderr).not.toMatch(/[\x1b\x9b\u202e]/)
  }
})
