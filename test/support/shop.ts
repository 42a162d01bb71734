import { onTestFinished } from 'vitest'
import { startSandbox } from '../../src/sandbox/server.ts'
import { openSandboxStore, type SandboxStore } from '../../src/sandbox/store.ts'
import { createClock } from './clock.ts'
import { type Circumstances, testTime } from './orafi.ts'

/** An Orafi on loopback for one test, and the circumstances that lead a command line there. */
export interface Shop {
  store: SandboxStore
  url: string
  test: Circumstances
  live: Circumstances
}

type ServerOptions = Partial<Omit<Parameters<typeof startSandbox>[0], 'store'>>

/** The two forms in which Orafi documents a customer: what reads dates or fingerprints is tried in both. */
export const answerForms = ['documented', 'object'] as const

/** Starts a sandbox that holds as many customers as asked, none unless told; it is gone when the test is. */
export async function openShop(customers = 0, options: ServerOptions = {}): Promise<Shop> {
  const clock = createClock(testTime)
  const owner = { pid: process.pid, host: 'shop-desk', user: 'ada' }
  const { now = clock.now } = options
  const store = await openSandboxStore({ customers, owner, now, sleep: clock.sleep })
  const server = await startSandbox({
    store,
    now: clock.now,
    sleep: clock.sleep,
    ...options,
  })
  onTestFinished(async () => {
    await server.close()
    await store.close()
  })
  return {
    store,
    url: server.url,
    test: { url: server.url, key: server.keys.test },
    live: { url: server.url, key: server.keys.live },
  }
}

/**
 * Completes a payment of `amount` USDT at a time in epoch ms. The sandbox takes no payments, so the record is edited as
 * Orafi would.
 */
export async function pay(store: SandboxStore, id: string, amount: number, now = testTime): Promise<void> {
  const edit: Parameters<SandboxStore['replace']>[2] = (customer) => ({
    ...customer,
    totalSpent: Math.round((customer.totalSpent + amount) * 100) / 100,
    updatedAt: new Date(now).toISOString(),
  })
  if (!(await store.replace(id, 'test', edit))) await store.replace(id, 'live', edit)
}
