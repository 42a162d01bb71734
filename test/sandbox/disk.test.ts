import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { SandboxStore, StoreOptions } from '../../src/sandbox/store.ts'
import { takeLock } from '../../src/storage/lock.ts'
import { temporaryFolder } from '../storage/folder.ts'
import { pay } from '../support/shop.ts'
import { noon, openStore, owner } from './orafi-like.ts'

const ada = { firstname: 'Ada', lastname: 'Obi', email: 'ada@example.com', mode: ['test'] } as const
const real: Partial<StoreOptions> = { sleep: (ms) => wait(ms) }

const logsIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.ndjson'))
const logIn = (folder: string): string => join(folder, logsIn(folder)[0] ?? 'none')

function everybody(store: SandboxStore): unknown[] {
  const found: unknown[] = []
  for (const key of ['test', 'live'] as const) {
    for (let cursor: string | undefined; ; ) {
      const page = store.page({ key, limit: 1000, cursor })
      found.push(...(page?.items ?? []))
      if (!page?.nextCursor) break
      cursor = page.nextCursor
    }
  }
  return found
}

describe('the sandbox on disk', () => {
  test('keeps its state for the next command', async () => {
    const folder = join(temporaryFolder(), 'state', 'sandbox')
    const first = await openStore({ folder })
    const created = await first.create(ada)
    const gone = first.page({ key: 'live', limit: 3 })?.items.map(({ id }) => id) ?? []
    for (const id of gone) expect(await first.replace(id, 'live', () => null)).toBe(true)
    await pay(first, created.id, 12.5, noon)
    const left = everybody(first)
    await first.close()

    const second = await openStore({ folder })
    expect(everybody(second)).toEqual(left)
    expect(second.get(created.id, 'test')).toMatchObject({ email: 'ada@example.com', totalSpent: 12.5 })
    expect(second.get(gone[0] ?? '', 'live')).toBeUndefined()
    expect(second.count).toBe(250 + 1 - 3)
  })

  test('is private, and created only with the first change', async () => {
    const state = join(temporaryFolder(), 'state')
    const folder = join(state, 'sandbox')
    const store = await openStore({ folder })
    everybody(store)
    expect(() => statSync(state)).toThrow('ENOENT')
    await store.create(ada)
    for (const path of [state, folder]) expect(statSync(path).mode & 0o777).toBe(0o700)
    expect(statSync(logIn(folder)).mode & 0o777).toBe(0o600)
    expect(logsIn(folder)).toHaveLength(1)
  })

  test('keeps nothing when it is ephemeral', async () => {
    const store = await openStore()
    const { id } = await store.create(ada)
    expect(store.get(id, 'test')).toBeDefined()
    expect((await openStore()).get(id, 'test')).toBeUndefined()
  })

  test('keeps its initial customers for commands that do not give any', async () => {
    const folder = temporaryFolder()
    const small = await openStore({ folder, customers: 7, seed: 3 })
    const other = await openStore({ folder })
    expect(everybody(other)).toEqual(everybody(small))
    expect(other.shop).toEqual({ customers: 7, seed: 3 })
    expect((await openStore({ folder, customers: 9 })).shop).toEqual({ customers: 7, seed: 3 })
  })
})

describe('two processes at once', () => {
  test('see the changes of the other', async () => {
    const folder = temporaryFolder()
    const [a, b] = [await openStore({ folder, ...real }), await openStore({ folder, ...real })]
    const created = await a.create(ada)
    expect(b.get(created.id, 'test')).toEqual(created)
    expect(await b.replace(created.id, 'test', () => null)).toBe(true)
    expect(a.get(created.id, 'test')).toBeUndefined()
    expect(await a.replace(created.id, 'test', () => null)).toBe(false)
  })

  test('lose nothing and delete nothing twice', async () => {
    const folder = temporaryFolder()
    const stores = await Promise.all(Array.from({ length: 4 }, () => openStore({ folder, ...real })))
    const [first] = stores
    const toDelete = first?.page({ key: 'test', limit: 20 })?.items ?? []
    const deleted = await Promise.all(
      stores.map(async (store) => {
        let count = 0
        for (const [index, { id }] of toDelete.entries()) {
          await store.create({ ...ada, email: `${index}@example.com` })
          if (await store.replace(id, 'test', () => null)) count++
        }
        return count
      }),
    )
    expect(deleted.reduce((sum, count) => sum + count)).toBe(20)
    const later = await openStore({ folder })
    expect(later.count).toBe(250 - 20 + 4 * 20)
    const all = everybody(later) as { id: string }[]
    expect(new Set(all.map(({ id }) => id)).size).toBeGreaterThanOrEqual(later.count)
    for (const store of stores) expect(everybody(store)).toEqual(all)
  })
})

test('a file that ends in the middle of a line, or contains invalid lines, keeps its other changes', async () => {
  const folder = temporaryFolder()
  const store = await openStore({ folder, customers: 7 })
  const { id } = await store.create(ada)
  const path = logIn(folder)
  const [, line = ''] = readFileSync(path, 'utf8').split('\n')
  const far = line.replace('[[7,', '[[99999999,')
  for (const invalid of ['null', '[[1,{"x":2}]]', '[[-1,null]]', '\u0000', far])
    appendFileSync(path, `${invalid}\n`)
  appendFileSync(path, line.slice(0, -9))
  for (const one of [store, await openStore({ folder })]) {
    expect(one.count).toBe(8)
    expect(one.get(id, 'test')).toBeDefined()
  }
  await store.create(ada)
  expect((await openStore({ folder })).count).toBe(9)
})

test('a file that is not a sandbox is refused in every call, and not changed', async () => {
  const folder = temporaryFolder()
  const store = await openStore({ folder })
  await store.create(ada)
  const laterVersion = '{"v":4,"type":"sandbox","customers":250,"seed":1}\n'
  for (const contents of [laterVersion, '', '\n', '\u0000\u0000\n']) {
    writeFileSync(logIn(folder), contents)
    const refused = {
      code: 'local_error',
      message: `the sandbox in ${logIn(folder)} is damaged, or was made by a later version of orafi`,
      hint: 'erase it and start over with: orafi sandbox reset',
    }
    await expect(openStore({ folder })).rejects.toMatchObject(refused)
    expect(() => store.count).toThrow(refused.message)
    expect(() => store.count).toThrow(refused.message)
    await expect(store.create(ada)).rejects.toMatchObject(refused)
    expect(readFileSync(logIn(folder), 'utf8')).toBe(contents)
  }
})

test('no id is reused, and the cursor of a deleted record still works', async () => {
  const folder = temporaryFolder()
  const before = await openStore({ folder })
  const [last, other] = [await before.create(ada), await before.create({ ...ada, firstname: 'Bisi' })]
  await before.replace(other.id, 'test', () => null)
  await before.replace(last.id, 'test', () => null)
  const after = await openStore({ folder })
  const next = await after.create(ada)
  expect([last.id, other.id]).not.toContain(next.id)
  expect(after.page({ key: 'test', limit: 1, cursor: last.id })?.items).toEqual([next])
})

test('5,000 creates, at once and one after the other, are all stored', async () => {
  const folder = temporaryFolder()
  const store = await openStore({ folder })
  for (let begun = 0; begun < 5_000; begun += 500) {
    const batch = Array.from({ length: 500 }, (_, n) => store.create({ ...ada, email: `a${begun + n}@b.co` }))
    await Promise.all(batch)
  }
  const again = await openStore({ folder })
  expect(again.count).toBe(5_250)
  expect(again.page({ key: 'test', limit: 5_250 })?.items.at(-1)?.email).toBe('a4999@b.co')
})

test('the half-written file of a killed process is removed by the next change', async () => {
  const folder = temporaryFolder()
  const store = await openStore({ folder })
  writeFileSync(join(folder, '.changes.ndjson.0123456789ab.tmp'), 'half')
  await store.create(ada)
  await store.close()
  expect(readdirSync(folder)).toEqual(['changes.ndjson'])
})

test('a change waits for a lock that a running process holds, and names that process after ten seconds', async () => {
  const folder = temporaryFolder()
  let slept = 0
  const store = await openStore({
    folder,
    sleep: async (ms) => {
      slept += ms
    },
  })
  await store.create(ada)
  const lock = await takeLock(join(folder, 'lock'), { owner, what: 'a long nap', now: () => noon })
  await expect(store.create(ada)).rejects.toThrow('a long nap')
  expect(slept).toBeGreaterThan(9_000)
  await lock.release()
  await store.create(ada)
  expect(store.count).toBe(252)
})
