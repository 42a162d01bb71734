import { describe, expect, it } from 'vitest'
import { renderMessage } from '../../src/output/message.ts'
import { widthOf } from '../../src/output/width.ts'
import { orafi } from '../support/orafi.ts'
import { openShop } from '../support/shop.ts'

const id = 'cmjr4c7qq0000v8hozkz00001'
const wrapped = (text: string, columns = 40) => renderMessage(text, columns, false).split('\n')

describe('a message on a terminal', () => {
  it.each([
    ['fits', ['fits']],
    ['', ['']],
    ['one two three four five six seven eight nine', ['one two three four five six seven eight', 'nine']],
    ['two\nlines', ['two', 'lines']],
    ['  indented, and long enough to be wrapped', ['  indented, and long enough to be', '  wrapped']],
    ['健太 高橋 健太 高橋 健太 高橋 健太 高橋 健太', ['健太 高橋 健太 高橋 健太 高橋 健太 高橋', '健太']],
    [`the customer with the id ${id} is not there`, ['the customer with the id', `${id} is not there`]],
    [
      `sign in at https://example.com/${'x'.repeat(40)} first`,
      ['sign in at', `https://example.com/${'x'.repeat(40)}`, 'first'],
    ],
    [
      'There are more customers. Next: orafi customers list --mode live --limit 4 --cursor c_4',
      ['There are more customers. Next:', 'orafi customers list --mode live --limit 4 --cursor c_4'],
    ],
    [
      "search with: orafi customers find 'ada; obi' --by name; or list all",
      ['search with:', "orafi customers find 'ada; obi' --by name;", 'or list all'],
    ],
    [
      'To keep a copy: orafi customers export a.csv. Deleting is permanent: orafi customers delete ID',
      [
        'To keep a copy:',
        'orafi customers export a.csv. Deleting',
        'is permanent: orafi customers delete ID',
      ],
    ],
    [
      'choose one with: orafi use --profile NAME (orafi whoami --all lists them)',
      ['choose one with:', 'orafi use --profile NAME', '(orafi whoami --all lists them)'],
    ],
    [
      `the journal is read with orafi runs show 20261124-081535-k3f9 on this machine`,
      ['the journal is read with', 'orafi runs show 20261124-081535-k3f9 on', 'this machine'],
    ],
    [
      'then run ORAFI_SANDBOX=1 with it: ORAFI_SANDBOX=1 orafi customers list --all',
      ['then run ORAFI_SANDBOX=1 with it:', 'ORAFI_SANDBOX=1 orafi customers list --all'],
    ],
  ])('%j is wrapped between words, never inside ids, URLs and commands', (text, lines) => {
    expect(wrapped(text)).toEqual(lines)
  })

  it('is as wide as the terminal, or 80 columns', () => {
    const text = 'word '.repeat(60).trim()
    for (const columns of [1, 20, 50, 80, 200])
      for (const line of wrapped(text, columns))
        expect(widthOf(line)).toBeLessThanOrEqual(Math.max(4, columns))
    expect(renderMessage(text, 0, false)).toBe(renderMessage(text, 80, false))
    expect(renderMessage(text, undefined, false)).toBe(renderMessage(text, 80, false))
  })

  it('wraps words of a hundred thousand letters at once', () => {
    const long = '漢'.repeat(100_000)
    expect(wrapped(`a ${long} b`)).toEqual(['a', long, 'b'])
  })

  it('shows what warns in colour, if there is colour', () => {
    expect(renderMessage('warning: LIVE and DELETED', 80, true)).toBe(
      '\x1b[33mwarning:\x1b[39m \x1b[31m\x1b[1mLIVE\x1b[22m\x1b[39m and DELETED',
    )
    expect(renderMessage('error: no\nhint: why', 80, true)).toBe(
      '\x1b[31m\x1b[1merror:\x1b[22m\x1b[39m no\n\x1b[2mhint:\x1b[22m why',
    )
  })
})

describe('messages of a command', () => {
  it('are wrapped on a terminal only, and never as JSON', async () => {
    const shop = await openShop(20)
    const line = 'customers list --limit 1 --mode test'
    const shown = await orafi(line, { ...shop.test, tty: true, columns: 50, env: { NO_COLOR: '1' } })
    expect(shown.stderr).toMatch(/\norafi customers list --limit 1 --mode test --cursor \S+\n$/)
    const wrong = `customers list --limit 1 --fields ${'id,'.repeat(30)}nope`
    const error = await orafi(wrong, { tty: true, columns: 50, env: { NO_COLOR: '1' } })
    expect(error.stderr).toContain('\nhint: the fields are id, firstname, lastname,\nemail, mode, totalSpent')
    expect((await orafi(wrong, {})).stderr.trimEnd().split('\n')).toHaveLength(2)
    const json = await orafi(`${wrong} --json`, { tty: true, columns: 50 })
    expect(json.stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})
