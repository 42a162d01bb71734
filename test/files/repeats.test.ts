import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sameEmail } from '../../src/email.ts'
import { createRepeats, type Repeats } from '../../src/files/repeats.ts'
import { createTextSet } from '../../src/text-set.ts'
import { flat, open } from './pieces.ts'

const repeats = () => createRepeats(createTextSet(), sameEmail)
async function problems(text: string, name: string, marker: Repeats = repeats()): Promise<string[]> {
  const rows = await flat(marker.mark((await open(text, name)).rows()))
  return rows.map((row) => row.problems.join('; '))
}

test('an e-mail that stands in the file already names the line of the first', async () => {
  const csv =
    'email,firstname,lastname\na@b.co,A,B\nb@b.co,A,B\n A@B.co,C,D\n\u212b@b.co,E,F\n\u00e5@B.CO,E,F\na@b.co,A,B\n'
  expect(await problems(csv, 'x.csv')).toEqual([
    '',
    '',
    'the e-mail is already on line 2',
    '',
    'the e-mail is already on line 5',
    'the e-mail is already on line 2',
  ])
})

test('a row that cannot be sent is no first: the next one is the only chance', async () => {
  const csv = 'email,firstname,lastname\na@b.co,,B\na@b.co,A,B\na@b.co,A,B\n'
  expect(await problems(csv, 'x.csv')).toEqual(['firstname is empty', '', 'the e-mail is already on line 3'])
})

test('in a JSON array on a single line', async () => {
  const one = '{"email":"a@b.co","firstname":"A","lastname":"B"}'
  expect(await problems(`[${one},${one}]`, 'x.json')).toEqual(['', 'the e-mail is on this line twice'])
})

test('reading the same rows again finds the same, among thousands too', async () => {
  const digits = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 5000, size: 'max' })
  await fc.assert(
    fc.asyncProperty(digits, async (numbers) => {
      const csv = `email,firstname,lastname\n${numbers.map((number) => `p${number}@b.co,A,B\n`).join('')}`
      const first = new Map<number, number>()
      const expected = numbers.map((number, index) => {
        const line = first.get(number)
        if (line !== undefined) return `the e-mail is already on line ${line}`
        first.set(number, index + 2)
        return ''
      })
      const marker = repeats()
      expect(await problems(csv, 'x.csv', marker)).toEqual(expected)
      expect(await problems(csv, 'x.csv', marker)).toEqual(expected)
    }),
    { numRuns: 10 },
  )
})
