import { describe, expect, test } from 'vitest'
import { readCustomers } from '../../src/files/customers.ts'
import { all, inputOf, refusal, rowsOf } from './pieces.ts'

const [ada, obi] = ['{"id":"c_1"}\n', '{"id":"c_2"}\n']

const read = (text: string, name = 'people.ndjson') =>
  all(readCustomers(inputOf(text, name), async () => undefined))

describe.each([
  ['a no-break space', '\u00a0'],
  ['a byte order mark', '\ufeff'],
  ['an em space', '\u2003'],
  ['a vertical tab', '\v'],
  ['several kinds', ' \t\u3000\u2028\r'],
])('a line of nothing but %s', (_, space) => {
  test('is skipped in an NDJSON export', async () => {
    expect(await read(`${ada}${space}\n${obi}${space}`)).toEqual([{ id: 'c_1' }, { id: 'c_2' }])
  })

  test('still counts as a line', async () => {
    expect(await refusal(read(`${ada}${space}\nx\n`))).toMatch(/^usage: people\.ndjson, line 3 /)
  })
})

test('white space that JSON does not know is an error in a JSON array, and skipped between the lines of an import', async () => {
  expect(await refusal(read('[{"id":"c_1"},\n\u00a0]', 'people.json'))).toMatch(
    /^usage: people\.json, line 2 /,
  )
  expect(await rowsOf('{}\n\u00a0\n', 'people.ndjson')).toHaveLength(1)
})
