import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Api, harmless, type Instead, startApi } from '../../support/api.ts'
import { createClock } from '../../support/clock.ts'
import { type Circumstances, orafi, type Result, temporaryFolder, testTime } from '../../support/orafi.ts'

const runsIn = (home: string): string => join(home, 'state', 'runs')

async function lastRun(home: string, command: string): Promise<string> {
  const { data } = JSON.parse((await orafi('runs list --json', { home })).stdout)
  return data.find((run: { command: string }) => run.command === command).run
}

/** Lines of a run's file that may be changed and written back. */
async function edit(home: string, run: string, change: (lines: string[]) => string[]): Promise<void> {
  const file = join(runsIn(home), `${run}.ndjson`)
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
  await writeFile(file, `${change(lines).join('\n')}\n`)
}

const people = (count: number) => Array.from({ length: count }, (_, index) => harmless(`c_${index}`))

async function deleted(count: number) {
  const api = await startApi(people(count))
  const home = await temporaryFolder()
  const here: Circumstances = { ...api.test, home }
  const ids = [...api.records.keys()]
  expect((await orafi(`customers delete ${ids.join(' ')} --yes`, here)).code).toBe(0)
  return { api, home, here, ids, run: await lastRun(home, 'delete') }
}

async function imported(count: number) {
  const api = await startApi()
  const home = await temporaryFolder()
  const here: Circumstances = { ...api.test, home }
  const file = join(home, 'people.csv')
  const rows = Array.from({ length: count }, (_, index) => `N${index},Obi,n${index}@x.example`)
  await writeFile(file, `firstname,lastname,email\n${rows.join('\n')}\n`)
  expect((await orafi(`customers import ${file}`, here)).code).toBe(0)
  return { api, home, here, file, ids: [...api.records.keys()], run: await lastRun(home, 'import') }
}

describe('what an undo did is read from its own run', () => {
  test('the run that it takes back is not written to', async () => {
    const { home, here, run } = await deleted(3)
    const file = join(runsIn(home), `${run}.ndjson`)
    const before = await readFile(file, 'utf8')
    await orafi(`runs undo ${run} --yes`, here)
    expect(await readFile(file, 'utf8')).toBe(before)
    const { stdout } = await orafi(`runs show ${run} --json`, { home })
    expect(JSON.parse(stdout).data[0]).toMatchObject({
      item: 'c_0',
      outcome: 'deleted',
      undone: { state: 'undone', newId: expect.stringMatching(/^new_/) },
    })
    expect((await orafi(`runs show ${run}`, { home })).stdout).toMatch(
      /^c_0\tundone\tnew_\d\tc_0@x\.example\t\n/,
    )
  })

  test('a kill between a create and its outcome leaves the customer undecided, and creates nobody twice', async () => {
    const { api, home, here, ids, run } = await deleted(5)
    await orafi(`runs undo ${run} --yes`, here)
    const undo = await lastRun(home, 'undo')
    // As a kill -9 leaves it: the intents of two were written, their outcomes were not.
    await edit(home, undo, (lines) =>
      lines.filter((line) => !/"outcome","item":"c_[13]"|"type":"end"/.test(line)),
    )
    const { code, stdout } = await orafi(`runs undo ${run} --yes --json`, here)
    expect(code).toBe(6)
    expect(JSON.parse(stdout)).toEqual({
      run: null,
      undone: [],
      undecided: ['c_1', 'c_3'],
      leftOut: [],
      notSent: [],
    })
    expect(api.created.sort()).toEqual(ids.map((id) => `${id}@x.example`))
  })

  test('an undo that cannot be read stops the next one, by name, since it may have done it', async () => {
    const { api, home, here, run } = await deleted(2)
    await orafi(`runs undo ${run} --yes`, here)
    const undo = await lastRun(home, 'undo')
    await edit(home, undo, (lines) => ['x', ...lines.slice(1)])
    const { code, stderr } = await orafi(`runs undo ${run} --yes`, here)
    expect(code).toBe(1)
    expect(stderr).toContain(`${undo}.ndjson, line 1 is damaged`)
    expect(api.created).toHaveLength(2)
  })

  test('runs of an earlier version are refused by name, and never taken for something else', async () => {
    const { api, home, here, run } = await deleted(2)
    await edit(home, run, (lines) => lines.map((line) => line.replace('{"v":3', '{"v":2')))
    const { code, stderr } = await orafi(`runs undo ${run} --yes`, here)
    expect([code, api.created]).toEqual([1, []])
    expect(stderr).toContain('written by an earlier orafi (journal version 2; this one reads 3)')
    expect(stderr).toContain('move the file to another folder')
  })

  test('a customer that is named and not in the run is said so, and nothing is done', async () => {
    const one = await deleted(2)
    const refused = await orafi(`runs undo ${one.run} c_0 stranger --yes`, one.here)
    expect([refused.code, one.api.created]).toEqual([3, []])
    expect(refused.stderr).toContain("has no customer 'stranger'")
    const other = await imported(2)
    expect((await orafi(`runs undo ${other.run} stranger --yes`, other.here)).code).toBe(3)
    expect(other.api.deleted).toEqual([])
  })
})

describe('undoing an import deletes only customers with a fingerprint in the journal', () => {
  const edits: [string, (lines: string[]) => string[]][] = [
    [
      'a fingerprint that was removed',
      (lines) => lines.map((line) => line.replace(/,"fingerprint":"\w+"/, '')),
    ],
    [
      'a fingerprint that was changed',
      (lines) => lines.map((line) => line.replace(/("fingerprint":")\w/, '$1x')),
    ],
    ['an id that was changed', (lines) => lines.map((line) => line.replace(/"id":"new_\d+"/, '"id":"c_0"'))],
    ['an intent that was removed', (lines) => lines.filter((line) => !line.includes('"type":"intent"'))],
    [
      'an outcome that was added',
      (lines) => [
        lines[0] ?? '',
        '{"type":"intent","item":"r9","at":1,"hash":"x"}',
        '{"type":"outcome","item":"r9","at":1,"outcome":"created","id":"c_0"}',
      ],
    ],
  ]
  test.each(edits)('after %s', async (_what, change) => {
    const { api, home, here, run } = await imported(2)
    api.records.set('c_0', harmless('c_0'))
    await edit(home, run, change)
    const { code, stdout } = await orafi(`runs undo ${run} --yes --json`, here)
    expect(code).toBe(6)
    const { deleted, leftOut } = JSON.parse(stdout)
    expect(deleted).toEqual([])
    expect(leftOut[0].reason).toMatch(/the journal no longer has its fingerprint|has changed since/)
    expect(api.deleted).toEqual([])
  })

  test('a customer that was forgotten stays, with the reason, and the others go', async () => {
    const { api, here, ids, run } = await imported(3)
    expect((await orafi(`runs forget --customer ${ids[1]} --yes`, here)).code).toBe(0)
    const { code, stdout } = await orafi(`runs undo ${run} --yes --json`, here)
    expect(code).toBe(6)
    expect(JSON.parse(stdout)).toMatchObject({
      deleted: [ids[0], ids[2]],
      leftOut: [{ id: ids[1], reason: 'the journal no longer has its fingerprint' }],
    })
    expect([...api.records.keys()]).toEqual([ids[1]])
  })

  test('a deletion whose outcome a kill took along counts as undone when the customer is gone', async () => {
    const { home, here, run } = await imported(3)
    await orafi(`runs undo ${run} --yes`, here)
    await edit(home, await lastRun(home, 'undo'), (lines) =>
      lines.filter((line) => !line.includes('"outcome"')),
    )
    expect(await orafi(`runs undo ${run} --yes`, here)).toMatchObject({
      code: 0,
      stderr: `Nothing left to undo in ${run}.\n`,
    })
  })

  test('who has a totalSpent that cannot be read counts as having spent', async () => {
    const { api, here, ids, run } = await imported(1)
    api.records.set(ids[0] ?? '', { ...api.records.get(ids[0] ?? ''), totalSpent: '0' })
    const { stdout } = await orafi(`runs undo ${run} --yes --json`, here)
    expect(JSON.parse(stdout).leftOut).toEqual([{ id: ids[0], reason: 'has spent since' }])
  })
})

/** Runs a command again and again, interrupted at the given counts of debug lines, and at last to its end. */
async function untilDone(
  line: string,
  here: Circumstances,
  interrupts: readonly number[],
): Promise<Result[]> {
  const results: Result[] = []
  for (const at of interrupts) {
    results.push(
      await orafi(`${line} --debug`, {
        ...here,
        onOutput: ({ stderr }, interrupt) => {
          if (stderr.split('debug:').length > at) interrupt(at % 2 === 0 ? 'SIGINT' : 'SIGTERM')
        },
      }),
    )
  }
  results.push(await orafi(line, here))
  return results
}

/** Now and then an answer is lost, after the request was carried out or before. */
function losing(share: number): Api['instead'] {
  let state = 7
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  return ({ method }): Instead => {
    if (method !== 'DELETE' || random() > share) return undefined
    return random() < 0.5 ? 'cut' : 'carry out and cut'
  }
}

const interruptions = fc.array(fc.nat(150), { maxLength: 3 })

describe('after any number of interruptions and repetitions', () => {
  test('everybody is deleted once', async () => {
    await fc.assert(
      fc.asyncProperty(interruptions, async (interrupts) => {
        const api = await startApi(people(30))
        api.instead = losing(0.1)
        const here = { ...api.test, home: await temporaryFolder() }
        const ids = [...api.records.keys()]
        await untilDone(`customers delete ${ids.join(' ')} --yes --retries 9`, here, interrupts)
        expect([...api.deleted].sort()).toEqual([...ids].sort())
      }),
      { numRuns: 6 },
    )
  })

  test('everybody whose deletion is undone is created once, and nobody stays undecided', async () => {
    await fc.assert(
      fc.asyncProperty(interruptions, async (interrupts) => {
        const { api, here, ids, run } = await deleted(30)
        const results = await untilDone(`runs undo ${run} --yes --json`, here, interrupts)
        expect(results.at(-1)?.code).toBe(0)
        expect([...api.created].sort()).toEqual(ids.map((id) => `${id}@x.example`).sort())
        for (const { stdout } of results.filter(({ stdout }) => stdout !== '')) {
          const { undecided, leftOut } = JSON.parse(stdout)
          expect([undecided, leftOut]).toEqual([[], []])
        }
      }),
      { numRuns: 6 },
    )
  })

  test('everybody in a file is created once, and an undo deletes each of them once', async () => {
    await fc.assert(
      fc.asyncProperty(interruptions, interruptions, async (during, undoing) => {
        const api = await startApi()
        const home = await temporaryFolder()
        const here = { ...api.test, home }
        const file = join(home, 'people.csv')
        const rows = Array.from({ length: 30 }, (_, index) => `N${index},Obi,n${index}@x.example`)
        await writeFile(file, `firstname,lastname,email\n${rows.join('\n')}\n`)
        for (const { stdout } of await untilDone(`customers import ${file} --json`, here, during)) {
          if (stdout === '') continue
          const { created, skipped, rejected, undecided, notSent } = JSON.parse(stdout)
          expect(created + skipped + rejected + undecided + notSent).toBe(30)
        }
        expect([...api.created].sort()).toEqual(rows.map((row) => row.split(',')[2]).sort())
        api.instead = losing(0.1)
        const names = (await readdir(runsIn(home))).filter((name) => name.endsWith('.ndjson'))
        for (const name of names)
          await untilDone(`runs undo ${name.replace('.ndjson', '')} --yes --retries 9`, here, undoing)
        expect(api.records.size).toBe(0)
        expect(new Set(api.deleted).size).toBe(30)
      }),
      { numRuns: 6 },
    )
  })
})

test('an undo during an outage stops after a few, so that not everybody becomes undecided', async () => {
  const { api, here, run } = await deleted(60)
  api.instead = ({ method }) => (method === 'POST' ? { status: 500 } : undefined)
  const { code, stdout, stderr } = await orafi(`runs undo ${run} --yes --json`, here)
  expect(code).toBe(5)
  expect(stderr).toContain('requests in a row got no usable response')
  const { undecided, notSent } = JSON.parse(stdout)
  expect(undecided.length).toBeLessThan(40)
  expect(undecided.length + notSent.length).toBe(60)
})

describe('a customer that two runs may have deleted', () => {
  test('comes back once: the run that does not know leaves it to the one that does', async () => {
    const api = await startApi(people(1))
    const here = { ...api.test, home: await temporaryFolder() }
    // The DELETE is lost, and nobody can tell what became of it.
    let lost = false
    api.instead = ({ method }) => {
      lost ||= method === 'DELETE'
      return lost ? 'cut' : undefined
    }
    expect((await orafi('customers delete c_0 --yes --retries 0', here)).code).toBe(8)
    api.instead = () => undefined
    expect((await orafi('customers delete c_0 --yes', here)).code).toBe(0)
    const { data } = JSON.parse((await orafi('runs list --json', here)).stdout)
    const codes: number[] = []
    for (const { run } of data) codes.push((await orafi(`runs undo ${run} --yes`, here)).code)
    expect(codes.sort()).toEqual([0, 6])
    expect(api.created).toEqual(['c_0@x.example'])
  })

  test('comes back once where neither knows: it was the later one, which saw it there', async () => {
    const api = await startApi(people(1))
    const here = { ...api.test, home: await temporaryFolder() }
    for (const time of [testTime, testTime + 60_000]) {
      let lost = false
      api.instead = ({ method }) => {
        lost ||= method === 'DELETE'
        return lost ? 'cut' : undefined
      }
      const clock = createClock(time)
      expect((await orafi('customers delete c_0 --yes --retries 0', { ...here, clock })).code).toBe(8)
    }
    api.instead = () => undefined
    api.records.delete('c_0')
    const { data } = JSON.parse((await orafi('runs list --json', here)).stdout)
    const codes: number[] = []
    for (const { run } of data) codes.push((await orafi(`runs undo ${run} --yes`, here)).code)
    expect(codes).toEqual([0, 6])
    expect(api.created).toEqual(['c_0@x.example'])
  })

  test('a DELETE that is carried out after it was given up is found by the undo', async () => {
    const api = await startApi(people(1))
    const here = { ...api.test, home: await temporaryFolder() }
    api.instead = ({ method }) => (method === 'DELETE' ? 'cut' : undefined)
    expect((await orafi('customers delete c_0 --yes --retries 0', here)).code).toBe(5)
    api.records.delete('c_0')
    api.instead = () => undefined
    const run = await lastRun(here.home, 'delete')
    expect((await orafi(`runs undo ${run} --yes`, here)).code).toBe(0)
    expect(api.created).toEqual(['c_0@x.example'])
  })

  test("a 404 that is not the API's own says nothing about a customer", async () => {
    const api = await startApi(people(2))
    const here = { ...api.test, home: await temporaryFolder() }
    api.instead = ({ path }) => (path === '/customers/c_0' ? { status: 404, body: 'no route' } : undefined)
    const { code, stderr } = await orafi('customers delete c_0 c_1 --yes', here)
    expect([code, api.deleted]).toEqual([1, []])
    expect(stderr).toContain('check ORAFI_BASE_URL')
    let deletes = 0
    api.instead = ({ method, path }) => {
      if (method === 'DELETE') deletes += 1
      if (method === 'DELETE') return 'cut'
      return deletes > 0 && path === '/customers/c_0' ? { status: 404, body: 'no route' } : undefined
    }
    const lost = await orafi('customers delete c_0 --yes --json --retries 0', here)
    expect(lost.code).toBe(8)
    expect(JSON.parse(lost.stdout).deleted).toEqual([])
  })
})

test('an undo with nothing left prints an empty report', async () => {
  const { here, run } = await deleted(1)
  await orafi(`runs undo ${run} --yes`, here)
  const { code, stdout } = await orafi(`runs undo ${run} --yes --json`, here)
  expect([code, JSON.parse(stdout)]).toEqual([
    0,
    { run: null, undone: [], undecided: [], leftOut: [], notSent: [] },
  ])
})
