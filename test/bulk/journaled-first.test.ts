import { describe, expect, test } from 'vitest'
import { executeDeletion, planDeletion } from '../../src/bulk/deletion.ts'
import { importRows } from '../../src/bulk/import.ts'
import { createThrottle } from '../../src/bulk/pool.ts'
import { executeRecreation } from '../../src/bulk/recreation.ts'
import { type Api, harmless, startApi } from '../support/api.ts'
import { createClock } from '../support/clock.ts'
import { testTime } from '../support/orafi.ts'
import { clientOf, nothingEarlier, slowJournal } from './handed-in.ts'

const { signal } = new AbortController()
const throttle = createThrottle()
const { now, sleep } = createClock(testTime)

async function planOf(api: Api, ids: readonly string[]) {
  return planDeletion({ client: clientOf(api), requests: ids.map((id) => ({ id })), throttle, signal })
}

describe('an intent is on the disk before its request leaves', () => {
  test('of a delete, with the whole record as it is then', async () => {
    const api = await startApi(Array.from({ length: 9 }, (_, index) => harmless(`c_${index}`)))
    const plan = await planOf(api, [...api.records.keys()])
    const { run, onDisk, tooEarly } = slowJournal(api)
    const options = { client: clientOf(api), run, throttle, signal, now, onEnd: () => undefined }
    const { report } = await executeDeletion(plan, options)
    expect([report.deleted.length, tooEarly]).toEqual([9, []])
    expect(onDisk.find(({ item }) => item === 'c_3')?.record).toEqual(harmless('c_3'))
  })

  test('of the undo of a delete', async () => {
    const api = await startApi()
    const { run, tooEarly } = slowJournal(api)
    const requested = Array.from({ length: 9 }, (_, index) => ({
      id: `c_${index}`,
      outcome: 'create' as const,
      customer: { firstname: 'Ada', lastname: 'Obi', email: `c_${index}@x.example` },
    }))
    const plan = { requested, targets: requested }
    const client = clientOf(api)
    const { report } = await executeRecreation(plan, {
      client,
      run,
      throttle,
      signal,
      now,
      onEnd: () => undefined,
    })
    expect([report.undone.length, tooEarly]).toEqual([9, []])
  })

  test('of an import', async () => {
    const api = await startApi()
    const { run, tooEarly } = slowJournal(api)
    const rows = Array.from({ length: 9 }, (_, index) => {
      const customer = { firstname: 'Ada', lastname: 'Obi', email: `r${index}@x.example` }
      return { index, line: index + 2, customer, problems: [], raw: [] }
    })
    async function* blocks() {
      yield rows.slice(0, 4)
      yield rows.slice(4)
    }
    const report = await importRows({
      client: clientOf(api),
      run,
      rows: blocks(),
      emails: new Set(),
      earlier: nothingEarlier,
      allowExisting: false,
      throttle,
      signal,
      timeoutMs: 1,
      now,
      sleep,
      onEnd: () => undefined,
      onResolving: () => undefined,
    })
    expect([report.created, tooEarly]).toEqual([9, []])
  })
})

describe('a journal that fails', () => {
  test('before a DELETE keeps it from leaving, and what was not sent is said so', async () => {
    const api = await startApi(Array.from({ length: 9 }, (_, index) => harmless(`c_${index}`)))
    const plan = await planOf(api, [...api.records.keys()])
    const { run } = slowJournal(api, { intents: 2 })
    const options = { client: clientOf(api), run, throttle, signal, now, onEnd: () => undefined }
    const { report, stopped } = await executeDeletion(plan, options)
    expect(stopped).toMatchObject({ message: 'the disk is full' })
    expect([report.deleted, api.deleted.length, report.notSent.length]).toEqual([
      [...api.deleted].sort(),
      2,
      7,
    ])
  })

  test('after a DELETE still leaves it listed as deleted', async () => {
    const api = await startApi([harmless('c_0'), harmless('c_1')])
    const plan = await planOf(api, ['c_0', 'c_1'])
    const { run } = slowJournal(api, { outcomes: true })
    const options = { client: clientOf(api), run, throttle, signal, now, onEnd: () => undefined }
    const { report, stopped } = await executeDeletion(plan, options)
    expect(stopped).toMatchObject({ message: 'the disk is full' })
    expect([...report.deleted].sort()).toEqual([...api.deleted].sort())
  })
})

describe('a lost DELETE', () => {
  test.each([
    ['was carried out', 'carry out and cut', 'deleted', []],
    // It may arrive yet, so that an undo looks it up.
    ['was not carried out', 'cut', undefined, ['failed']],
  ] as const)('that %s is settled with a GET', async (_what, instead, outcome, failed) => {
    const api = await startApi([harmless('c_0')])
    const plan = await planOf(api, ['c_0'])
    const { run, outcomes } = slowJournal(api)
    api.instead = ({ method }) => (method === 'DELETE' ? instead : undefined)
    const options = { client: clientOf(api), run, throttle, signal, now, onEnd: () => undefined }
    const { report } = await executeDeletion(plan, options)
    expect(report.deleted).toEqual(outcome === undefined ? [] : ['c_0'])
    expect(report.failed.map(({ code }) => code)).toEqual(failed.length === 0 ? [] : ['unavailable'])
    expect(outcomes.map((one) => [one.outcome, one.code])).toEqual([
      outcome === undefined ? ['failed', 'ambiguous'] : [outcome, undefined],
    ])
    expect(api.received.at(-1)?.method).toBe('GET')
  })

  test('that cannot be settled is ambiguous, in the report and in the journal', async () => {
    const api = await startApi([harmless('c_0')])
    const plan = await planOf(api, ['c_0'])
    const { run, outcomes } = slowJournal(api)
    let lost = false
    api.instead = ({ method }) => {
      lost ||= method === 'DELETE'
      return lost ? 'cut' : undefined
    }
    const options = { client: clientOf(api), run, throttle, signal, now, onEnd: () => undefined }
    const { report } = await executeDeletion(plan, options)
    expect(report.failed).toEqual([
      {
        id: 'c_0',
        code: 'ambiguous',
        message: expect.stringContaining('it is unknown whether it was deleted'),
      },
    ])
    expect(outcomes).toMatchObject([{ outcome: 'failed', code: 'ambiguous' }])
  })
})

describe('the undo of a delete', () => {
  const requested = ['c_0', 'c_1', 'c_2'].map((id) => {
    const customer = { firstname: 'Ada', lastname: 'Obi', email: `${id}@x.example` }
    return { id, outcome: 'create' as const, customer }
  })
  const plan = { requested, targets: requested }

  test('ends with what is neither an answer nor a failure of the API, and sends nothing more', async () => {
    const api = await startApi()
    const { run, outcomes } = slowJournal(api)
    api.instead = ({ method }) => (method === 'POST' ? { status: 429 } : undefined)
    const broken = clientOf(api, { retries: 1, sleep: () => Promise.reject(new Error('no timer')) })
    const options = { client: broken, run, throttle: createThrottle(1), signal, now, onEnd: () => undefined }
    const { report, stopped } = await executeRecreation(plan, options)
    expect(stopped).toMatchObject({ message: 'no timer' })
    expect(report).toMatchObject({ undone: [], undecided: [], leftOut: [], notSent: ['c_0', 'c_1', 'c_2'] })
    expect(outcomes).toMatchObject([{ item: 'c_0', outcome: 'notSent' }])
  })

  test('journals a lost answer as undecided, and a refusal as failed', async () => {
    const api = await startApi()
    const { run, outcomes } = slowJournal(api)
    api.instead = ({ body }) => {
      if (body.includes('c_0@')) return 'cut'
      return body.includes('c_1@') ? { status: 400, body: { success: false, message: 'no' } } : undefined
    }
    const options = { client: clientOf(api), run, throttle, signal, now, onEnd: () => undefined }
    await executeRecreation(plan, options)
    expect(Object.fromEntries(outcomes.map(({ item, outcome }) => [item, outcome]))).toEqual({
      c_0: 'undecided',
      c_1: 'failed',
      c_2: 'created',
    })
  })
})

test('a plan that was shown cannot be changed', async () => {
  const api = await startApi([harmless('c_0')])
  const plan = await planOf(api, ['c_0', 'c_0', 'c_1'])
  expect(plan.requested.map(({ id, outcome }) => [id, outcome])).toEqual([
    ['c_0', 'delete'],
    ['c_1', 'notFound'],
  ])
  for (const part of [plan, plan.requested, plan.targets, plan.shown])
    expect(Object.isFrozen(part)).toBe(true)
})
