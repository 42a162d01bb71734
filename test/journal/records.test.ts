import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Entry, lineOf, outcomeNames, parseEntry } from '../../src/journal/records.ts'

const header: Entry = {
  v: 3,
  type: 'run',
  run: '20261124-081535-abcd',
  when: '2026-11-24T08:15:35.000Z',
  who: 'ada@here',
  command: 'undo',
  identity: 'sandbox test',
  key: { masked: 'ora_test_…abcd', hash: '0123456789abcdef' },
  undoes: '20261124-081534-abcd',
  personal: true,
}
const outcome: Entry = {
  type: 'outcome',
  item: 'c_1',
  at: 1,
  outcome: 'created',
  id: 'c_1',
  newId: 'c_2',
  fingerprint: 'f',
  code: 'api_error',
  message: 'm',
}

/** One line of each kind with all that can stand in it, and what of that it may lack. */
const kinds: [kind: string, entry: Entry, optional: readonly string[]][] = [
  ['a header', header, ['undoes']],
  ['an intent', { type: 'intent', item: 'c_1', at: 1, record: { id: 'c_1' }, hash: 'h' }, ['record', 'hash']],
  ['an outcome', outcome, ['id', 'newId', 'fingerprint', 'code', 'message']],
  ['an end', { type: 'end', at: 1, items: 2, done: 1 }, []],
  ['a mark that it was forgotten', { type: 'forgotten', at: 1 }, []],
]

type Fields = Readonly<Record<string, unknown>>
const parsed = (fields: Fields): Entry | undefined => parseEntry(JSON.stringify(fields))
const without = (fields: Fields, name: string): Fields => ({ ...fields, [name]: undefined })

/** What stands in a field, and everything that is of another kind. */
function othersThan(value: unknown): unknown[] {
  const kindOf = (one: unknown): string => (Array.isArray(one) ? 'list' : one === null ? 'null' : typeof one)
  return [null, 7, 'text', true, [], ['x'], { a: 1 }].filter((one) => kindOf(one) !== kindOf(value))
}

describe.each(kinds)('%s', (_kind, entry, optional) => {
  const fields: Fields = { ...entry }
  const names = Object.keys(fields)

  test('is read back, with and without what it need not have', () => {
    expect(parseEntry(lineOf(entry))).toEqual(entry)
    fc.assert(
      fc.property(fc.subarray([...optional]), (left) => {
        const less = left.reduce(without, fields)
        expect(parsed(less)).toEqual(less)
      }),
    )
  })

  test.each(names.filter((name) => !optional.includes(name)))('is damaged without its %s', (name) => {
    expect(parsed(without(fields, name))).toBeUndefined()
  })

  test.each(names)('is damaged where its %s is of another kind', (name) => {
    for (const other of othersThan(fields[name])) {
      expect(parsed({ ...fields, [name]: other }), JSON.stringify(other)).toBeUndefined()
    }
  })
})

test('a header is damaged when either half of its key is missing or is no text', () => {
  for (const key of [{ masked: 'm' }, { hash: 'h' }, { masked: 'm', hash: 7 }, { masked: 7, hash: 'h' }]) {
    expect(parsed({ ...header, key }), JSON.stringify(key)).toBeUndefined()
  }
})

test('a header is of this version and of a known command, and an outcome has a known name', () => {
  for (const v of [2, 4, '3']) expect(parsed({ ...header, v })).toBeUndefined()
  for (const command of ['delete', 'import', 'undo']) {
    expect(parsed({ ...header, command })).toMatchObject({ command })
  }
  expect(parsed({ ...header, command: 'eat' })).toBeUndefined()
  for (const name of outcomeNames) expect(parsed({ ...outcome, outcome: name })).toBeDefined()
  expect(parsed({ ...outcome, outcome: 'eaten' })).toBeUndefined()
})

test('no text makes the reader throw, and only objects with a known type are lines', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(parseEntry(text)).toBeUndefined()
    }),
  )
  for (const text of ['null', '[]', '"run"', '{}', '{"type":null}', '{"type":"constructor"}']) {
    expect(parseEntry(text)).toBeUndefined()
  }
})
