import { expect, test } from 'vitest'
import { nearest } from '../../src/reference/nearest.ts'

const known = ['customers', 'runs', 'login', 'logout']

test('a slip of the finger finds the word that was meant', () => {
  expect(nearest('custmers', known)).toBe('customers')
  expect(nearest('logni', known)).toBe('login')
})

test('a word that is like none finds none', () => {
  expect(nearest('nope', known)).toBeUndefined()
  expect(nearest('', known)).toBeUndefined()
})
