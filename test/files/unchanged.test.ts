import { describe, expect, test } from 'vitest'
import { CliError } from '../../src/errors.ts'
import type { Row } from '../../src/files/rows.ts'
import { createUnchangedCheck } from '../../src/files/unchanged.ts'
import { all, flat, open, refusal } from './pieces.ts'

const header = 'email,firstname,lastname,note\n'
const line = (number: number): string => `p${number}@b.co,A,B,x\n`
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => line(from + index)).join('')

async function* rows(text: string) {
  yield* (await open(text)).rows()
}

/** What the second reading hands out when the file was `before` at the first and is `after` now. */
async function compare(before: string, after: string): Promise<{ handedOut: number; outcome: string }> {
  const blocks = createUnchangedCheck('people.csv')
  await all(blocks.recorded(rows(before)))
  let handedOut = 0
  const reading = async (): Promise<string> => {
    for await (const block of blocks.compared(rows(after))) handedOut += block.length
    return 'whole'
  }
  return { outcome: await refusal(reading()), handedOut }
}

describe('a file that is the same when it is read again', () => {
  test.each([0, 1, 499, 500, 501, 1000, 1234])('is passed on completely: %i rows', async (count) => {
    const text = header + lines(0, count)
    expect(await compare(text, text)).toEqual({ handedOut: count, outcome: 'no error: "whole"' })
  })

  test('may differ in columns that are not read', async () => {
    const after = (header + lines(0, 10)).replaceAll('x\n', 'y\n')
    expect((await compare(header + lines(0, 10), after)).handedOut).toBe(10)
  })

  test('is passed through the first time', async () => {
    const blocks = createUnchangedCheck('people.csv')
    const read = await flat(rows(header + lines(0, 3000)))
    expect(await flat(blocks.recorded(rows(header + lines(0, 3000))))).toEqual(read)
  })
})

describe('a changed file is sent only up to the change', () => {
  const before = header + lines(0, 1200)
  test.each([
    ['a row changed', before.replace('p700@', 'q700@'), 500, 502],
    ['a row fits its header no more', before.replace('p700@b.co,A,B,x', 'p700@b.co,A'), 500, 502],
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
      /^local_error: people\.csv changed while it was being imported, from about line \d+$/,
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
  const blocks = createUnchangedCheck('people.csv')
  async function* interrupted() {
    yield* rows(header + lines(0, 3))
    throw new CliError('interrupted', 'interrupted by SIGINT')
  }
  expect(await refusal(all(blocks.compared(interrupted())))).toBe('interrupted: interrupted by SIGINT')
})

describe('rows that differ only in', () => {
  const row = (customer: Partial<Row['customer']>, problems: readonly string[] = []): Row => ({
    ...{ line: 2, index: 0, raw: [], problems },
    customer: { firstname: 'A', lastname: 'B', email: 'a@b.co', ...customer },
  })
  async function* once(one: Row) {
    yield [one]
  }
  test('which of them has the longer name are not the same', async () => {
    const a = { firstname: 'a', lastname: 'a', email: 'a' }
    const [short, longer] = [row(a), row({ ...a, firstname: 'aa' })]
    async function* both(...list: Row[]) {
      yield list
    }
    const blocks = createUnchangedCheck('people.csv')
    await all(blocks.recorded(both(short, longer)))
    expect(await refusal(all(blocks.compared(both(longer, short))))).toContain('people.csv changed')
  })

  test.each([
    ['where a name ends', row({ firstname: 'AB', lastname: 'C' }), row({ firstname: 'A', lastname: 'BC' })],
    ['half a letter', row({ firstname: '\ud800' }), row({ firstname: '\ud801' })],
    ['a digit for a length', row({ firstname: '1', lastname: '' }), row({ firstname: '', lastname: '1' })],
    ['what is wrong with them', row({}, ['x', 'y']), row({}, ['x,y'])],
    ['whether something is wrong', row({}), row({}, ['x'])],
    ['where they stand', row({}), { ...row({}), line: 3 }],
  ])('%s are not the same', async (_, before, after) => {
    const blocks = createUnchangedCheck('people.csv')
    await all(blocks.recorded(once(before)))
    expect(await refusal(all(blocks.compared(once(after))))).toContain('people.csv changed')
    expect(await flat(blocks.compared(once(before)))).toEqual([before])
  })
})

describe('long rows', () => {
  const long = (count: number, note: string): string =>
    header + Array.from({ length: count }, (_, index) => line(index).replace('x', note)).join('')

  test.each([
    ['300 of 10 kB', 300, 10_000],
    ['10 of 300 kB', 10, 300_000],
    ['3 of nearly a megabyte', 3, 1_040_000],
  ])('do not pile up: %s', async (_, count, length) => {
    const text = long(count, 'x'.repeat(length))
    const blocks = createUnchangedCheck('people.csv')
    for await (const _rows of blocks.recorded(rows(text)));
    let handedOut = 0
    for await (const block of blocks.compared(rows(text))) {
      handedOut += block.length
      const held = block.reduce((sum, { raw }) => sum + raw.toString().length, 0)
      expect(held).toBeLessThan(1024 * 1024 + length + 100)
    }
    expect(handedOut).toBe(count)
  })

  test('still share blocks of a megabyte, and of 500 when they are short', async () => {
    const text = long(500, 'x'.repeat(10_000)) + lines(500, 2000)
    const blocks = createUnchangedCheck('people.csv')
    await all(blocks.recorded(rows(text)))
    const sizes = (await all(blocks.compared(rows(text)))).map((block) => block.length)
    expect(sizes.slice(0, 4)).toEqual([105, 105, 105, 105])
    expect(sizes.slice(4)).toEqual([500, 500, 500, 80])
  })

  test('are the same however they are split into pieces', async () => {
    const text = long(30, 'x'.repeat(100_000))
    const blocks = createUnchangedCheck('people.csv')
    await all(blocks.recorded(rows(text)))
    const cut = async function* () {
      yield* (await open(text, 'people.csv', { sizes: [7777] })).rows()
    }
    expect(await flat(blocks.compared(cut()))).toHaveLength(30)
  })
})
