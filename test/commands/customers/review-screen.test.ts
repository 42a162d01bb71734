import { describe, expect, test } from 'vitest'
import { reviewScreen } from '../../../src/commands/customers/review.ts'
import type { Shown } from '../../../src/duplicates/review.ts'

const ada = {
  firstname: 'Ada',
  lastname: 'Obi',
  email: 'ada@x.example',
  mode: ['test'],
  totalSpent: 0,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
}

/** A group of records as the review shows it, the first of them the one to keep. */
function shown(records: readonly Record<string, unknown>[], more: Partial<Shown> = {}): Shown {
  const cards = records.map((record, index) => ({
    member: {
      id: `c_${index}`,
      decision: index === 0 ? ('keep' as const) : ('delete' as const),
      fingerprint: '',
      why: '',
      reasons: ['the same mailbox'],
      record: { id: `c_${index}`, ...ada, ...record },
    },
    chosen: index === 1,
    keeper: index === 0,
    differs: [],
  }))
  const group = { number: 1, of: 2, left: 2, level: 'alias' as const, why: 'one mailbox', reviewed: false }
  return { ...group, cards, note: undefined, ...more }
}

const hostile = ['x', 'é', '漢', '\u0301', '\u0301\u0323', '🇳🇬', '😀', '👩\u200d', '\x1b', '\u202e', ' ']

describe.each([
  ['side by side', 120],
  ['one below the other', 40],
])('records %s', (_how, columns) => {
  test.each(hostile)('with names of a hundred thousand %j are drawn shortened', (letter) => {
    const name = letter.repeat(100_000)
    const screen = reviewScreen(
      shown([{ firstname: name, lastname: name, email: name }, { email: name }], { why: name }),
      columns,
    )
    expect(screen.length).toBeLessThan(60_000)
    expect(screen).not.toMatch(/[\x1b\u202e]/)
    expect(screen).toContain('▶ DELETE')
  })

  test.each([
    [[{ toString: 1 }], '{"toString":1}'],
    [[{ toJSON: 1, toString: null }], '{"toJSON":1,"toString":null}'],
    [[null], ''],
    [[['live']], 'LIVE'],
    [{ toString: 'live' }, '{"toString":"live"}'],
    [['test', 'live'], 'test,LIVE'],
    [7, '7'],
  ])('with a mode of %j are drawn with it', (mode, text) => {
    const screen = reviewScreen(shown([{ mode, totalSpent: mode, createdAt: mode }, {}]), columns)
    expect(screen.replace(/\s+/g, '')).toContain(`mode${text}`)
  })
})
