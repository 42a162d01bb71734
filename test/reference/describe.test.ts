import { expect, test } from 'vitest'
import { buildWholeProgram } from '../../src/program.ts'
import { describe } from '../../src/reference/describe.ts'
import guides from '../../src/reference/guides.json' with { type: 'json' }
import { topicNames } from '../../src/reference/layout.ts'

/** The whole program, described as `orafi commands` does. */
const described = describe(
  await buildWholeProgram({
    columns: 80,
    out: () => undefined,
    open() {
      throw new Error('describing runs no command')
    },
  }),
)
const reference = () => described

const leaves = () => reference().commands.filter(({ commands }) => commands.length === 0)

test('every command has a summary of one line, without a full stop, and two examples or more', () => {
  for (const { words, summary, examples } of reference().commands) {
    expect(summary, words.join(' ')).toMatch(/^\S[^\n]{0,58}[^.\n]$/)
    expect(new Set(examples).size, words.join(' ')).toBeGreaterThanOrEqual(2)
  }
})

test('nothing is documented but commands', () => {
  const paths = reference().commands.map(({ words }) => ['orafi', ...words].join(' '))
  expect(Object.keys(guides)).toEqual(['orafi', ...paths])
})

test('the first example of a command, which the README shows, is of that command', () => {
  for (const { words, examples } of leaves()) expect(examples[0]).toContain(`orafi ${words.join(' ')}`)
})

test('every option and argument says what it is for', () => {
  const told = leaves().flatMap((one) => [...one.options, ...one.arguments])
  for (const { description } of [...told, ...reference().globalOptions]) expect(description).toMatch(/\w/)
})

test('enumerated options carry their values', () => {
  const list = leaves().find(({ words }) => words.join(' ') === 'customers list')
  const values = Object.fromEntries((list?.options ?? []).map(({ long, value }) => [long, value?.choices]))
  expect(values).toMatchObject({
    '--mode': ['test', 'live'],
    '--spent': expect.arrayContaining(['BELOW10USDT', 'ABOVE500USDT']),
    '--limit': [],
  })
  expect(values['--all']).toBeUndefined()
})

test('the exit codes of a command are its own and those that everything may end with', () => {
  const exits = (name: string) =>
    leaves()
      .find(({ words }) => words.join(' ') === name)
      ?.allExits.map(({ exit }) => exit)
  expect(exits('customers find')).toEqual(expect.arrayContaining([0, 1, 2, 3, 4, 5, 130]))
  expect(exits('customers create')).toContain(8)
  expect(exits('customers delete')).toEqual(expect.arrayContaining([3, 6, 7, 8]))
  expect(exits('commands')).toEqual([0, 1, 1, 2, 129, 130, 143])
})

test('no topic of the help hides a command, but the sandbox, which its command explains', () => {
  const names = reference().commands.map(({ words }) => words.join(' '))
  expect(topicNames.filter((topic) => names.includes(topic))).toEqual(['sandbox'])
})
