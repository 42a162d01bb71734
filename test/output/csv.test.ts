import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { documentedFields } from '../../src/api/customer.ts'
import { createSerialiser } from '../../src/output/printer.ts'
import { many, one, report } from '../../src/output/result.ts'
import { customer, customers, listed, printed } from './stdout.ts'

const csv = { format: 'csv' } as const
const header = 'id,firstname,lastname,email,mode,totalSpent,createdAt,updatedAt\r\n'

describe('--csv', () => {
  it('prints a header and a row each, with full dates and CRLF', async () => {
    const text = await printed(listed([customer(1, { mode: ['test', 'live'], totalSpent: 12.5 })]), csv)
    expect(text).toBe(
      `${header}cmjr4c7qq0000v8hozkz00001,Melvin,Charles,melvin.1@orafi.app,"test,live",12.5,2025-12-29T12:12:29.615Z,2026-01-02T00:00:00.000Z\r\n`,
    )
    expect(await printed(one(customer(2)), csv)).toBe(await printed(many([customer(2)]), csv))
  })

  it('prints the header of an empty list', async () => {
    expect(await printed(listed([]), csv)).toBe(header)
  })

  it('prints the header once, however many batches there are', async () => {
    const text = await printed(listed(customers(2_500)), csv)
    expect(text.split('\r\n')).toHaveLength(2_502)
    expect(text.split('firstname')).toHaveLength(2)
  })

  it('can be read back by a CSV parser, whatever the cells hold', async () => {
    const cell = fc.string({
      unit: fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('"', ',', '\r', '\n', '\r\n', '', ' ', ';'),
      ),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell, cell), { minLength: 1 }), async (rows) => {
        const records = rows.map(([id, firstname, email]) => ({ id, firstname, email }))
        const text = createSerialiser('csv', { fields: ['id', 'firstname', 'email'] }).records(records)
        expect(parse(text, { record_delimiter: '\r\n' })).toEqual(rows)
      }),
      { numRuns: 500 },
    )
  })

  it('writes a single empty cell in quotes, since an empty line is no record', async () => {
    expect(await printed(many([{ id: 'c_1' }]), { ...csv, fields: ['email'] })).toBe('email\r\n""\r\n')
  })

  it.each(['=1+1', '+44', '-1', '@SUM(A1)', '\t=1', '\r=1'])(
    'guards %j for spreadsheets when asked to, and only then',
    async (name) => {
      const record = customer(1, { firstname: name })
      const cellOf = async (excelSafe: boolean) => {
        const text = await printed(one(record), { ...csv, fields: ['firstname', 'id'], excelSafe })
        return parse(text, { record_delimiter: '\r\n' })[1]?.[0]
      }
      expect(await cellOf(true)).toBe(`'${name}`)
      expect(await cellOf(false)).toBe(name)
    },
  )

  it('guards no cell that merely holds such a sign', async () => {
    const text = await printed(one(customer(1, { firstname: 'a=b' })), {
      ...csv,
      fields: ['firstname'],
      excelSafe: true,
    })
    expect(text).toBe('\ufefffirstname\r\na=b\r\n')
  })

  it('makes control characters visible on a terminal, and keeps them in a pipe', async () => {
    const record = customer(1, { firstname: 'a\x1b[2Jb' })
    const options = { ...csv, fields: ['firstname'] }
    expect(await printed(one(record), { ...options, isTTY: true })).toBe('firstname\r\na\\x1b[2Jb\r\n')
    expect(await printed(one(record), options)).toBe('firstname\r\na\x1b[2Jb\r\n')
  })

  it('starts with one byte order mark for a spreadsheet, except on a terminal', async () => {
    const options = { ...csv, fields: ['id'], excelSafe: true }
    const records = customers(2_500)
    expect((await printed(many(records), options)).match(/\ufeff/g)).toHaveLength(1)
    for (const result of [many(records), many([]), one(customer(1))]) {
      expect(await printed(result, options)).toMatch(/^\ufeffid\r\n/)
      expect(await printed(result, { ...options, isTTY: true })).toMatch(/^id\r\n/)
    }
  })

  it.each([';', '|', '\t', '='])(
    'separates with %j, and quotes the cells that contain it',
    async (delimiter) => {
      const record = customer(1, { firstname: `A${delimiter}B`, lastname: 'C,D', mode: ['test', 'live'] })
      const options = { ...csv, fields: ['firstname', 'lastname', 'mode'], delimiter }
      const d = delimiter
      expect(await printed(one(record), options)).toBe(
        `firstname${d}lastname${d}mode\r\n"A${d}B"${d}C,D${d}test,live\r\n`,
      )
    },
  )

  it('prints the columns of a report by their keys', async () => {
    const result = report(
      {},
      [{ id: 'c_1', reason: 'spent, since' }],
      [
        { key: 'id', title: 'ID' },
        { key: 'reason', title: 'WHY' },
      ],
    )
    expect(await printed(result, csv)).toBe('id,reason\r\nc_1,"spent, since"\r\n')
  })
})

describe('a serialiser for a file', () => {
  it('gives what a pipe gets', async () => {
    for (const format of ['csv', 'ndjson', 'json'] as const) {
      const serialiser = createSerialiser(format, { fields: documentedFields })
      const batches = [customers(2), [], [customer(3)]]
      const text = [
        serialiser.begin(),
        ...batches.map((batch) => serialiser.records(batch)),
        serialiser.end(),
      ].join('')
      expect(text).toBe(await printed(many(batches.flat()), { format, fields: documentedFields }))
    }
  })
})
