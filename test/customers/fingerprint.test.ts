import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Customer } from '../../src/api/customer.ts'
import { fingerprintOf } from '../../src/customers/fingerprint.ts'
import { ExactNumber, parseExact, stringifyExact } from '../../src/exact.ts'

const parsed = (text: string): Customer => parseExact(text) as Customer
const customer: Customer = {
  id: 'c_1',
  firstname: 'Zoë',
  lastname: 'Øre',
  email: 'zoe@example.com',
  mode: ['test', 'live'],
  totalSpent: 12.5,
  createdAt: '2025-12-29T12:12:29.615Z',
  updatedAt: '2025-12-29T12:12:29.615Z',
}

describe('the fingerprint of a customer', () => {
  test('is the SHA-256 of one text, which must not change: journals and plans keep it', () => {
    const text =
      '{"id":"c_1","firstname":"Zoë","lastname":"Øre","email":"zoe@example.com","mode":["test","live"],' +
      '"totalSpent":125e-1}'
    expect(fingerprintOf(customer)).toBe(createHash('sha256').update(text).digest('hex'))
  })

  test('does not depend on the order of fields, on dates in either form, or on fields that are not documented', () => {
    const shuffled = Object.fromEntries(Object.entries(customer).reverse())
    const userCustomers = [{ createdAt: '2025-12-29T12:12:29.615Z' }]
    const { createdAt: _, updatedAt: __, ...created } = customer
    expect(fingerprintOf({ ...created, userCustomers })).toBe(fingerprintOf(customer))
    expect(fingerprintOf(created)).toBe(fingerprintOf(customer))
    expect(fingerprintOf({ ...shuffled, extra: 1, __proto__: null } as unknown as Customer)).toBe(
      fingerprintOf(customer),
    )
  })

  test.each([
    ['1', '1.0'],
    ['100', '1e2'],
    ['0', '-0.00'],
    ['0.1', '1e-1'],
    ['12345678901234567890', '1234567890123456789e1'],
    ['0.30000000000000004', '3.0000000000000004e-1'],
    ['1e400', '10e399'],
    ['1e21', '1000000000000000000000'],
    ['5e-324', '0.5e-323'],
  ])('takes numbers by value: %s is %s', (one, other) => {
    const withSpent = (number: string): string => fingerprintOf(parsed(`{"id":"c","totalSpent":${number}}`))
    expect(withSpent(one)).toBe(withSpent(other))
  })

  test.each([
    ['12345678901234567890', '12345678901234567891'],
    ['1', '-1'],
    ['0', '1'],
    ['0', '-1'],
    ['1', '10'],
    ['1', '"1"'],
    ['0', 'null'],
    ['0', 'false'],
    ['[1]', '1'],
    ['[]', '{}'],
    ['{"a":1}', '{"b":1}'],
    ['["a,b"]', '["a","b"]'],
  ])('tells values apart: %s is not %s', (one, other) => {
    const withSpent = (value: string): string => fingerprintOf(parsed(`{"id":"c","totalSpent":${value}}`))
    expect(withSpent(one)).not.toBe(withSpent(other))
  })

  test('takes nothing for 0, with however many digits', () => {
    const withSpent = (totalSpent: unknown): string => fingerprintOf({ id: 'c', totalSpent })
    for (const digits of ['0', '-0', '0.00', '0e9', '-00.000e-99'])
      expect(withSpent(new ExactNumber(digits))).toBe(withSpent(0))
  })

  test('tells a missing field from null, and sees a change of each that counts', () => {
    const { email: _, ...without } = customer
    expect(fingerprintOf(without)).not.toBe(fingerprintOf({ ...customer, email: null }))
    const all = Object.keys(customer).map((field) => fingerprintOf({ ...customer, [field]: 'other' }))
    expect(new Set([...all, fingerprintOf(customer)]).size).toBe(7)
  })

  test('is the same for a record that went through the journal, whatever its values', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const one = parsed(`{"id":"c","totalSpent":${text}}`)
        expect(fingerprintOf(one)).toMatch(/^[0-9a-f]{64}$/)
        expect(fingerprintOf(parsed(stringifyExact(one)))).toBe(fingerprintOf(one))
      }),
    )
  })

  test('sorts the keys of objects, however many there are and wherever they stand', () => {
    const text = '{"id":"c","mode":[{"a":1e0,"b":2e0,"c":{"x":null,"y":true,"z":0}}]}'
    const hashed = createHash('sha256').update(text).digest('hex')
    for (const mode of [
      '{"a":1,"b":2,"c":{"x":null,"y":true,"z":0}}',
      '{"c":{"z":0,"y":true,"x":null},"b":2,"a":1}',
      '{"b":2,"c":{"y":true,"z":0,"x":null},"a":1}',
    ]) {
      expect(fingerprintOf(parsed(`{"mode":[${mode}],"id":"c"}`))).toBe(hashed)
    }
  })
})
