import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'
import { type Circumstances, orafi, temporaryFolder } from '../support/orafi.ts'

/** How many requests of its own a change gets through before it is ended. */
const before = 30

/**
 * How many customers or rows each change is asked for: more than can be sent by then, however quick the answers are.
 * 64 may be running, and an outage is seen after 20.
 */
const total = before + 64 + 20 + 1

const people = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `c_${index}`,
    firstname: 'Ada',
    lastname: 'Obi',
    email: `n${index}@x.example`,
    mode: ['test'],
    totalSpent: 0,
  }))

interface Place {
  api: Api
  here: Circumstances
  home: string
}

async function newPlace(customers: number): Promise<Place> {
  const api = await startApi(people(customers))
  const home = await temporaryFolder()
  return { api, home, here: { ...api.test, home } }
}

async function onlyRun(home: string): Promise<string> {
  const [name = ''] = (await readdir(join(home, 'state', 'runs'))).filter((one) => one.endsWith('.ndjson'))
  return name.replace('.ndjson', '')
}

async function importLine(home: string): Promise<string> {
  const file = join(home, 'people.csv')
  const rows = people(total).map(({ firstname, lastname, email }) => `${firstname},${lastname},${email}`)
  await writeFile(file, `firstname,lastname,email\n${rows.join('\n')}\n`)
  return `customers import ${file}`
}

async function deleteLine(home: string): Promise<string> {
  const file = join(home, 'ids.txt')
  await writeFile(
    file,
    people(total)
      .map(({ id }) => id)
      .join('\n'),
  )
  return `customers delete --ids-from ${file} --yes --max-delete ${total}`
}

/** Each change as a command line, after what has to be done before, and the method of its requests. */
const changes: Record<string, { method: string; prepare(): Promise<Place & { line: string }> }> = {
  import: {
    method: 'POST',
    async prepare() {
      const place = await newPlace(0)
      return { ...place, line: await importLine(place.home) }
    },
  },
  delete: {
    method: 'DELETE',
    async prepare() {
      const place = await newPlace(total)
      return { ...place, line: await deleteLine(place.home) }
    },
  },
  'undo of a delete': {
    method: 'POST',
    async prepare() {
      const place = await newPlace(total)
      await orafi(await deleteLine(place.home), place.here)
      return { ...place, line: `runs undo ${await onlyRun(place.home)} --yes` }
    },
  },
  'undo of an import': {
    method: 'DELETE',
    async prepare() {
      const place = await newPlace(0)
      await orafi(await importLine(place.home), place.here)
      return { ...place, line: `runs undo ${await onlyRun(place.home)} --yes --max-delete ${total}` }
    },
  },
}

/** What ends them midway; the exit code is that of the cause. */
const ends = {
  'Ctrl-C': { code: 130 },
  'a refused key': { code: 4, answer: { status: 401 } },
  'an outage': { code: 5, answer: { status: 503 } },
  'lost answers': { code: 5, answer: 'cut' },
} as const

/** The numbers of a summary, and the total that it names. */
function countsIn(stderr: string): { sum: number; total: number | undefined } {
  const line = /^\d.*(?:created|deleted).*$/m.exec(stderr)?.[0] ?? ''
  const number = (text: string): number => Number(text.replaceAll(',', ''))
  const counts = line.replace(/( of [\d,]+)?( in [\d.]+ s)? \(.*$/, '')
  const named = / of ([\d,]+)/.exec(line)?.[1]
  return {
    sum: [...counts.matchAll(/([\d,]*\d) [a-z]/g)].reduce((sum, [, text = '']) => sum + number(text), 0),
    total: named === undefined ? undefined : number(named),
  }
}

/** All items of a document: counts, or lists. */
function sumOf(document: Record<string, unknown>): number {
  const { seconds: _, ...rest } = document
  return Object.values(rest).reduce<number>(
    (sum, value) => sum + (Array.isArray(value) ? value.length : typeof value === 'number' ? value : 0),
    0,
  )
}

const cases = Object.keys(changes).flatMap((change) => Object.keys(ends).map((end) => [change, end] as const))

describe('the summary of a change that ended midway counts everybody once', () => {
  test.each(cases)('%s, %s', async (change, end) => {
    const { method, prepare } = changes[change] ?? { method: '', prepare: () => Promise.reject() }
    const { api, here, line } = await prepare()
    const { code: expected, ...how } = ends[end as keyof typeof ends]
    let sent = 0
    let interrupt = (): void => undefined
    api.instead = (request) => {
      if (request.method === method && ++sent === before && !('answer' in how)) interrupt()
      return sent > before && 'answer' in how ? how.answer : undefined
    }
    const { code, stdout, stderr } = await orafi(`${line} --json --retries 0 --timeout 1`, {
      ...here,
      onStart(how) {
        interrupt = how
      },
    })
    const document = JSON.parse(stdout)
    expect(sumOf(document)).toBe(total)
    expect(document.notSent.length ?? document.notSent).toBeGreaterThan(0)
    expect(countsIn(stderr)).toEqual({ sum: total, total })
    expect(code).toBe(expected)
  })
})

describe('a second Ctrl-C gives up what was sent, and the summary still counts it, as unknown', () => {
  test.each(Object.keys(changes))('%s', async (change) => {
    const { method, prepare } = changes[change] ?? { method: '', prepare: () => Promise.reject() }
    const { api, here, line } = await prepare()
    let sent = 0
    let interrupt = (): void => undefined
    let again = interrupt
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    api.instead = async (request) => {
      if (request.method !== method || ++sent < before) return undefined
      interrupt()
      setImmediate(again)
      await held
      return undefined
    }
    const { code, stdout, stderr } = await orafi(`${line} --json`, {
      ...here,
      onStart(first, second) {
        interrupt = first
        again = second
      },
    })
    release()
    const { undecided, failed, ...document } = JSON.parse(stdout)
    const unknown = undecided ?? failed
    expect(unknown.length ?? unknown).toBeGreaterThan(0)
    expect(sumOf({ ...document, unknown })).toBe(total)
    expect(countsIn(stderr)).toEqual({ sum: total, total })
    expect(code).toBe(130)
  })
})

describe('a change that fails before it begins says that nothing was done', () => {
  test.each([
    ['import', 'created'],
    ['delete', 'deleted'],
  ])('%s', async (change, done) => {
    const { prepare } = changes[change] ?? { prepare: () => Promise.reject() }
    const { api, here, line } = await prepare()
    api.instead = () => ({ status: 401 })
    const { code, stdout, stderr } = await orafi(line, here)
    expect([code, stdout]).toEqual([4, ''])
    expect(stderr).toMatch(new RegExp(`^Nothing was ${done}\\.\nerror: `, 'm'))
  })
})

describe('the reasons of a summary', () => {
  test('are grouped, name some of the customers, and where all of them are', async () => {
    const { api, here, home, line } = await (changes['undo of an import']?.prepare() ?? Promise.reject())
    for (const id of [...api.records.keys()].slice(0, 12))
      api.records.set(id, { ...api.records.get(id), firstname: 'Somebody else' })
    const { code, stdout, stderr } = await orafi(`${line} --json`, here)
    expect([code, JSON.parse(stdout).leftOut.length]).toEqual([6, 12])
    const { run, leftOut } = JSON.parse(stdout)
    const named = leftOut.slice(0, 5).map(({ id }: { id: string }) => id)
    expect(stderr).toContain(
      `12 left out: has changed since: ${named.join(', ')}, and 7 more: orafi runs show ${run}\n` +
        `no undo of an undo. What it did: orafi runs show ${run}\n`,
    )
    const shown = await orafi(`runs show ${run}`, { home })
    expect(shown.stdout.match(/\tnotSent\t.*has changed since/g)).toHaveLength(12)
  })

  test('of an import name the lines that were rejected', async () => {
    const { api, here, line } = await (changes.import?.prepare() ?? Promise.reject())
    api.instead = ({ method, body }) =>
      method === 'POST' && /"n[01]@/.test(body)
        ? { status: 400, body: { success: false, message: 'no \x1b[2J' } }
        : undefined
    const { code, stderr } = await orafi(line, here)
    expect(code).toBe(6)
    expect(stderr).toMatch(
      /^2 rejected: .*no \\x1b\[2J: line 2, line 3\nundo: orafi runs undo \S+\nerror: 2 rows were rejected$/m,
    )
  })

  test('say why there is no undo, and which flags an undo needs', async () => {
    const { api, here } = await newPlace(3)
    const none = await orafi('customers delete gone --yes', here)
    expect(none.stderr).toContain('0 deleted, 1 not found (')
    expect(none.stderr).toContain('\nno undo: nothing was deleted\n')
    const erased = await orafi('customers delete c_0 --yes --no-journal --test', here)
    expect(erased.stderr).toMatch(
      /\nno undo: with --no-journal no copy was kept\. What it did: orafi runs show \S+\n/,
    )
    const kept = await orafi('customers delete c_1 --yes --test', here)
    expect(kept.stderr).toMatch(/\nundo: orafi runs undo \S+ --test\n$/)
    expect((await orafi(/undo: orafi (.*)\n/.exec(kept.stderr)?.[1] ?? '', here)).code).toBe(2)
    const created = await orafi('customers create --firstname A --lastname B --email a@x.example', here)
    expect(created.stderr).toMatch(/^Created customer new_1 \(.*\)\nundo: orafi customers delete new_1\n$/)
    expect([...api.records.keys()]).toEqual(['c_2', 'new_1'])
  })
})
