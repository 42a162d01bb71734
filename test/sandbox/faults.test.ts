import { describe, expect, test } from 'vitest'
import { randomFaults } from '../../src/sandbox/faults.ts'
import { mulberry32 } from '../../src/sandbox/random.ts'
import { startSandbox } from '../../src/sandbox/server.ts'
import { askAsIs, noon, openOrafi, openStore } from './orafi-like.ts'

const body = { firstname: 'Ada', lastname: 'Obi', email: 'ada@example.com' }

describe('random faults', () => {
  test('fail the given share of requests, half of them after the create took effect', async () => {
    const orafi = await openOrafi({
      customers: 0,
      faults: { next: randomFaults({ failRate: 0.4 }, mulberry32(2)) },
    })
    const statuses = new Map<number, number>()
    for (let n = 0; n < 400; n++) {
      const { status, body: answer } = await orafi.ask('/customers/create', { method: 'POST', body })
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status !== 200) expect(answer).toEqual({ success: false, message: expect.any(String) })
    }
    expect([...statuses.keys()].sort()).toEqual([200, 500, 502, 503])
    const answered = statuses.get(200) ?? 0
    expect(answered).toBeGreaterThan(400 * 0.53)
    expect(answered).toBeLessThan(400 * 0.67)
    const unknown = 400 - answered
    expect(orafi.store.count - answered).toBeGreaterThan(unknown * 0.4)
    expect(orafi.store.count - answered).toBeLessThan(unknown * 0.6)
  })

  test('cut connections, half of them after the create took effect', async () => {
    const orafi = await openOrafi({
      customers: 0,
      faults: { next: randomFaults({ dropRate: 0.3 }, mulberry32(7)) },
    })
    let cut = 0
    for (let n = 0; n < 300; n++) {
      const status = await orafi.ask('/customers/create', { method: 'POST', body }).then(
        (answer) => answer.status,
        () => 0,
      )
      expect([0, 200]).toContain(status)
      if (status === 0) cut++
    }
    expect(cut).toBeGreaterThan(300 * 0.22)
    expect(cut).toBeLessThan(300 * 0.38)
    const unanswered = orafi.store.count - (300 - cut)
    expect(unanswered).toBeGreaterThan(cut * 0.35)
    expect(unanswered).toBeLessThan(cut * 0.65)
  })

  test('are the same with the same random numbers', async () => {
    const statuses = async (seed: number): Promise<number[]> => {
      const orafi = await openOrafi({
        faults: { next: randomFaults({ failRate: 0.3, dropRate: 0.2 }, mulberry32(seed)) },
      })
      const found: number[] = []
      for (let n = 0; n < 40; n++) {
        found.push(
          await orafi.ask('/customers?limit=1').then(
            ({ status }) => status,
            () => 0,
          ),
        )
      }
      return found
    }
    expect(await statuses(1)).toEqual(await statuses(1))
    expect(await statuses(1)).not.toEqual(await statuses(2))
  })

  test('hit every request at 1, and none at 0', async () => {
    const failing = await openOrafi({ faults: { next: randomFaults({ failRate: 1 }, () => 0.999) } })
    expect((await failing.ask('/customers')).status).toBe(503)
    const sound = await openOrafi({ faults: { next: randomFaults({ failRate: 0, dropRate: 0 }, () => 0) } })
    expect((await sound.ask('/customers')).status).toBe(200)
  })
})

describe('faults that a test chooses', () => {
  test('answer or cut as given, before or after the effect', async () => {
    const faults = [
      { how: 403, takesEffect: false },
      { how: 'drop', takesEffect: true },
      { how: 502, takesEffect: true },
      undefined,
    ] as const
    let turn = 0
    const seen: string[] = []
    const next = (request: { method: string; target: string }) => {
      seen.push(`${request.method} ${request.target}`)
      return faults[turn++]
    }
    const orafi = await openOrafi({ customers: 0, faults: { next } })
    const create = () => orafi.ask('/customers/create', { method: 'POST', body })
    expect((await create()).status).toBe(403)
    expect(orafi.store.count).toBe(0)
    await expect(create()).rejects.toThrow()
    expect(orafi.store.count).toBe(1)
    expect((await create()).status).toBe(502)
    expect(orafi.store.count).toBe(2)
    expect((await create()).status).toBe(200)
    expect(seen).toEqual(Array(4).fill('POST /customers/create'))
  })
})

describe('the rate limit', () => {
  test('answers 429 above the limit, with headers that say when to continue', async () => {
    let time = noon
    const limit = { rateLimit: { requests: 3, seconds: 10 } }
    const orafi = await openOrafi({ customers: 0, now: () => time, faults: limit })
    const quota = async () => {
      const { status, headers } = await orafi.ask('/customers')
      const all = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'retry-after'] as const
      return [status, ...all.map((name) => headers.get(name))]
    }
    const reset = String(Math.ceil((noon + 10_000) / 1000))
    expect(await quota()).toEqual([200, '3', '2', reset, null])
    time += 4_000
    expect(await quota()).toEqual([200, '3', '1', reset, null])
    expect(await quota()).toEqual([200, '3', '0', reset, null])
    expect(await quota()).toEqual([429, '3', '0', reset, '6'])
    const refused = await orafi.ask('/customers/create', { method: 'POST', body })
    expect(refused.status).toBe(429)
    expect(refused.body).toEqual({ success: false, message: expect.any(String) })
    expect(orafi.store.count).toBe(0)
    time += 5_999
    expect((await quota())[0]).toBe(429)
    time += 1
    expect(await quota()).toEqual([200, '3', '2', String(Math.ceil((time + 10_000) / 1000)), null])
  })

  test('counts each key separately', async () => {
    const orafi = await openOrafi({ faults: { rateLimit: { requests: 1, seconds: 10 } } })
    for (const key of [orafi.testKey, orafi.liveKey])
      expect((await orafi.ask('/customers', { key })).status).toBe(200)
    expect((await orafi.ask('/customers', { key: null })).status).toBe(401)
    for (const key of [orafi.testKey, orafi.liveKey, null]) {
      expect((await orafi.ask('/customers', { key })).status).toBe(429)
    }
  })
})

describe('latency', () => {
  test('delays every answer', async () => {
    const slept: number[] = []
    const sleep = async (ms: number) => {
      slept.push(ms)
    }
    const orafi = await openOrafi({ latencyMs: 20, sleep })
    await orafi.ask('/customers')
    await orafi.create()
    expect(slept).toEqual([20, 20])
  })

  test('does not keep a sandbox from closing', async () => {
    let woken = false
    let fallAsleep: () => void = () => undefined
    const asleep = new Promise<void>((resolve) => {
      fallAsleep = resolve
    })
    const sleep = (_: number, signal?: AbortSignal) =>
      new Promise<void>((_resolve, reject) => {
        fallAsleep()
        signal?.addEventListener('abort', () => {
          woken = true
          reject(signal.reason)
        })
      })
    const store = await openStore()
    const sandbox = await startSandbox({ store, now: () => noon, sleep, latencyMs: 1e9 })
    const waiting = askAsIs(sandbox.url, 'GET', '/customers', { 'x-api-key': sandbox.keys.test })
    const asked = expect(waiting).rejects.toThrow()
    await asleep
    await sandbox.close()
    await asked
    expect(woken).toBe(true)
  })
})

test('a port in use is an error of the system', async () => {
  const orafi = await openOrafi()
  const port = Number(new URL(orafi.url).port)
  await expect(openOrafi({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
