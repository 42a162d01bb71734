import { describe, expect, test } from 'vitest'
import { CliError } from '../../src/errors.ts'
import { createBlocks } from '../../src/input/blocks.ts'
import { all, open, refusal } from './pieces.ts'

const header = 'email,firstname,lastname,note\n'
const line = (number: number): string => `p${number}@b.co,A,B,x\n`
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => line(from + index)).join('')

async function* rows(text: string) {
  yield* (await open(text)).rows()
}

/** What the second reading hands out when the file was `before` at the first and is `after` now. */
async function compare(before: string, after: string): Promise<{ handedOut: number; outcome: string }> {
  const blocks = createBlocks('people.csv')
  await all(blocks.recorded(rows(before)))
  let handedOut = 0
  const reading = async (): Promise<string> => {
    for await (const block of blocks.compared(rows(after))) handedOut += block.length
    return 'whole'
  }
  return { outcome: await refusal(reading()), handedOut }
}

describe('a file that is the same when it is read again', () => {
  test.each([0, 1, 499, 500, 501, 1000, 1234])('is handed out whole: %i rows', async (count) => {
    const text = header + lines(0, count)
    expect(await compare(text, text)).toEqual({ handedOut: count, outcome: 'no error: "whole"' })
  })

  test('may differ in what nobody reads', async () => {
    const after = (header + lines(0, 10)).replaceAll('x\n', 'y\n')
    expect((await compare(header + lines(0, 10), after)).handedOut).toBe(10)
  })

  test('is handed through row by row the first time', async () => {
    const blocks = createBlocks('people.csv')
    for await (const row of blocks.recorded(rows(header + lines(0, 3)))) {
      expect(row.customer.email).toBe(`p${row.index}@b.co`)
    }
  })
})

describe('a file that changed is sent only as far as it is what was checked', () => {
  const before = header + lines(0, 1200)
  test.each([
    ['a row changed', before.replace('p700@', 'q700@'), 500, 502],
    ['a row fits its header no more', before.replace('p700@b.co,A,B,x', 'p700@b.co,A,B'), 500, 502],
    ['a row was put in', before.replace('p3@b.co', 'new@b.co,A,B,x\np3@b.co'), 0, 2],
    ['a blank line was put in', before.replace('p600@', '\np600@'), 500, 502],
    ['two values changed their places', before.replace('p1199@b.co,A,B', 'p1199@b.co,B,A'), 1000, 1002],
    ['it is shorter', header + lines(0, 1100), 1000, 1002],
    ['it ends where a block does', header + lines(0, 1000), 1000, 1001],
    ['it is empty', header, 0, 1],
    ['it is longer', before + line(1200), 1000, 1002],
    ['it is no CSV any more', before.replace('p800@', '"p800@'), 500, 502],
    ['its header is gone', before.slice(header.length), 0, 1],
  ])('%s', async (_, after, handedOut, from) => {
    const result = await compare(before, after)
    expect(result.handedOut).toBe(handedOut)
    expect(result.outcome).toMatch(
      /^api_error: people\.csv changed while it was being imported, from about line \d+$/,
    )
    const [told] = /\d+$/.exec(result.outcome) ?? []
    expect(Number(told)).toBeGreaterThanOrEqual(from)
    expect(Number(told)).toBeLessThanOrEqual(from + 500)
  })

  test('a longer one is noticed where the first reading ended with a block', async () => {
    const result = await compare(header + lines(0, 500), header + lines(0, 501))
    expect(result).toMatchObject({ handedOut: 500, outcome: expect.stringContaining('changed while') })
  })
})

test('an interruption is no change', async () => {
  const blocks = createBlocks('people.csv')
  async function* interrupted() {
    yield* rows(header + lines(0, 3))
    throw new CliError('interrupted', 'interrupted by SIGINT')
  }
  expect(await refusal(all(blocks.compared(interrupted())))).toBe('interrupted: interrupted by SIGINT')
})

test('a hundred thousand rows leave less than 20 kB of hashes', async () => {
  const blocks = createBlocks('people.csv')
  const row = { customer: { firstname: 'A', lastname: 'B', email: 'a@b.co' }, problems: [], raw: [] }
  async function* many() {
    for (let index = 0; index < 100_000; index++) yield { ...row, line: index + 2, index }
  }
  for await (const _ of blocks.recorded(many()));
  expect(blocks.bytes).toBeLessThan(20_000)
  expect(blocks.bytes).toBeGreaterThanOrEqual(200 * 32)
})
