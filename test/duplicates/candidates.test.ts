import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type SetName, sets, tuning } from '../../bench/duplicates/sets.ts'
import { blockingHashes, blockingKeys } from '../../src/duplicates/blocks.ts'
import { createCandidates } from '../../src/duplicates/candidates.ts'
import { createClusters } from '../../src/duplicates/clusters.ts'
import { type Fields, fieldsOf } from '../../src/duplicates/fields.ts'
import { createFrequencies } from '../../src/duplicates/frequencies.ts'
import { sort } from '../../src/duplicates/hashes.ts'
import { compare, prior } from '../../src/duplicates/model.ts'
import { createWords } from '../../src/duplicates/words.ts'
import { person } from './customers.ts'

const noPause = async (): Promise<void> => {}

/** The pairs of one block that are likely one person and are not visited; there should be none. */
async function lost(records: readonly Fields[]): Promise<string[]> {
  const frequencies = createFrequencies(2 ** 12)
  const at = (index: number): Fields => records[index] ?? expect.fail()
  const candidates = createCandidates(frequencies, at)
  for (const fields of records) {
    candidates.push(fields)
    frequencies.add(fields)
  }
  const visited = new Set<string>()
  const visit = (a: number, b: number): unknown => visited.add([a, b].sort((x, y) => x - y).join(' '))
  await candidates.visit(createClusters(records.length), -prior(frequencies), visit, noPause)
  const words = createWords(frequencies)
  const hashes = records.map((fields) => blockingHashes(fields, words))
  const share = (a: number, b: number): boolean =>
    blockingKeys.some((columns) =>
      columns.some(
        (one) => hashes[a]?.[one] !== 0 && columns.some((two) => hashes[a]?.[one] === hashes[b]?.[two]),
      ),
    )
  return records.flatMap((one, a) =>
    records.flatMap((other, b) => {
      if (b <= a || one.mailbox === other.mailbox || !share(a, b) || visited.has(`${a} ${b}`)) return []
      const found = compare(one, other, frequencies)
      return found !== undefined && found.bits >= 0 ? [JSON.stringify({ one, other, found })] : []
    }),
  )
}

test.each<SetName>(['typos', 'relatives', 'namesakes', 'mixed'])(
  'no pair of the set %s is ruled out that is likelier one person than not',
  async (name) => {
    const set = sets[name]({ ...tuning, seed: 5, size: 150 })
    expect(await lost(set.flatMap(({ customer }) => fieldsOf(customer) ?? []))).toEqual([])
  },
)

const names = [
  'Emeka',
  'Chukwuemeka',
  'Emma',
  'E',
  'Obi',
  'Obbi',
  'Mohamed',
  'محمد',
  'Владимир',
  'Vladimir',
  'Jr',
  'Maryjane',
  'Mary',
  'Jane',
  '',
]
const locals = [
  'emeka',
  'obi',
  'sunny',
  'rider',
  'rdier',
  'vladimir',
  '.',
  '_',
  'e',
  '1985',
  '85',
  '2',
  'mary',
  'jane',
  'mhmd',
]
const domains = ['gmail.com', 'gmial.com', 'yahoo.com', 'shop.example', 'shpo.example', 'obi-sons.example']
const anyone = fc
  .tuple(
    fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 }),
    fc.array(fc.constantFrom(...locals), { minLength: 1, maxLength: 4 }),
    fc.constantFrom(...domains),
    fc.nat(40),
    fc.constantFrom('', 'x', '7'),
  )
  .map(([name, parts, domain, at, typo]) => {
    const local = parts.join('')
    return fieldsOf(person(`${name.join(' ')} <${local.slice(0, at)}${typo}${local.slice(at)}@${domain}>`))
  })

test('no pair of made-up customers is ruled out that is likelier one person than not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyone, { minLength: 20, maxLength: 40 }), async (records) => {
      expect(await lost(records.flatMap((fields) => fields ?? []))).toEqual([])
    }),
    { numRuns: 30 },
  )
})

test.each([
  ['different', (index: number) => (index * 7919) % 200_003],
  ['mostly near each other', (index: number) => (index === 0 ? 2 ** 52 : index % 150_001)],
  ['mostly equal', (index: number) => Number(index % 1000 === 0)],
])('many numbers that are %s are sorted', async (_how, numberOf) => {
  const values = Float64Array.from({ length: 200_000 }, (_, index) => numberOf(index))
  const sorted = values.slice().sort()
  await sort(values, noPause)
  expect(values.every((value, index) => value === sorted[index])).toBe(true)
})
