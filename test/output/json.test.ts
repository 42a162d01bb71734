import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { documentedFields } from '../../src/api/customer.ts'
import { ExactNumber } from '../../src/exact.ts'
import { many, one, report } from '../../src/output/result.ts'
import { customer, customers, ended, listed, printed } from './stdout.ts'

const json = { format: 'json' } as const
const terminal = { format: 'json', isTTY: true, columns: 80 } as const

describe('--json', () => {
  it('prints a customer itself, on one line in a pipe', async () => {
    const record = customer(1, { extra: { nested: [1, null] } })
    expect(await printed(one(record), json)).toBe(`${JSON.stringify(record)}\n`)
  })

  it('indents by two on a terminal', async () => {
    const record = customer(1)
    expect(await printed(one(record), terminal)).toBe(`${JSON.stringify(record, null, 2)}\n`)
  })

  it.each([0, 1, 3])('prints a listing of %i as one document with how it ended', async (count) => {
    const ending = { hasNextPage: true, nextCursor: 'c_2' }
    const document = { data: customers(count), ...ending }
    expect(await printed(listed(customers(count), ending), json)).toBe(`${JSON.stringify(document)}\n`)
    expect(await printed(listed(customers(count), ending), terminal)).toBe(
      `${JSON.stringify(document, null, 2)}\n`,
    )
  })

  it.each([0, 1, 3])('prints %i customers that are no listing as a bare array', async (count) => {
    expect(await printed(many(customers(count)), json)).toBe(`${JSON.stringify(customers(count))}\n`)
    expect(await printed(many(customers(count)), terminal)).toBe(
      `${JSON.stringify(customers(count), null, 2)}\n`,
    )
  })

  it('is always JSON, whatever the customers hold and however they arrive', async () => {
    const record = fc.record({
      id: fc.string({ minLength: 1 }),
      field: fc.jsonValue(),
      email: fc.string({ unit: 'binary' }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(record), fc.boolean(), fc.boolean(), async (records, isTTY, asListing) => {
        const result = asListing ? listed(records) : many(records)
        const parsed: unknown = JSON.parse(await printed(result, { ...json, isTTY }))
        const whole = records.map((one) => ({
          ...Object.fromEntries(documentedFields.map((field) => [field, null])),
          ...one,
        }))
        const expected = JSON.parse(JSON.stringify(asListing ? { data: whole, ...ended } : whole))
        expect(parsed).toEqual(expected)
      }),
    )
  })

  it('keeps digits that a double cannot hold, and escapes what a terminal would obey', async () => {
    const record = customer(1, {
      totalSpent: new ExactNumber('12345678901234567890.10'),
      firstname: '\x1b\x9b\u202e',
    })
    for (const options of [json, terminal]) {
      const text = await printed(listed([record]), options)
      expect(text).toMatch(/"totalSpent": ?12345678901234567890\.10/)
      expect(text).toContain('"\\u001b\\u009b\\u202e"')
    }
  })

  it('selects and orders the requested fields; a missing one is null', async () => {
    const record = { id: 'c_1', email: 'a@b.c' }
    const text = await printed(listed([record]), { ...json, fields: ['email', 'totalSpent', 'id'] })
    expect(text).toBe(
      '{"data":[{"email":"a@b.c","totalSpent":null,"id":"c_1"}],"hasNextPage":false,"nextCursor":null}\n',
    )
  })

  it('prints the document of a report', async () => {
    const result = report({ run: null, deleted: [] }, [], [{ key: 'id', title: 'ID' }])
    expect(await printed(result, json)).toBe('{"run":null,"deleted":[]}\n')
    expect(await printed(result, terminal)).toBe('{\n  "run": null,\n  "deleted": []\n}\n')
  })
})

describe('--ndjson', () => {
  const ndjson = { format: 'ndjson' } as const

  it('prints a record a line, on a terminal too', async () => {
    const lines = `${JSON.stringify(customer(1))}\n${JSON.stringify(customer(2))}\n`
    expect(await printed(listed(customers(2)), ndjson)).toBe(lines)
    expect(await printed(listed(customers(2)), { ...ndjson, isTTY: true })).toBe(lines)
    expect(await printed(one(customer(1)), ndjson)).toBe(`${JSON.stringify(customer(1))}\n`)
  })

  it('prints nothing if there is nothing', async () => {
    expect(await printed(listed([]), ndjson)).toBe('')
  })

  it('picks and orders fields', async () => {
    expect(await printed(one({ id: 'c_1' }), { ...ndjson, fields: ['mode', 'id'] })).toBe(
      '{"mode":null,"id":"c_1"}\n',
    )
  })

  it('prints a report that lists as a record a line, any other as one', async () => {
    expect(await printed(report({ data: [{ run: 'a' }, { run: 'b' }] }, [], []), ndjson)).toBe(
      '{"run":"a"}\n{"run":"b"}\n',
    )
    expect(await printed(report([1, 2], [], []), ndjson)).toBe('1\n2\n')
    expect(await printed(report({ run: 'a', deleted: ['c_1'] }, [], []), ndjson)).toBe(
      '{"run":"a","deleted":["c_1"]}\n',
    )
  })
})
