import { describe, expect, it } from 'vitest'
import { ExactNumber } from '../../src/exact.ts'
import { one, report } from '../../src/output/result.ts'
import { customer, listed, printed } from './stdout.ts'

describe('the default in a pipe', () => {
  it('is a record a line, cells apart by tabs, no header, nothing cut', async () => {
    const long = 'a'.repeat(300)
    const text = await printed(listed([customer(1, { firstname: long, mode: ['test', 'live'] })]))
    expect(text).toBe(
      `cmjr4c7qq0000v8hozkz00001\t${long}\tCharles\tmelvin.1@orafi.app\ttest,live\t0\t2025-12-29T12:12:29.615Z\t2026-01-02T00:00:00.000Z\n`,
    )
    expect(await printed(one(customer(1)))).toBe(await printed(listed([customer(1)])))
  })

  it('prints nothing for an empty list', async () => {
    expect(await printed(listed([]))).toBe('')
  })

  it('keeps a tab or a newline inside a value from forging cells and lines', async () => {
    const text = await printed(one(customer(1, { firstname: 'a\tb\nc', lastname: '\x1b[2J' })), {
      fields: ['firstname', 'lastname'],
    })
    expect(text).toBe('a\\x09b\\x0ac\t\\x1b[2J\n')
  })

  it('picks and orders fields', async () => {
    expect(await printed(listed([customer(1)]), { fields: ['email', 'id'] })).toBe(
      'melvin.1@orafi.app\tcmjr4c7qq0000v8hozkz00001\n',
    )
  })

  it.each([
    ['12.50', '12.50'],
    [new ExactNumber('12345678901234567890'), '12345678901234567890'],
    [null, ''],
    [undefined, ''],
    [{ amount: 1 }, '{"amount":1}'],
    [true, 'true'],
    [[1, null, 'x'], '1,,x'],
  ])('prints the odd amount %j by value', async (totalSpent, shown) => {
    expect(await printed(one(customer(1, { totalSpent })), { fields: ['totalSpent'] })).toBe(`${shown}\n`)
  })

  it.each([
    ['live', 'live'],
    [null, ''],
    [{ live: true }, '{"live":true}'],
    [['live', ['test']], 'live,test'],
  ])('prints the odd mode %j by value', async (mode, shown) => {
    expect(await printed(one(customer(1, { mode })), { fields: ['mode'] })).toBe(`${shown}\n`)
  })

  it('prints the rows of a report, unless it has none for pipes', async () => {
    const columns = [{ key: 'id', title: 'DELETED' }]
    expect(await printed(report({}, [{ id: 'c_1' }, { id: 'c\t2' }], columns))).toBe('c_1\nc\\x092\n')
    expect(await printed(report({}, [{ id: 'c_1' }], columns, 'terminal'))).toBe('')
  })
})
