import { appendFileSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { SandboxStore, StoreOptions } from '../../src/sandbox/store.ts'
import { takeLock } from '../../src/storage/lock.ts'
import { temporaryFolder } from './folder.ts'
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
      found.push(...(page?.customers ?? []))
      if (!page?.nextCursor) break
      cursor = page.nextCursor
    }
  }
  return found
}

describe('the sandbox on disk', () => {
  test('is there again in the next command, as it was left', async () => {
    const folder = join(temporaryFolder(), 'state', 'sandbox')
    const first = await openStore({ folder })
    const created = await first.create(ada)
    const gone = first.page({ key: 'live', limit: 3 })?.customers.map(({ id }) => id) ?? []
    for (const id of gone) expect(await first.remove(id, 'live')).toBe(true)
    await first.pay(created.id, 12.5)
    const left = everybody(first)
    await first.close()

    const second = await openStore({ folder })
    expect(everybody(second)).toEqual(left)
    expect(second.get(created.id, 'test')).toMatchObject({ email: 'ada@example.com', totalSpent: 12.5 })
    expect(second.get(gone[0] ?? '', 'live')).toBeUndefined()
    expect(second.count).toBe(250 + 1 - 3)
  })

  test('is private, and not there at all until something is changed', async () => {
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

  test('that began with other customers keeps them, for commands that do not ask for any', async () => {
    const folder = temporaryFolder()
    const small = await openStore({ folder, customers: 7, seed: 3 })
    const other = await openStore({ folder })
    expect(everybody(other)).toEqual(everybody(small))
    expect(other.shop).toEqual({ customers: 7, seed: 3 })
    expect((await openStore({ folder, customers: 9 })).shop).toEqual({ customers: 7, seed: 3 })
  })
})

test('a change that cannot be written as a line is not there, and does not keep others from theirs', async () => {
  const folder = temporaryFolder()
  const store = await openStore({ folder })
  const odd = { ...ada, totalSpent: 1n as unknown as number }
  const [failed, sound] = await Promise.allSettled([store.create(odd), store.create(ada)])
  expect([failed.status, sound.status]).toEqual(['rejected', 'fulfilled'])
  expect(store.count).toBe(251)
  expect((await openStore({ folder })).count).toBe(251)
})

test('links that lead nowhere and have the name of a log are passed over', async () => {
  const folder = temporaryFolder()
  await (await openStore({ folder })).create(ada)
  for (const name of ['customers-9999999999998.ndjson', 'customers-9999999999999.ndjson']) {
    symlinkSync(join(folder, 'nowhere'), join(folder, name))
  }
  expect((await openStore({ folder })).count).toBe(251)
})

describe('two processes at once', () => {
  test('see what the other changed', async () => {
    const folder = temporaryFolder()
    const [a, b] = [await openStore({ folder, ...real }), await openStore({ folder, ...real })]
    const created = await a.create(ada)
    expect(b.get(created.id, 'test')).toEqual(created)
    expect(await b.remove(created.id, 'test')).toBe(true)
    expect(a.get(created.id, 'test')).toBeUndefined()
    expect(await a.remove(created.id, 'test')).toBe(false)
  })

  test('lose nothing and delete nothing twice', async () => {
    const folder = temporaryFolder()
    const stores = await Promise.all(Array.from({ length: 4 }, () => openStore({ folder, ...real })))
    const [first] = stores
    const doomed = first?.page({ key: 'test', limit: 20 })?.customers ?? []
    const deleted = await Promise.all(
      stores.map(async (store) => {
        let count = 0
        for (const [index, { id }] of doomed.entries()) {
          await store.create({ ...ada, email: `${index}@example.com` })
          if (await store.remove(id, 'test')) count++
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

describe('a log that was damaged', () => {
  test('by a process that died while writing loses its torn last line only', async () => {
    const folder = temporaryFolder()
    const before = await openStore({ folder })
    const kept = await before.create(ada)
    await before.close()
    appendFileSync(logIn(folder), '{"put":251,"firstname":"Torn","lastn')

    const after = await openStore({ folder })
    expect(after.get(kept.id, 'test')).toEqual(kept)
    expect(after.count).toBe(251)
    const next = await after.create({ ...ada, firstname: 'Next' })
    expect(after.unreadable).toBe(0)
    const again = await openStore({ folder })
    expect(again.get(next.id, 'test')).toEqual(next)
    expect([again.count, again.unreadable]).toEqual([252, 0])
    expect(readFileSync(logIn(folder), 'utf8')).not.toContain('Torn')
  })

  test('while another process goes on with it is mended by that one', async () => {
    const folder = temporaryFolder()
    const store = await openStore({ folder })
    await store.create(ada)
    appendFileSync(logIn(folder), '{"delete":2')
    await store.create(ada)
    expect((await openStore({ folder })).count).toBe(252)
  })

  test('elsewhere keeps all other lines, and says how many were left out', async () => {
    const folder = temporaryFolder()
    const store = await openStore({ folder })
    const [a, b] = [await store.create(ada), await store.create({ ...ada, firstname: 'Bisi' })]
    const lines = readFileSync(logIn(folder), 'utf8').split('\n')
    const damaged = [
      ...lines.slice(0, 2),
      '{"put":1,"x":2}',
      'null',
      '{"delete":-1}',
      '\u0000',
      ...lines.slice(2),
    ]
    writeFileSync(logIn(folder), damaged.join('\n'))
    const after = await openStore({ folder })
    expect([after.get(a.id, 'test'), after.get(b.id, 'test')]).toEqual([a, b])
    expect([after.count, after.unreadable]).toEqual([252, 4])
  })

  test('in its first line is left alone, and the sandbox begins anew beside it', async () => {
    const folder = temporaryFolder()
    await (await openStore({ folder })).create(ada)
    const path = logIn(folder)
    writeFileSync(path, `{"v":3}\n${readFileSync(path, 'utf8')}`)
    const damaged = readFileSync(path, 'utf8')
    const store = await openStore({ folder })
    expect([store.count, store.unreadable]).toEqual([250, 1])
    const created = await store.create(ada)
    const again = await openStore({ folder })
    expect(again.get(created.id, 'test')).toEqual(created)
    expect(readFileSync(path, 'utf8')).toBe(damaged)
  })
})

describe('a log of which most was overtaken', () => {
  async function overgrown(folder: string, times = 150): Promise<SandboxStore> {
    const store = await openStore({ folder })
    const batch = await Promise.all(Array.from({ length: times }, () => store.create(ada)))
    await Promise.all(batch.slice(1).map(({ id }) => store.remove(id, 'test')))
    return store
  }

  test('is written anew when it is opened, and says the same', async () => {
    const folder = temporaryFolder()
    const before = await overgrown(folder)
    const [shopper] = before.page({ key: 'live', limit: 1 })?.customers ?? []
    await before.remove(shopper?.id ?? '', 'live')
    const all = everybody(before)
    const [old = ''] = logsIn(folder)
    const lines = readFileSync(join(folder, old), 'utf8').split('\n').length

    const after = await openStore({ folder })
    expect(everybody(after)).toEqual(all)
    expect(logsIn(folder)).toHaveLength(1)
    expect(logsIn(folder)).not.toContain(old)
    expect(readFileSync(logIn(folder), 'utf8').split('\n')).toHaveLength(1 + 1 + 1 + 1)
    expect(lines).toBeGreaterThan(300)
    expect(statSync(logIn(folder)).mode & 0o777).toBe(0o600)
  })

  test('is told from one that is long because much of the shop was deleted', async () => {
    const folder = temporaryFolder()
    const store = await openStore({ folder })
    const doomed = store.page({ key: 'live', limit: 120 })?.customers ?? []
    await Promise.all(doomed.map(({ id }) => store.remove(id, 'live')))
    const [before] = logsIn(folder)
    expect((await openStore({ folder })).count).toBe(130)
    expect(logsIn(folder)).toEqual([before])
  })

  test('is noticed by processes that have the old one open', async () => {
    const folder = temporaryFolder()
    const before = await overgrown(folder)
    const after = await openStore({ folder })
    const late = await before.create({ ...ada, firstname: 'Late' })
    expect(after.get(late.id, 'test')).toEqual(late)
    const latest = await after.create({ ...ada, firstname: 'Latest' })
    expect(before.get(latest.id, 'test')).toEqual(latest)
    expect(everybody(await openStore({ folder }))).toEqual(everybody(before))
  })

  test('gives no id away a second time, and still knows where its deleted ones stood', async () => {
    const folder = temporaryFolder()
    const before = await overgrown(folder)
    const last = await before.create(ada)
    await before.remove(last.id, 'test')
    const after = await openStore({ folder })
    expect((await after.create(ada)).id).not.toBe(last.id)
    expect(after.page({ key: 'test', limit: 1, cursor: last.id })?.customers).toMatchObject([
      { email: ada.email },
    ])
  })

  test('is left as it is when another process holds the lock for long', async () => {
    const folder = temporaryFolder()
    const before = await overgrown(folder)
    const holder = {
      v: 1,
      pid: process.pid,
      startTime: null,
      space: null,
      host: 'elsewhere',
      who: 'x@elsewhere',
    }
    writeFileSync(
      join(folder, 'lock'),
      JSON.stringify({ ...holder, since: 'now', what: 'orafi', token: 'ab' }),
    )
    const after = await openStore({ folder })
    expect(everybody(after)).toEqual(everybody(before))
    await expect(after.create(ada)).rejects.toMatchObject({ code: 'local_error' })
  })
})

describe('50,000 creates', () => {
  const ioOf = (field: string): number => {
    const found = new RegExp(`${field}: (\\d+)`).exec(readFileSync('/proc/self/io', 'utf8'))
    return Number(found?.[1])
  }

  test.runIf(process.platform === 'linux')(
    'write each line once, read nothing again, and share locks',
    async () => {
      const folder = temporaryFolder()
      let asked = 0
      const now = (): number => {
        asked++
        return noon
      }
      const store = await openStore({ folder, now })
      const [read, written] = [ioOf('rchar'), ioOf('wchar')]
      for (let begun = 0; begun < 50_000; begun += 500) {
        await Promise.all(
          Array.from({ length: 500 }, (_, n) => store.create({ ...ada, email: `a${begun + n}@b.co` })),
        )
      }
      const size = statSync(logIn(folder)).size
      expect(store.count).toBe(50_250)
      // A lock asks for the time once, as each create does.
      expect(asked - 50_000).toBeLessThan(200)
      expect(ioOf('wchar') - written).toBeLessThan(size * 1.1)
      expect(ioOf('rchar') - read).toBeLessThan(size * 0.2)
      const last = store.page({ key: 'test', limit: 50_250 })?.customers.at(-1)
      expect(last?.email).toBe('a49999@b.co')
    },
  )
})

test('a change waits for its turn as long as somebody living holds the lock, and is told who after ten seconds', async () => {
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
