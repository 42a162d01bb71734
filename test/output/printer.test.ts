import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Customer } from '../../src/api/customer.ts'
import { ClosedPipe } from '../../src/errors.ts'
import { many } from '../../src/output/result.ts'
import { customer, customers, printed, printerTo, stdoutOf } from './stdout.ts'

/** Records in pages: each page comes when `next` is called, the end after the last. */
function inPages(pages: readonly Customer[][]) {
  let wanted = 0
  let wake = (): void => undefined
  async function* source(): AsyncGenerator<Customer> {
    for (const [place, page] of pages.entries()) {
      while (wanted <= place) await new Promise<void>((resolve) => (wake = resolve))
      yield* page
    }
  }
  return {
    source: source(),
    async next() {
      wanted += 1
      wake()
      for (let turn = 0; turn < 5; turn += 1) await setImmediate()
    },
  }
}

const failure = new Error('the third page failed')

async function* failingAfter(records: readonly Customer[]): AsyncGenerator<Customer> {
  yield* records
  await setImmediate()
  throw failure
}

describe('printing many', () => {
  it.each(['json', 'ndjson', 'csv', 'default'] as const)(
    'shows a page (%s) as soon as it is there, in one write',
    async (format) => {
      const stdout = stdoutOf()
      const { source, next } = inPages([customers(20), [customer(21)]])
      const printing = printerTo(stdout, { format }).print(many(source))
      await next()
      expect(stdout.writes).toHaveLength(1)
      expect(stdout.text()).toContain('melvin.20@orafi.app')
      await next()
      await printing
      expect(stdout.text()).toContain('melvin.21@orafi.app')
    },
  )

  it('lays out a table by its records, whenever they arrive', async () => {
    const names = ['Ada', 'Chukwuemeka', 'Fatoumata Binta', 'Bo']
    const record = (number: number): Customer =>
      customer(number, { firstname: names[number % 4], totalSpent: number ** 2 / 4 })
    const length = fc.integer({ min: 0, max: 130 })
    await fc.assert(
      fc.asyncProperty(
        length,
        fc.infiniteStream(fc.nat(2)),
        fc.constantFrom(50, 80, 120),
        async (count, turns, columns) => {
          async function* slowly(): AsyncGenerator<Customer> {
            for (let number = 0; number < count; number += 1) {
              for (let turn = Number(turns.next().value); turn > 0; turn -= 1) await setImmediate()
              yield record(number)
            }
            await setImmediate()
          }
          async function* atOnce(): AsyncGenerator<Customer> {
            for (let number = 0; number < count; number += 1) yield record(number)
          }
          const onTerminal = { isTTY: true, columns }
          expect(await printed(many(slowly()), onTerminal)).toBe(await printed(many(atOnce()), onTerminal))
        },
      ),
      { numRuns: 30 },
    )
  })

  it('shows a table as soon as a hundred rows are there, or as enough was read', async () => {
    const stdout = stdoutOf({ isTTY: true })
    const { source, next } = inPages([customers(100), customers(1)])
    const printing = printerTo(stdout).print(many(source))
    await next()
    expect(stdout.text().split('\n')).toHaveLength(102)
    await next()
    await printing

    const few = stdoutOf({ isTTY: true })
    const pages = inPages([customers(1), customers(1)])
    let enough = (): void => undefined
    const readEnough = new Promise<void>((resolve) => {
      enough = resolve
    })
    const searching = printerTo(few).print(many(pages.source, undefined, readEnough))
    await pages.next()
    expect(few.text()).toBe('')
    enough()
    for (let turn = 0; turn < 5; turn += 1) await setImmediate()
    expect(few.text().split('\n')).toHaveLength(3)
    await pages.next()
    await searching
    expect(few.text().split('\n')).toHaveLength(4)
  })

  it('shows the rows of a table that were there when the listing fails', async () => {
    const stdout = stdoutOf({ isTTY: true })
    await expect(printerTo(stdout).print(many(failingAfter(customers(3))))).rejects.toBe(failure)
    expect(stdout.text().split('\n')).toHaveLength(5)
  })

  it('waits for a slow reader and holds no more than a batch meanwhile', async () => {
    let given = 0
    async function* source(): AsyncGenerator<Customer> {
      for (; given < 50_000; given += 1) yield customer(given)
    }
    const writes: string[] = []
    let take = (): void => undefined
    const slow = {
      isTTY: false,
      columns: undefined,
      write: (text: string) =>
        new Promise<void>((resolve) => {
          writes.push(text)
          take = resolve
        }),
    }
    const printing = printerTo(slow, { format: 'ndjson' }).print(many(source()))
    for (let turn = 0; turn < 50; turn += 1) await setImmediate()
    expect(writes).toHaveLength(1)
    expect(given).toBeLessThan(2_000)
    const taking = (async () => {
      while (given < 50_000) {
        take()
        await setImmediate()
      }
      take()
      await setImmediate()
      take()
    })()
    await Promise.all([printing, taking])
    expect(writes.join('').split('\n')).toHaveLength(50_001)
  })

  it('closes the JSON document when a listing fails midway, and says where to continue', async () => {
    const count = fc.integer({ min: 0, max: 30 })
    await fc.assert(
      fc.asyncProperty(count, fc.boolean(), async (records, isTTY) => {
        const stdout = stdoutOf({ isTTY })
        const ending = () => ({ hasNextPage: true, nextCursor: 'c_9' })
        const printing = printerTo(stdout, { format: 'json' }).print(
          many(failingAfter(customers(records)), ending),
        )
        await expect(printing).rejects.toBe(failure)
        expect(JSON.parse(stdout.text())).toEqual({ data: customers(records), ...ending() })
      }),
    )
  })

  it('closes a bare array too', async () => {
    const stdout = stdoutOf()
    await expect(printerTo(stdout, { format: 'json' }).print(many(failingAfter(customers(2))))).rejects.toBe(
      failure,
    )
    expect(JSON.parse(stdout.text())).toEqual(customers(2))
  })

  it.each(['json', 'ndjson', 'csv', 'default'] as const)(
    'prints nothing (%s) when it fails before anything was read',
    async (format) => {
      const stdout = stdoutOf()
      const ending = () => ({ hasNextPage: true, nextCursor: null })
      await expect(printerTo(stdout, { format }).print(many(failingAfter([]), ending))).rejects.toBe(failure)
      expect(stdout.text()).toBe('')
    },
  )

  it('tells how the listing ended only when it has', async () => {
    let cursor: string | null = 'too early'
    async function* source(): AsyncGenerator<Customer> {
      yield customer(1)
      await setImmediate()
      cursor = 'c_1'
    }
    const text = await printed(
      many(source(), () => ({ hasNextPage: true, nextCursor: cursor })),
      { format: 'json' },
    )
    expect(JSON.parse(text)).toMatchObject({ hasNextPage: true, nextCursor: 'c_1' })
  })

  it('ends the records when the reader goes away, without waiting for a page under way', async () => {
    let left = false
    const never = new Promise<never>(() => undefined)
    let asked = 0
    const source: AsyncIterable<Customer> = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          asked += 1
          return asked > 1 ? never : Promise.resolve({ done: false, value: customer(1) })
        },
        return: () => {
          left = true
          return never
        },
      }),
    }
    const closed = { isTTY: false, columns: undefined, write: () => Promise.reject(new ClosedPipe()) }
    await expect(printerTo(closed, { format: 'json' }).print(many(source))).rejects.toBeInstanceOf(ClosedPipe)
    expect(left).toBe(true)
  })

  it('does not close a document that stdout stopped taking', async () => {
    let writes = 0
    const full = {
      isTTY: false,
      columns: undefined,
      async write() {
        writes += 1
        throw new Error('no space left')
      },
    }
    await expect(printerTo(full, { format: 'json' }).print(many(customers(1)))).rejects.toThrow(
      'no space left',
    )
    expect(writes).toBe(1)
  })
})
