import { setImmediate } from 'node:timers/promises'
import { type Client, type ClientOptions, openClient } from '../../src/api/client.ts'
import type { Intent, Outcome } from '../../src/journal/records.ts'
import type { OpenRun } from '../../src/journal/run.ts'
import type { Api } from '../support/api.ts'
import { createClock, realTimer } from '../support/clock.ts'
import { seededRandom, testTime } from '../support/orafi.ts'

const { signal } = new AbortController()
const { now, sleep } = createClock(testTime)

/** A client of this API that skips what it waits, or waits as the test says. */
export function clientOf(api: Api, over: Partial<ClientOptions> = {}): Client {
  return openClient({
    baseUrl: api.url,
    key: api.test.key ?? '',
    shownKey: 'ora_test_…kkkk',
    userAgent: 'test',
    readOnly: false,
    timeoutMs: 30_000,
    retries: 0,
    maxWaitMs: 0,
    env: {},
    signal,
    now,
    random: seededRandom(),
    sleep,
    timer: realTimer,
    pause: setImmediate,
    ...over,
  })
}

/**
 * A journal whose disk takes its time: what is intended is on it, and `intend` resolves, some turns of the event loop
 * and a round trip to the server later.
 */
export function slowJournal(api: Api, failing: { outcomes?: boolean; intents?: number } = {}) {
  const onDisk: Intent[] = []
  const outcomes: Outcome[] = []
  /** What changed something at the server although its intent was not on the disk yet. */
  const tooEarly: string[] = []
  let calls = 0
  api.instead = ({ method, path, body }) => {
    if (method === 'GET') return undefined
    const email = method === 'POST' ? JSON.parse(body).email : undefined
    const item = email === undefined ? path.slice('/customers/'.length) : String(email).split('@')[0]
    if (!onDisk.some((intent) => intent.item === item)) tooEarly.push(`${method} ${item}`)
    return undefined
  }
  const run: OpenRun = {
    id: 'run',
    async intend(intents) {
      calls += 1
      if (failing.intents !== undefined && calls > failing.intents) throw new Error('the disk is full')
      // Longer than a request over loopback takes.
      await fetch(`${api.url}/customers/nobody`)
      await fetch(`${api.url}/customers/nobody`)
      onDisk.push(...intents)
    },
    async conclude(more) {
      if (failing.outcomes) throw new Error('the disk is full')
      outcomes.push(...more)
    },
    close: async () => undefined,
  }
  return { run, onDisk, outcomes, tooEarly }
}

/** No earlier import left anything behind. */
export const nothingEarlier = {
  pending: new Map(),
  created: new Set<string>(),
  conclude: async () => undefined,
  close: async () => undefined,
}
