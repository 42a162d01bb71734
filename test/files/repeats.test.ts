import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRepeats, type Repeats } from '../../src/bulk/import-input.ts'
import { sameEmail } from '../../src/email.ts'
import { createTextSet } from '../../src/text-set.ts'
import { flat, open } from './pieces.ts'

const repeats = () =>
  createRepeats(createTextSet(), sameEmail, ({ firstname, lastname }) =>
    `${firstname} ${lastname}`.toLowerCase(),
  )

/** What becomes of each row: its problems, or the line that it repeats. */
async function found(text: string, name: string, marker: Repeats = repeats()): Promise<string[]> {
  const rows = await flat((await open(text, name)).rows())
  for (const row of rows) if (row.problems.length === 0) marker.see(row)
  return rows
    .map((row) => marker.mark(row))
    .map(({ problems, repeats: line }) => (line === undefined ? problems.join('; ') : `repeats line ${line}`))
}

test('a row with the e-mail and name of an earlier one repeats it', async () => {
  const csv =
    'email,firstname,lastname\na@b.co,A,B\nb@b.co,A,B\n A@B.co,a,b\n\u212b@b.co,E,F\n\u00e5@B.CO,E,F\na@b.co,A,B\n'
  expect(await found(csv, 'x.csv')).toEqual([
    '',
    '',
    'repeats line 2',
    '',
    'repeats line 5',
    'repeats line 2',
  ])
})

test('rows with one e-mail and different names are all refused', async () => {
  const csv = 'email,firstname,lastname\na@b.co,A,B\nb@b.co,A,B\na@b.co,A,B\na@b.co,C,D\na@b.co,A,B\n'
  const contradicts = (line: number) => `has the e-mail of line ${line}, but another name`
  expect(await found(csv, 'x.csv')).toEqual([
    contradicts(5),
    '',
    contradicts(2),
    contradicts(2),
    contradicts(2),
  ])
})

test('a row that cannot be sent is no first: the next one is the only chance', async () => {
  const csv = 'email,firstname,lastname\na@b.co,,B\na@b.co,A,B\na@b.co,A,B\n'
  expect(await found(csv, 'x.csv')).toEqual([
    'firstname is empty (to fill it: --default firstname=-)',
    '',
    'repeats line 3',
  ])
})

test('in a JSON array on a single line', async () => {
  const one = '{"email":"a@b.co","firstname":"A","lastname":"B"}'
  expect(await found(`[${one},${one}]`, 'x.json')).toEqual(['', 'repeats line 1'])
})

test('reading the same rows again finds the same, among thousands too', async () => {
  const digits = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 5000, size: 'max' })
  await fc.assert(
    fc.asyncProperty(digits, async (numbers) => {
      const csv = `email,firstname,lastname\n${numbers.map((number) => `p${number}@b.co,A,B\n`).join('')}`
      const first = new Map<number, number>()
      const expected = numbers.map((number, index) => {
        const line = first.get(number)
        if (line !== undefined) return `repeats line ${line}`
        first.set(number, index + 2)
        return ''
      })
      const marker = repeats()
      expect(await found(csv, 'x.csv', marker)).toEqual(expected)
      const rows = await flat((await open(csv, 'x.csv')).rows())
      expect(rows.map((row) => marker.mark(row).repeats)).toEqual(
        expected.map((text) => (text === '' ? undefined : Number(text.replace('repeats line ', '')))),
      )
    }),
    { numRuns: 10 },
  )
})
