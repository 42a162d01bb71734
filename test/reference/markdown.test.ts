import { expect, test } from 'vitest'
import { between } from '../../src/reference/markdown.ts'

test('a table replaces what stood between its markers, and nothing else', () => {
  const page = 'before\n<!-- commands -->\nold\n<!-- /commands -->\nafter\n'
  const written = between(page, 'commands', '| new |')
  expect(written).toBe('before\n<!-- commands -->\n\n| new |\n\n<!-- /commands -->\nafter\n')
  expect(between(written, 'commands', '| new |')).toBe(written)
})

test('a page without the markers stays as it is', () => {
  expect(between('a page\n', 'commands', 'x')).toBe('a page\n')
  expect(between('<!-- commands -->\n', 'commands', 'x')).toBe('<!-- commands -->\n')
})
