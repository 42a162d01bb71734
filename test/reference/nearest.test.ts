import { expect, test } from 'vitest'
import { nearest } from '../../src/reference/suggestions.ts'

const known = ['customers', 'runs', 'login', 'logout']

test('a typing error finds the intended word', () => {
  expect(nearest('custmers', known)).toBe('customers')
  expect(nearest('logni', known)).toBe('login')
})

test('a word that resembles none finds none', () => {
  expect(nearest('nope', known)).toBeUndefined()
  expect(nearest('', known)).toBeUndefined()
})

test('a word that is much longer or shorter finds none', () => {
  expect(nearest('x'.repeat(100_000), known)).toBeUndefined()
  expect(nearest('customrs', ['customers'.repeat(10_000)])).toBeUndefined()
})
