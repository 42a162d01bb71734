import { expect, test } from 'vitest'
import { exitCodes as given } from '../../src/main.ts'
import { exitCodes as documented } from '../../src/reference/exit-codes.ts'

test('every error code is documented with the exit code that the program gives', () => {
  // Three signals share a code; the table of the program has the one of Ctrl-C.
  const errors = documented.filter(({ exit, code }) => code !== undefined && ![129, 143].includes(exit))
  expect(Object.fromEntries(errors.map(({ exit, code }) => [code, exit]))).toEqual(given)
})
