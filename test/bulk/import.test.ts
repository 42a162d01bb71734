import { describe, expect, test } from 'vitest'
import { type ImportOptions, importRows } from '../../src/bulk/import.ts'
import { importRow } from '../../src/bulk/import-input.ts'
import type { Earlier, PendingRow } from '../../src/bulk/import-unresolved.ts'
import { createThrottle } from '../../src/bulk/pool.ts'
import type { Outcome } from '../../src/journal/records.ts'
import { type Api, harmless, type Instead, startApi } from '../support/api.ts'
import { createClock } from '../support/clock.ts'
import { testTime } from '../support/orafi.ts'
import { clientOf, nothingEarlier, slowJournal } from './handed-in.ts'

const { signal } = new AbortController()
const { now, sleep } = createClock(testTime, { stands: true })

const row = rowOf(0)

function rowOf(index: number) {
  const customer = { firstname: 'Ada', lastname: 'Obi', email: `r${index}@x.example` }
  return importRow({ index, line: index + 2, customer, problems: [], raw: [] })
}

/** What an import of the row works with, where the test says nothing else. */
function optionsOf(api: Api, over: Pick<ImportOptions, 'run'> & Partial<ImportOptions>): ImportOptions {
  async function* rows() {
    yield [row.row]
  }
  return {
    client: clientOf(api),
    rows: rows(),
    emails: new Set(),
    earlier: nothingEarlier,
    allowExisting: false,
    throttle: createThrottle(1),
    signal,
    timeoutMs: 1000,
    now,
    sleep,
    onEnd: () => undefined,
    onResolving: () => undefined,
    ...over,
  }
}

/** Creates are answered so, each next one with the next; afterwards as usual. */
function answerCreates(api: Api, ...answers: Instead[]): void {
  api.instead = ({ method }) => (method === 'POST' ? answers.shift() : undefined)
}

/** Earlier runs that may have sent the row, and what they are told. */
function earlierRuns(pending: readonly PendingRow[], conclude?: Earlier['conclude']) {
  const told: [string, Outcome][] = []
  const earlier: Earlier = {
    ...nothingEarlier,
    pending: new Map([[row.hash, pending]]),
    conclude: conclude ?? (async ({ run }, outcome) => void told.push([run, outcome])),
  }
  return { earlier, told }
}

describe('a journal that fails after a request stops the import, and what is known is counted', () => {
  test.each<[string, Instead, object]>([
    ['of a row that was created', undefined, { created: 1, unrecorded: [2] }],
    ['of a row that was refused', { status: 400, body: { success: false, message: 'no' } }, { rejected: 1 }],
    ['of a row whose key was refused', { status: 401 }, { created: 0, rejected: 0 }],
    ['of a row that was looked for and found', 'carry out and cut', { created: 1, unrecorded: [2] }],
  ])('%s', async (_what, answer, counts) => {
    const api = await startApi()
    const { run } = slowJournal(api, { outcomes: true })
    answerCreates(api, answer)
    const report = await importRows(optionsOf(api, { run }))
    expect(report).toMatchObject({ ...counts, stopped: { message: 'the disk is full' }, undecided: 0 })
  })
})

describe('a row that was looked for and not found', () => {
  test('is not sent, says its run, before it is intended again', async () => {
    const api = await startApi()
    const { run, outcomes } = slowJournal(api, { intents: 1 })
    answerCreates(api, 'cut')
    const { stopped } = await importRows(optionsOf(api, { run }))
    expect(stopped).toMatchObject({ message: 'the disk is full' })
    expect(outcomes).toMatchObject([{ item: 'r0', outcome: 'notSent' }])
  })

  test('is not sent, says the earlier run that left it open, before it is sent again', async () => {
    const api = await startApi()
    const { run } = slowJournal(api)
    const order: unknown[] = []
    api.instead = ({ method }) => {
      if (method === 'POST') order.push('sent')
      return undefined
    }
    const { earlier } = earlierRuns(
      [{ run: 'old', item: 'r7', at: 1 }],
      async ({ run }, { item, outcome }) => {
        await fetch(`${api.url}/customers/nobody`)
        order.push([run, item, outcome])
      },
    )
    // A journal that is as quick as can be: nothing else makes the request wait.
    const quick = { ...run, intend: async () => undefined }
    const report = await importRows(optionsOf(api, { run: quick, earlier }))
    expect([report.created, order]).toEqual([1, [['old', 'r7', 'notSent'], 'sent']])
  })

  test('is not sent again if the outcome cannot be written to the earlier run', async () => {
    const api = await startApi()
    const { run } = slowJournal(api)
    const { earlier } = earlierRuns([{ run: 'old', item: 'r7', at: 1 }], async () => {
      throw new Error('the disk is full')
    })
    const report = await importRows(optionsOf(api, { run, earlier }))
    expect([report.stopped, api.created]).toEqual([new Error('the disk is full'), []])
  })

  test('is looked for when its wait is over, not while it lasts', async () => {
    const api = await startApi()
    const { run } = slowJournal(api)
    const order: string[] = []
    const answers: Instead[] = ['cut']
    api.instead = ({ method, path }) => {
      if (path === '/customers') order.push('look')
      return method === 'POST' ? answers.shift() : undefined
    }
    const options = optionsOf(api, {
      run,
      async sleep(ms) {
        order.push(`wait ${ms}`)
        // Longer than a request over loopback takes.
        for (let request = 0; request < 3; request++) await fetch(`${api.url}/customers/nobody`)
        order.push('over')
      },
    })
    expect(await importRows(options)).toMatchObject({ created: 1, stopped: undefined })
    expect(order).toEqual(['wait 1000', 'over', 'look', 'wait 1000', 'over', 'look'])
  })
})

test.each([
  ['first', [1, 2]],
  ['last', [2, 1]],
])(
  'what several earlier runs sent is the latest one’s, also where the oldest is read %s',
  async (_where, times) => {
    const api = await startApi([harmless('c_9', { email: 'r0@x.example' })])
    const { run, outcomes } = slowJournal(api)
    const { earlier, told } = earlierRuns(times.map((at) => ({ run: `run ${at}`, item: 'r7', at })))
    const report = await importRows(optionsOf(api, { run, earlier, emails: { has: () => true } }))
    expect(report).toMatchObject({ created: 0, skipped: 1, undecided: 0 })
    expect(told).toMatchObject([
      ['run 2', { item: 'r7', outcome: 'created', id: 'c_9' }],
      ['run 1', { item: 'r7', outcome: 'skipped' }],
    ])
    expect(outcomes).toEqual([])
  },
)

describe('a row whose turn comes when nothing may be sent any more is journaled as not sent', () => {
  /** Five rows in one block, and whether their source was closed. */
  function fiveRows() {
    const source = { closed: false }
    async function* rows() {
      try {
        yield [0, 1, 2, 3, 4].map((index) => rowOf(index).row)
      } finally {
        source.closed = true
      }
    }
    return { rows: rows(), source }
  }
  const allNotSent = [0, 1, 2, 3, 4].map((index) => [`r${index}`, 'notSent'])

  test('after an interruption', async () => {
    const api = await startApi()
    const { run, outcomes } = slowJournal(api)
    const { rows, source } = fiveRows()
    const signal = AbortSignal.abort('interrupted')
    const report = await importRows(optionsOf(api, { run, rows, signal }))
    expect(report).toMatchObject({ created: 0, rejected: 0, undecided: 0, stopped: 'interrupted' })
    expect(outcomes.map(({ item, outcome }) => [item, outcome])).toEqual(allNotSent)
    expect([api.created, source.closed]).toEqual([[], true])
  })

  test('after the key was refused', async () => {
    const api = await startApi()
    const { run, outcomes } = slowJournal(api)
    const { rows, source } = fiveRows()
    answerCreates(api, { status: 401 })
    const report = await importRows(optionsOf(api, { run, rows }))
    expect(report).toMatchObject({ created: 0, rejected: 0, undecided: 0, stopped: { code: 'auth' } })
    expect(outcomes.map(({ item, outcome }) => [item, outcome]).sort()).toEqual(allNotSent)
    expect([api.created, source.closed]).toEqual([[], true])
  })
})

test('rows of a block of intents that cannot be written are not sent, and those before it are', async () => {
  const api = await startApi()
  const { run, outcomes } = slowJournal(api, { intents: 1 })
  async function* rows() {
    yield Array.from({ length: 130 }, (_, index) => rowOf(index).row)
  }
  const report = await importRows(optionsOf(api, { run, rows: rows(), throttle: createThrottle(32) }))
  expect(report).toMatchObject({ created: 128, stopped: { message: 'the disk is full' } })
  expect([outcomes.length, api.created.length]).toEqual([128, 128])
})
