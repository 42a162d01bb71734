import { describe, expect, test } from 'vitest'
import { reviewScreen } from '../../../src/commands/customers/review-screen.ts'
import type { Shown } from '../../../src/duplicates/review.ts'
import { createPaint } from '../../../src/output/columns.ts'

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
      decidedBy: 'orafi' as const,
      why: '',
      probability: index === 0 ? null : 0.98,
      because: [],
      reasons: ['the same mailbox'],
      record: { id: `c_${index}`, ...ada, ...record },
    },
    number: index + 1,
    chosen: index === 1,
    keeper: index === 0,
    differs: [],
  }))
  const tally = { groups: 2, decided: 0, delete: 1, proposed: 1 }
  const group = { number: 1, tally, level: 'alias' as const, why: 'one mailbox' }
  return { ...group, cards, note: undefined, ...more }
}

const paint = createPaint(false)

const hostile = ['x', 'é', '漢', '\u0301', '\u0301\u0323', '🇳🇬', '😀', '👩\u200d', '\x1b', '\u202e', ' ']

describe.each([
  ['side by side', 120],
  ['one below the other', 36],
])('records %s', (_how, columns) => {
  test.each(hostile)('with names of a hundred thousand %j are drawn shortened', (letter) => {
    const name = letter.repeat(100_000)
    const screen = reviewScreen(
      shown([{ firstname: name, lastname: name, email: name }, { email: name }], { why: name }),
      { columns, rows: undefined, paint },
    )
    expect(screen.length).toBeLessThan(60_000)
    expect(screen).not.toMatch(/[\x1b\u202e]/)
    expect(screen).toContain('▶ 2 DELETE')
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
    const screen = reviewScreen(shown([{ mode, totalSpent: mode, createdAt: mode }, {}]), {
      columns,
      rows: undefined,
      paint,
    })
    expect(screen.replace(/\s+/g, '')).toContain(`mode${text}`)
  })
})

describe('a low screen', () => {
  const group = [
    {},
    { firstname: 'Adah', mode: ['live'], totalSpent: 42, email: `${'a'.repeat(300)}@x.example` },
  ]
  const cards = shown(group).cards.map((card, index) =>
    index === 0 ? card : { ...card, differs: ['firstname', 'mode', 'totalSpent', 'email'] },
  )
  const lines = (columns: number, rows: number): string[] =>
    reviewScreen(shown(group, { cards }), { columns, rows, paint }).split('\n').slice(0, -1)

  test.each([
    [80, 24],
    [80, 10],
    [50, 24],
    [50, 10],
  ])(
    'of %i columns and %i rows shows who was seen live and has spent, and says that more is hidden',
    (...size) => {
      const screen = lines(...size)
      expect(screen.length).toBeLessThan(size[1])
      expect(screen.join('\n')).toMatch(
        /▶ 2 DELETE[\s\S]*mode +test +≠ LIVE\n[\s\S]*totalSpent +0 +≠ SPENT 42\n/,
      )
      expect(screen).toContain('… enlarge the terminal to see the rest')
    },
  )

  test('keeps the keys at the bottom of a high one', () => {
    const screen = lines(200, 40)
    expect(screen.length).toBe(39)
    expect(screen.at(-1)).toMatch(/q save and leave$/)
    expect(screen).not.toContain('… enlarge the terminal to see the rest')
  })
})

test('LIVE and amounts spent stand out in colour', () => {
  const screen = reviewScreen(shown([{}, { mode: ['live'], totalSpent: 42 }]), {
    columns: 80,
    rows: undefined,
    paint: createPaint(true),
  })
  expect(screen).toContain(createPaint(true).danger('  LIVE'))
  expect(screen).toContain(createPaint(true).danger('  42'))
})
