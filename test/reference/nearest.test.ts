import { expect, test } from 'vitest'
import { nearest } from '../../src/reference/suggestions.ts'

const known = ['customers', 'runs', 'login', 'logout']

test('a slip of the finger finds the word that was meant', () => {
  expect(nearest('custmers', known)).toBe('customers')
  expect(nearest('logni', known)).toBe('login')
})

test('a word that is like none finds none', () => {
  expect(nearest('nope', known)).toBeUndefined()
  expect(nearest('', known)).toBeUndefined()
})

test('a word that is much longer or shorter finds none', () => {
  expect(nearest('x'.repeat(100_000), known)).toBeUndefined()
  expect(nearest('customrs', ['customers'.repeat(10_000)])).toBeUndefined()
})
