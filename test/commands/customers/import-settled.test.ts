import { readdirSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Api, harmless, startApi } from '../../support/api.ts'
import { createClock } from '../../support/clock.ts'
import { orafi, temporaryFolder, testTime } from '../../support/orafi.ts'

const day = 86_400_000

async function place(count: number) {
  const api = await startApi()
  const home = await temporaryFolder()
  const file = join(home, 'people.csv')
  const rows = Array.from({ length: count }, (_, index) => `N${index},Obi,n${index}@x.example`)
  await writeFile(file, `firstname,lastname,email\n${rows.join('\n')}\n`)
  return { api, home, here: { ...api.test, home }, line: `customers import ${file} --json` }
}

/** Takes the outcomes of these rows out of the only run, as a kill -9 does, and gives its intents another time. */
async function crash(home: string, items: readonly string[], at?: number): Promise<void> {
  const folder = join(home, 'state', 'runs')
  const [name = ''] = (await readdir(folder)).filter((one) => one.endsWith('.ndjson'))
  const lines = (await readFile(join(folder, name), 'utf8')).trimEnd().split('\n')
  const kept = lines.filter((line) => {
    const { type, item } = JSON.parse(line)
    return type !== 'end' && !(type === 'outcome' && items.includes(item))
  })
  const text = kept.map((line) => (at === undefined ? line : line.replace(/"at":\d+/, `"at":${at}`)))
  await writeFile(join(folder, name), `${text.join('\n')}\n`)
}

/** What of a run's rows the journal says. */
async function outcomesOf(home: string, run: string): Promise<unknown[]> {
  const { stdout } = await orafi(`runs show ${run} --json`, { home })
  return JSON.parse(stdout).data.map(({ item, outcome, id }: Record<string, unknown>) => [item, outcome, id])
}

const cutCreates = (api: Api, how: 'cut' | 'carry out and cut', times = 1): void => {
  let cuts = 0
  api.instead = ({ method }) => (method === 'POST' && cuts++ < times ? how : undefined)
}

describe('a wait that is derived from a recorded time', () => {
  test('is no longer than one --timeout, though the clock was a day ahead when the import crashed', async () => {
    const { api, home, here, line } = await place(3)
    await orafi(line, here)
    await crash(home, ['r1'], testTime + day)
    api.records.delete('new_2')
    const clock = createClock(testTime, { stands: true })
    const { code, slept } = await orafi(`${line} --timeout 7`, { ...here, clock })
    expect(code).toBe(0)
    expect(slept.filter((ms) => ms > 0)).toEqual([7000, 7000])
  })

  test('is shown, and ends with Ctrl-C', async () => {
    const { api, home, here, line } = await place(3)
    await orafi(line, here)
    await crash(home, ['r1'], testTime + day)
    api.records.delete('new_2')
    const clock = createClock(testTime)
    const { code, stdout } = await orafi(`${line} --timeout 7`, {
      ...here,
      clock: {
        ...clock,
        // The interruption comes while it sleeps.
        sleep: (_ms, signal) =>
          new Promise((_resolve, reject) => {
            signal?.addEventListener('abort', () => reject(signal.reason))
          }),
      },
      onOutput: ({ stderr }, interrupt) => {
        if (stderr.includes('checking 1 row whose request got no response: starting in 7 s')) interrupt()
      },
      tty: ['stderr'],
    })
    expect(code).toBe(130)
    expect(JSON.parse(stdout)).toMatchObject({ created: 0, skipped: 2, undecided: 1, notSent: 0 })
  })
})

describe('a row whose answer was lost', () => {
  test('and whose person is there is settled by the next import, without a wait, so that an undo takes it back', async () => {
    const { api, home, here, line } = await place(3)
    const { run } = JSON.parse((await orafi(line, here)).stdout)
    await crash(home, ['r1'])
    const { code, slept, stdout } = await orafi(line, here)
    // The run that was told is closed again: nothing keeps the next one from it.
    expect(readdirSync(join(home, 'state', 'runs'))).toEqual([`${run}.ndjson`])
    expect([code, slept]).toEqual([0, []])
    expect(JSON.parse(stdout)).toMatchObject({ run: null, created: 0, skipped: 3, undecided: 0 })
    expect((await outcomesOf(home, run))[1]).toEqual(['r1', 'created', 'new_2'])
    expect((await orafi(`runs undo ${run} --yes`, here)).code).toBe(0)
    expect(api.records.size).toBe(0)
  })

  test.each([
    ['both names', {}, 'created'],
    ['another first name', { firstname: 'Nnamdi' }, 'skipped'],
    ['another last name', { lastname: 'Eze' }, 'skipped'],
  ])('is ours when the account has the e-mail with %s', async (_what, over, outcome) => {
    const { api, home, here, line } = await place(1)
    cutCreates(api, 'cut')
    let posts = 0
    const { instead } = api
    api.instead = (request) => {
      // Somebody makes the person at the same moment.
      if (request.method === 'POST' && posts++ === 0)
        api.records.set('c_9', harmless('c_9', { firstname: 'N0', email: 'n0@x.example', ...over }))
      return instead(request)
    }
    const { code, stdout } = await orafi(line, here)
    const { run, created, skipped } = JSON.parse(stdout)
    expect([code, created, skipped]).toEqual(outcome === 'created' ? [0, 1, 0] : [0, 0, 1])
    expect(await outcomesOf(home, run)).toEqual([['r0', outcome, outcome === 'created' ? 'c_9' : undefined]])
    expect(api.created).toEqual([])
  })

  test('is settled by the next import under another profile name with the same key', async () => {
    const { api, here, line } = await place(2)
    cutCreates(api, 'carry out and cut')
    // Stopped before it could look for the row.
    const first = await orafi(`${line} --debug`, {
      ...here,
      env: { ORAFI_PROFILE: 'shop-a' },
      onOutput: ({ stderr }, interrupt) => {
        if (stderr.includes('POST')) interrupt()
      },
    })
    expect(first.code).toBe(130)
    const second = await orafi(line, { ...here, env: { ORAFI_PROFILE: 'shop-b' } })
    expect(second.code).toBe(0)
    expect([...api.created].sort()).toEqual(['n0@x.example', 'n1@x.example'])
  })

  test('that two crashed imports sent is created by one of them alone, so that one undo takes it back', async () => {
    const { api, home, here, line } = await place(1)
    await orafi(line, here)
    await crash(home, ['r0'])
    // The second crash: the same intent in another run, without an outcome.
    const folder = join(home, 'state', 'runs')
    const [name = ''] = await readdir(folder)
    const other = name.replace(/....\.ndjson$/, 'aaaa')
    const text = (await readFile(join(folder, name), 'utf8')).replaceAll(name.replace('.ndjson', ''), other)
    await writeFile(join(folder, `${other}.ndjson`), text)
    expect((await orafi(line, here)).code).toBe(0)
    expect(api.created).toHaveLength(1)
    const runs = JSON.parse((await orafi('runs list --json', { home })).stdout).data
    const outcomes = await Promise.all(runs.map(({ run }: { run: string }) => outcomesOf(home, run)))
    const creations = outcomes.flat().filter((one) => Array.isArray(one) && one[1] === 'created')
    expect(creations).toHaveLength(1)
  })
})

describe('a row that never arrives', () => {
  test('is sent again three times, each after two looks, and stays undecided', async () => {
    const { api, here, line } = await place(1)
    api.instead = ({ method }) => (method === 'POST' ? 'cut' : undefined)
    const clock = createClock(testTime, { stands: true })
    const { code, stdout, slept } = await orafi(`${line} --timeout 7`, { ...here, clock })
    expect([code, JSON.parse(stdout)]).toMatchObject([6, { created: 0, undecided: 1, notSent: 0 }])
    expect(api.received.filter(({ method }) => method === 'POST')).toHaveLength(4)
    expect(slept.filter((ms) => ms > 0)).toEqual(Array(6).fill(7000))
  })

  test('is sent again three times where the API is not available, and that is an outage', async () => {
    const { api, here, line } = await place(2)
    api.instead = ({ method }) => (method === 'POST' ? { status: 429 } : undefined)
    const { code, stdout, stderr } = await orafi(`${line} --retries 0`, here)
    expect(stderr).toContain('2 rows could not be sent: the API is still unavailable')
    expect([code, JSON.parse(stdout)]).toMatchObject([5, { created: 0, undecided: 0, notSent: 2 }])
    expect(api.received.filter(({ method }) => method === 'POST')).toHaveLength(2 * 4)
  })
})

describe('a row that could not be looked for', () => {
  test('stays undecided, as every other one whose answer was lost', async () => {
    const { api, here, line } = await place(3)
    cutCreates(api, 'cut', 3)
    const { instead } = api
    let sent = false
    api.instead = (request) => {
      sent ||= request.method === 'POST'
      return sent && request.path === '/customers' ? { status: 500 } : instead(request)
    }
    const { code, stdout } = await orafi(`${line} --retries 0`, here)
    expect([code, JSON.parse(stdout)]).toMatchObject([5, { created: 0, undecided: 3, notSent: 0 }])
  })
})

describe('the summary of an import that ended early', () => {
  test('is printed even if the rejected rows cannot be saved', async () => {
    const { api, home, here, line } = await place(3)
    await mkdir(join(home, 'state'))
    await writeFile(join(home, 'state', 'spool'), 'a file where the folder should be')
    api.instead = ({ method, body }) =>
      method === 'POST' && body.includes('n1@')
        ? { status: 400, body: { success: false, message: 'no' } }
        : undefined
    const rejects = join(home, 'rejects.csv')
    const { code, stdout, stderr } = await orafi(`${line} --rejects ${rejects}`, here)
    expect(code).toBe(1)
    expect(stderr).toContain('spool')
    expect(stderr).toContain('2 created, 1 rejected in ')
    expect(JSON.parse(stdout)).toMatchObject({ created: 2, rejected: 1, notSent: 0 })
  })
})

describe('a row that did not arrive', () => {
  test('because Ctrl-C came while it waited for its next attempt is journaled so', async () => {
    const { api, home, here, line } = await place(1)
    api.instead = ({ method }) => (method === 'POST' ? { status: 429 } : undefined)
    const { code, stdout } = await orafi(`${line} --debug`, {
      ...here,
      onOutput: ({ stderr }, interrupt) => {
        if (stderr.includes('rate limited')) interrupt()
      },
    })
    const { run, ...counts } = JSON.parse(stdout)
    expect([code, counts]).toMatchObject([130, { created: 0, undecided: 0, notSent: 1 }])
    expect(await outcomesOf(home, run)).toEqual([['r0', 'notSent', undefined]])
  })

  test.each([
    ['the API was not to be reached', { status: 429 }],
    ['it was looked for and not found', 'cut'],
  ] as const)(
    'has its outcome in the journal when the import ends before it is sent again: %s',
    async (_what, how) => {
      const { api, home, here, line } = await place(3)
      let posts = 0
      api.instead = ({ method }) => (method === 'POST' && ++posts > 1 ? how : undefined)
      const { code, stdout } = await orafi(`${line} --retries 0 --timeout 1 --concurrency 1 --debug`, {
        ...here,
        onOutput: ({ stderr }, interrupt) => {
          // Each of them was tried once, and the first of them is tried again.
          if (stderr.split('debug: POST').length > 2 * 4) interrupt()
        },
      })
      expect(code).not.toBe(0)
      const { run, created, undecided, notSent } = JSON.parse(stdout)
      expect([created, created + undecided + notSent]).toEqual([1, 3])
      const outcomes = (await outcomesOf(home, run)).map((one) => (Array.isArray(one) ? one[1] : undefined))
      expect(outcomes.filter((outcome) => outcome === null)).toHaveLength(undecided)
      api.instead = () => undefined
      expect((await orafi(line, here)).code).toBe(0)
      expect([...api.created].sort()).toEqual(['n0@x.example', 'n1@x.example', 'n2@x.example'])
    },
  )
})
