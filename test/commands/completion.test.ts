import { expect, test } from 'vitest'
import { orafi } from '../support/orafi.ts'

test.each(['bash', 'zsh', 'fish'])('the script for %s knows commands, options and values', async (shell) => {
  const { code, stdout, stderr } = await orafi(`completion ${shell}`)
  expect([code, stderr]).toEqual([0, ''])
  for (const word of ['duplicates', 'spent', 'ABOVE500USDT', 'profile', 'exit-codes'])
    expect(stdout).toContain(word)
})

test.each(['bash', 'zsh', 'fish'])('the script for %s starts no program of ours', async (shell) => {
  const { stdout } = await orafi(`completion ${shell}`)
  expect(stdout).not.toMatch(/\$\(\s*(orafi|node)\b|\(orafi |`orafi|\bnode\b/)
})

test('a shell that there is no script for ends with 2 and names those that there are', async () => {
  const { code, stdout, stderr } = await orafi('completion powershell')
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain('bash, zsh, fish')
})

test('no shell ends with 2', async () => {
  expect((await orafi('completion')).code).toBe(2)
})
