import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { writtenAhead } from '../../src/bulk/pool.ts'
import { unhandledDuring } from '../support/unhandled.ts'

/** The numbers below `count`, in blocks of uneven lengths. */
async function* upTo(count: number): AsyncGenerator<number[]> {
  for (let start = 0, length = 0; start < count; start += length, length = (length + 1) % 4) {
    yield Array.from({ length: Math.min(length, count - start) }, (_, index) => start + index)
  }
}

describe('writing a block ahead', () => {
  test('hands every item on once, in order, and only after it is on disk', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(40), fc.integer({ min: 1, max: 9 }), async (count, block) => {
        const onDisk = new Set<number>()
        const seen: number[] = []
        const unused: number[] = []
        const write = async (items: readonly number[]): Promise<void> => {
          await Promise.resolve()
          for (const item of items) onDisk.add(item)
        }
        for await (const item of writtenAhead(
          { blocks: upTo(count), write, most: block },
          async (left) => void unused.push(...left),
        )) {
          expect(onDisk.has(item)).toBe(true)
          seen.push(item)
        }
        expect(seen).toEqual([...Array(count).keys()])
        expect(unused).toEqual([])
      }),
    )
  })

  test('gives back what was written and not handed on when its consumer stops', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(30),
        async (count, block, stop) => {
          const written: number[] = []
          const unused: number[] = []
          const seen: number[] = []
          const write = async (items: readonly number[]): Promise<void> => void written.push(...items)
          for await (const item of writtenAhead(
            { blocks: upTo(count), write, most: block },
            async (left) => void unused.push(...left),
          )) {
            seen.push(item)
            if (item === stop) break
          }
          expect([...seen, ...unused]).toEqual(written)
        },
      ),
    )
  })

  test('a block that cannot be written is met when its turn comes', async () => {
    const seen: number[] = []
    const write = async (items: readonly number[]): Promise<void> => {
      if (items.includes(4)) throw new Error('the disk is full')
    }
    const all = async (): Promise<void> => {
      for await (const item of writtenAhead({ blocks: upTo(9), write, most: 2 }, async () => undefined))
        seen.push(item)
    }
    await expect(all()).rejects.toThrow('the disk is full')
    expect(seen).toEqual([0, 1, 2])
  })

  test('and until then it is nobody’s unhandled rejection', async () => {
    const unhandled = await unhandledDuring(async () => {
      const write = async (items: readonly number[]): Promise<void> => {
        if (items.includes(1)) throw new Error('the disk is full')
      }
      const all = async (): Promise<void> => {
        for await (const _ of writtenAhead({ blocks: upTo(9), write, most: 1 }, async () => undefined))
          await setImmediate()
      }
      await expect(all()).rejects.toThrow('the disk is full')
    })
    expect(unhandled).toEqual([])
  })

  test('closes its source when its consumer stops', async () => {
    let closed = false
    async function* blocks(): AsyncGenerator<number[]> {
      try {
        yield* upTo(9)
      } finally {
        closed = true
      }
    }
    const write = async (): Promise<void> => undefined
    for await (const _ of writtenAhead({ blocks: blocks(), write, most: 1 }, async () => undefined)) break
    expect(closed).toBe(true)
  })
})
