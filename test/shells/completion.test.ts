import { describe, expect, test } from 'vitest'
import { shellNames } from '../../src/reference/completion.ts'
import { openShell, prompt } from './completing.ts'

/** What is typed before TAB, and what stands there after it. */
const completed = {
  'a command in a group': ['orafi customers del', 'orafi customers delete'],
  'a command of its own': ['orafi whoa', 'orafi whoami'],
  'a command after a global option': [
    'orafi --sandbox customers dup',
    'orafi --sandbox customers duplicates',
  ],
  'a command after the value of an option': [
    'orafi --profile customers customers imp',
    'orafi --profile customers customers import',
  ],
  'an option of a command': ['orafi customers list --created-a', 'orafi customers list --created-after'],
  'a global option behind a command': ['orafi customers list --excel', 'orafi customers list --excel-safe'],
  'a mode': ['orafi customers list --mode l', 'orafi customers list --mode live'],
  'a mode after =': ['orafi customers list --mode=l', 'orafi customers list --mode=live'],
  'a range of spending in small letters': [
    'orafi customers list --spent above',
    'orafi customers list --spent ABOVE500USDT',
  ],
  'what find looks at': ['orafi customers find x --by na', 'orafi customers find x --by name'],
  'a second field after a comma': [
    'orafi customers list --fields id,em',
    'orafi customers list --fields id,email',
  ],
  'the mode to use': ['orafi use l', 'orafi use live'],
  'a shell': ['orafi completion z', 'orafi completion zsh'],
  'the file of an option': [
    'orafi customers delete --ids-from peo',
    'orafi customers delete --ids-from people.csv',
  ],
  'the file of an argument': ['orafi customers import peo', 'orafi customers import people.csv'],
  'a run of the journal': ['orafi runs undo 20261124', 'orafi runs undo 20261124-081535-aaaa'],
  'a command to be helped with': ['orafi help customers exp', 'orafi help customers export'],
  'a topic of the help': ['orafi help exit', 'orafi help exit-codes'],
} as const

for (const shell of shellNames) {
  describe(`TAB in ${shell}`, () => {
    test.each(Object.entries(completed))('completes %s', async (_, [typed, shown]) => {
      const session = await openShell(shell)
      session.type(`${typed}\t`)
      await session.see(`${prompt}${shown}`)
      expect(await session.started()).toBe(false)
    })

    test('lists the commands of a group', async () => {
      const session = await openShell(shell)
      session.type('orafi customers \t')
      for (const name of ['list', 'get', 'find', 'create', 'delete', 'duplicates', 'import', 'export']) {
        await session.see(name)
      }
    })

    test('does not complete customer ids, and offers no files for them', async () => {
      const session = await openShell(shell)
      session.type('orafi customers get \t\tcus_1')
      expect(await session.see('get cus_1')).toBe(`${prompt}orafi customers get cus_1`)
    })

    test('offers no files if a mode is expected', async () => {
      const session = await openShell(shell)
      session.type('orafi customers list --mode \t')
      expect(await session.see('live')).not.toContain('people.csv')
    })
  })
}
