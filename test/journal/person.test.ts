import { describe, expect, test } from 'vitest'
import { sameEmail } from '../../src/email.ts'
import { idsIn, mentions } from '../../src/journal/person.ts'
import { type Entry, type Outcome, parseEntry } from '../../src/journal/records.ts'

const ada = [sameEmail('Ada@x.example')]
const said = (message: string): Entry => ({ type: 'outcome', item: 'r1', at: 1, outcome: 'failed', message })

describe('a text contains an e-mail', () => {
  test.each([
    'ada@x.example',
    'ADA@X.Example',
    'ada@x.example is taken',
    'taken: ada@x.example',
    'taken: <ada@x.example>, sorry',
    '"ada@x.example"',
    'taken is ada@x.example.',
    'ada@x.example. Sorry',
    // The first is part of another one.
    'nada@x.example or ada@x.example',
    'ada@x.example.org, ada@x.example',
  ])('%s', (message) => {
    expect(mentions(said(message), ada)).toBe(true)
  })
})

describe('an e-mail does not stand in a text that only holds it within another one', () => {
  test.each([
    'nada@x.example',
    'the.ada@x.example',
    'öada@x.example',
    'ada@x.examples',
    'ada@x.example2',
    'ada@x.example-2',
    'ada@x.example.org',
    'ada@x.exampl',
    'nada@x.example.org or nada@x.example',
    'taken: nada@x.example, sorry',
    'taken: ada@x.example.org, sorry',
    // The same for a search, but not certainly the same address.
    ' ada @x.example ',
    'ａｄａ＠ｘ．ｅｘａｍｐｌｅ',
    '',
  ])('%s', (message) => {
    expect(mentions(said(message), ada)).toBe(false)
  })
})

test('an e-mail is found in any field, and in the name of one, however deep', () => {
  const entry = (record: object): Entry => ({ type: 'intent', item: 'c_1', at: 1, record: { ...record } })
  for (const record of [
    { id: 'ada@x.example' },
    { notes: [{ 'ada@x.example': null }] },
    { notes: [1, null, ['ada@x.example']] },
  ]) {
    expect(mentions(entry(record), ada)).toBe(true)
    expect(mentions(entry(record), [])).toBe(false)
    expect(mentions(entry(record), ['nobody@x.example', ...ada])).toBe(true)
  }
  expect(mentions(entry({ notes: [1, null, [], {}] }), ada)).toBe(false)
})

test('the ids in an entry are all that a customer had', () => {
  const outcome: Outcome = { item: 'c_1', at: 1, outcome: 'created', id: 'c_2', newId: 'c_3' }
  expect(idsIn({ type: 'outcome', ...outcome })).toEqual(['c_1', 'c_2', 'c_3'])
  expect(idsIn({ type: 'intent', item: 'c_1', at: 1, record: { id: 'c_2' } })).toEqual(['c_1', 'c_2'])
  const numbered = parseEntry('{"type":"intent","item":"c_1","at":1,"record":{"id":7}}')
  expect(numbered && idsIn(numbered)).toEqual(['c_1'])
  expect(idsIn({ type: 'forgotten', at: 1 })).toEqual([])
})
