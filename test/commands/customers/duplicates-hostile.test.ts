import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { orafi, temporaryFolder } from '../../support/orafi.ts'

type Person = readonly [firstname: string, lastname: string, email: string]

/** A file of customers with these names and e-mails. */
async function fileOf(people: readonly Person[]): Promise<string> {
  const file = join(await temporaryFolder(), 'people.ndjson')
  const lines = people.map(([firstname, lastname, email], index) =>
    JSON.stringify({ id: `c${index}`, firstname, lastname, email, mode: ['test'], totalSpent: 0 }),
  )
  await writeFile(file, `${lines.join('\n')}\n`)
  return file
}

/** As many people as that, each other than the one before. */
function people(count: number, of: (index: number) => Person): Person[] {
  return Array.from({ length: count }, (_, index) => of(index))
}

const letters = 'abcdefghijklmnopqrstuvwxyz'
const letter = (index: number): string => letters[index % letters.length] ?? ''
const words = (from: number): string =>
  people(85, (at) => [`a${letter(from + at)}`, '', ''])
    .join(' ')
    .replaceAll(',', '')

test.each([
  [
    'an e-mail in which the names leave many letters',
    people(60, (index) => [
      'кскскскскскскк',
      'гкгкгкгкгкгкгкгк',
      `${'ks'.repeat(30)}${'a'.repeat(30)}${letter(index)}${letter(index >> 2)}@shop.example`,
    ]),
  ],
  [
    'names of 170 words',
    people(60, (index) => [words(0), words(index), `zqxwplm${letter(index)}@shop.example`]),
  ],
  [
    'names and e-mails of 250 letters',
    people(200, (index) => [
      `${'a'.repeat(125)}${letter(index)}${letter(index * 3)}`,
      `${'b'.repeat(125)}${letter(index * 5)}${letter(index * 7)}`,
      `${'c'.repeat(240)}${letter(index)}${letter(index >> 2)}@s.example`,
    ]),
  ],
] as const)('%s do not take long', { timeout: 60_000 }, async (_, customers) => {
  const file = await fileOf(customers)
  const before = process.cpuUsage()
  const { code } = await orafi(`customers duplicates --from ${file} --match likely --json`)
  expect(code).toBe(0)
  expect(process.cpuUsage(before).user).toBeLessThan(8e6)
})

test('names that differ only after many words are never proposed for deletion', async () => {
  const [ada, same] = ['ada', words(0).slice(0, 100)]
  const file = await fileOf([
    [ada, `${same} obi`, 'ada@shop.example'],
    [ada, `${same} eze`, 'ada@shop.example'],
  ])
  const { code, stdout, stderr } = await orafi(`customers duplicates --from ${file}`)
  expect([code, stderr]).toEqual([0, expect.stringContaining('1 group among 2 customers.')])
  expect(stdout.split('\n')[1]).toMatch(/^1\treview\tc1\t.*the names differ/)
})
