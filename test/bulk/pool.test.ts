import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mapInOrder, runPool, runUntilStopped } from '../../src/bulk/pool.ts'
import { unhandledDuring } from '../support/unhandled.ts'

const never = (): boolean => false

async function* counted(count: number, taken: { last: number }): AsyncGenerator<number> {
  for (let item = 0; item < count; item++) {
    taken.last = item
    yield item
  }
}

describe('a pool', () => {
  test('does every item once, never more at once than allowed, whatever takes how long', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(5), { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        async (lengths, allowed) => {
          const done: number[] = []
          let underWay = 0
          let most = 0
          await runPool({
            items: lengths.keys(),
            allowed: () => allowed,
            isStopped: never,
            async work(item) {
              most = Math.max(most, ++underWay)
              for (let turn = 0; turn < (lengths[item] ?? 0); turn++) await setImmediate()
              underWay -= 1
              done.push(item)
            },
          })
          expect(done.sort((a, b) => a - b)).toEqual([...lengths.keys()])
          expect(most).toBeLessThanOrEqual(allowed)
        },
      ),
      { numRuns: 50 },
    )
  })

  test('does as many at once as allowed, and one where none is', async () => {
    const mostOf = async (allowed: number): Promise<number> => {
      let underWay = 0
      let most = 0
      await runPool({
        items: counted(20, { last: 0 }),
        allowed: () => allowed,
        isStopped: never,
        async work() {
          most = Math.max(most, ++underWay)
          await setImmediate()
          underWay -= 1
        },
      })
      return most
    }
    expect([await mostOf(0), await mostOf(1), await mostOf(4)]).toEqual([1, 1, 4])
  })

  test('takes no item from its source that it cannot begin', async () => {
    const taken = { last: -1 }
    let begun = 0
    let ahead = 0
    await runPool({
      items: counted(100, taken),
      allowed: () => 3,
      isStopped: never,
      async work() {
        begun += 1
        ahead = Math.max(ahead, taken.last + 1 - begun)
        await setImmediate()
      },
    })
    expect(begun).toBe(100)
    expect(ahead).toBe(0)
  })

  test('stopped, it begins nothing more and finishes what is under way', async () => {
    const begun: number[] = []
    const finished: number[] = []
    await runPool({
      items: counted(100, { last: 0 }),
      allowed: () => 4,
      isStopped: () => begun.length >= 10,
      async work(item) {
        begun.push(item)
        await setImmediate()
        finished.push(item)
      },
    })
    expect(begun).toHaveLength(10)
    expect(finished.sort((a, b) => a - b)).toEqual(begun)
  })

  test('the first thing that is thrown ends it, after what is under way', async () => {
    const finished: number[] = []
    const failed = runPool({
      items: counted(100, { last: 0 }),
      allowed: () => 4,
      isStopped: never,
      async work(item) {
        await setImmediate()
        if (item === 5) throw new Error('the fifth')
        finished.push(item)
      },
    })
    await expect(failed).rejects.toThrow('the fifth')
    expect(finished.length).toBeGreaterThanOrEqual(5)
    expect(finished.length).toBeLessThan(12)
  })

  test('a source that fails ends it likewise', async () => {
    async function* broken(): AsyncGenerator<number> {
      yield 1
      throw new Error('the file changed')
    }
    const done: number[] = []
    const pool = runPool({
      items: broken(),
      allowed: () => 2,
      isStopped: never,
      work: async (item) => void done.push(item),
    })
    await expect(pool).rejects.toThrow('the file changed')
    expect(done).toEqual([1])
  })

  test('a smaller allowance holds from the next item on', async () => {
    let allowed = 8
    let underWay = 0
    const seen: number[] = []
    await runPool({
      items: counted(60, { last: 0 }),
      allowed: () => allowed,
      isStopped: never,
      async work(item) {
        underWay += 1
        if (item === 20) allowed = 2
        await setImmediate()
        if (item > 35) seen.push(underWay)
        underWay -= 1
      },
    })
    expect(Math.max(...seen)).toBeLessThanOrEqual(2)
  })
})

describe('work with an outcome for each item', () => {
  test('that is interrupted ends with the reason, though nothing was thrown', async () => {
    const controller = new AbortController()
    const done: number[] = []
    const stopped = await runUntilStopped({
      items: [1, 2, 3],
      throttle: { allowed: 1 },
      signal: controller.signal,
      async work(item) {
        done.push(item)
        if (item === 2) controller.abort('interrupted')
      },
    })
    expect([stopped, done]).toEqual(['interrupted', [1, 2]])
  })
})

describe('looking ahead', () => {
  test('hands on in order, with as many look-ups at once as allowed and never more', async () => {
    for (const allowed of [0, 1, 3]) {
      let underWay = 0
      let most = 0
      const look = async (item: number): Promise<number> => {
        most = Math.max(most, ++underWay)
        for (let turn = 0; turn < 5 - (item % 5); turn++) await setImmediate()
        underWay -= 1
        return item
      }
      const found: number[] = []
      for await (const item of mapInOrder(Array(20).keys(), look, () => allowed)) found.push(item)
      expect(found).toEqual([...Array(20).keys()])
      expect(most).toBe(Math.max(1, allowed))
    }
  })

  test('throws the first failure in that order, and later ones cause no unhandled rejection', async () => {
    const unhandled = await unhandledDuring(async () => {
      const look = async (item: number): Promise<number> => {
        if (item < 2) throw new Error(`no ${item}`)
        return item
      }
      const all = async (): Promise<void> => {
        for await (const _ of mapInOrder([0, 1, 2], look, () => 3));
      }
      await expect(all()).rejects.toThrow('no 0')
    })
    expect(unhandled).toEqual([])
  })
})
