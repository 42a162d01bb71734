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

test('a word is compared only with those that are about as long', () => {
  let letters = 0
  const distanceOf = (one: string, other: string): number => {
    letters += one.length * other.length
    return 9
  }
  expect(nearest('x'.repeat(100_000), known, distanceOf)).toBeUndefined()
  expect(letters).toBe(0)
  expect(nearest('customrs', [...known, 'customers'.repeat(10_000)], distanceOf)).toBeUndefined()
  expect(letters).toBe('customrs'.length * 'customers'.length + 'customrs'.length * 'logout'.length + 8 * 5)
})
