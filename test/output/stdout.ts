import { setImmediate } from 'node:timers/promises'
import type { Customer } from '../../src/api/customer.ts'
import type { PageInfo } from '../../src/api/envelope.ts'
import { createPrinter, type PrinterOptions } from '../../src/output/printer.ts'
import { many, type Result } from '../../src/output/result.ts'
import type { Sink } from '../../src/world.ts'

/** A stdout that keeps what it was given. */
export interface Stdout extends Sink {
  readonly writes: string[]
  text(): string
}

export function stdoutOf({ isTTY = false, columns }: { isTTY?: boolean; columns?: number } = {}): Stdout {
  const writes: string[] = []
  return {
    isTTY,
    columns,
    writes,
    text: () => writes.join(''),
    async write(text) {
      writes.push(text)
    },
  }
}

type Options = Partial<PrinterOptions> & { isTTY?: boolean; columns?: number }

/** What a result looks like on stdout. */
export async function printed(result: Result, options: Options = {}): Promise<string> {
  const stdout = stdoutOf(options)
  await printerTo(stdout, options).print(result)
  return stdout.text()
}

export function printerTo(stdout: Sink, options: Partial<PrinterOptions> = {}) {
  return createPrinter({ format: 'default', colour: false, pause: () => setImmediate(), ...options, stdout })
}

/** A customer as the API sends it, of this number, with other values for some fields. */
export function customer(number = 1, other: Record<string, unknown> = {}): Customer {
  return {
    id: `cmjr4c7qq0000v8hozkz${String(number).padStart(5, '0')}`,
    firstname: 'Melvin',
    lastname: 'Charles',
    email: `melvin.${number}@orafi.app`,
    mode: ['test'],
    totalSpent: 0,
    createdAt: '2025-12-29T12:12:29.615Z',
    updatedAt: '2026-01-02T00:00:00.000Z',
    ...other,
  }
}

export function customers(count: number): Customer[] {
  return Array.from({ length: count }, (_, place) => customer(place + 1))
}

export const ended: PageInfo = { hasNextPage: false, nextCursor: null }

/** A page of a listing that ended. */
export function listed(records: Iterable<Customer> | AsyncIterable<Customer>, pageInfo = ended): Result {
  return many(records, () => pageInfo)
}
