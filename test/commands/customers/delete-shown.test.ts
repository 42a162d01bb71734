import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Api, harmless, type Instead, startApi } from '../../support/api.ts'
import { type Circumstances, orafi } from '../../support/orafi.ts'

const many = (count: number, over?: Record<string, unknown>) =>
  Array.from({ length: count }, (_, index) => harmless(`c_${index}`, over))
const gone = (count: number): string[] => Array.from({ length: count }, (_, index) => `gone_${index}`)
const attended = (circumstances: Circumstances, stdin: string): Circumstances => ({
  ...circumstances,
  tty: true,
  columns: 200,
  stdin,
})

describe('what is deleted was shown', () => {
  test('behind any number of missing ids the records that are there are shown', async () => {
    const api = await startApi(many(3))
    const ids = [...gone(45), ...api.records.keys()].join(' ')
    const { code, stderr } = await orafi(`customers delete ${ids}`, attended(api.test, 'y\n'))
    for (const email of ['c_0@x.example', 'c_1@x.example', 'c_2@x.example']) expect(stderr).toContain(email)
    expect(stderr).toContain('3 to delete, 45 not found')
    expect(code).toBe(6)
    expect(api.deleted).toEqual(['c_0', 'c_1', 'c_2'])
  })

  test('twenty are shown, in the order they were asked for, however many are missing between them', async () => {
    const api = await startApi(many(30))
    const ids = [...gone(30), ...[...api.records.keys()].reverse()].join(' ')
    const { stderr } = await orafi(`customers delete ${ids}`, attended(api.test, 'n\n'))
    const shown = [...stderr.matchAll(/c_(\d+)@/g)].map(([, number]) => Number(number))
    expect(shown).toEqual(Array.from({ length: 20 }, (_, index) => 29 - index))
    expect(stderr).toContain('30 to delete (10 more not shown)')
  })

  test('with a live key the e-mail of a single record among missing ones has to be typed, and Enter deletes nothing', async () => {
    const api = await startApi(many(1, { mode: ['live'] }))
    const line = `customers delete ${gone(45).join(' ')} c_0`
    const enter = await orafi(line, attended(api.live, '\n'))
    expect(enter.stderr).toContain('Type the e-mail (c_0@x.example) to continue: ')
    expect(enter.stderr).toContain('the answer does not match; nothing was deleted')
    expect(enter.code).toBe(7)
    expect(api.deleted).toEqual([])
    expect((await orafi(line, attended(api.live, 'c_0@x.example\n'))).code).toBe(6)
    expect(api.deleted).toEqual(['c_0'])
  })

  test.each([
    ['the e-mail, to the letter', { email: 'Ada@x.example' }, 'ada@x.example\n', 'Ada@x.example\n'],
    ['the e-mail, and nothing beside it', {}, 'yes, c_0@x.example\n', 'c_0@x.example\n'],
    ['the whole e-mail', {}, 'c_0@x.exampl\n', 'c_0@x.example\n'],
    ['the id where the e-mail is empty', { email: '' }, '\n', 'c_0\n'],
    ['the id where the e-mail is missing', { email: undefined }, '\n', 'c_0\n'],
    ['the id where the e-mail is no text', { email: { a: 1 } }, '\n', 'c_0\n'],
    ['the id where the e-mail is blank', { email: '  ' }, '\n', 'c_0\n'],
    ['the id where the e-mail is endless', { email: `${'a'.repeat(300)}@x.example` }, '\n', 'c_0\n'],
  ])('a live record wants %s', async (_what, over, wrong, right) => {
    const api = await startApi([harmless('c_0', { mode: ['live'], ...over })])
    expect((await orafi('customers delete c_0', attended(api.live, wrong))).code).toBe(7)
    expect(api.deleted).toEqual([])
    expect((await orafi('customers delete c_0', attended(api.live, right))).code).toBe(0)
  })

  test('the number that has to be typed is that of the records that are there', async () => {
    const api = await startApi(many(3, { mode: ['live'] }))
    const line = `customers delete ${gone(4).join(' ')} ${[...api.records.keys()].join(' ')}`
    for (const wrong of ['7', '03', '3.0', '33', '3 3', 'y', '']) {
      expect([wrong, (await orafi(line, attended(api.live, `${wrong}\n`))).code]).toEqual([wrong, 7])
    }
    expect((await orafi(line, attended(api.live, '3\n'))).code).toBe(6)
    expect(api.deleted).toHaveLength(3)
  })
})

describe('what cannot be read counts as the dangerous thing', () => {
  const odd: [string, unknown][] = [
    ['null', null],
    ['missing', undefined],
    ['an object', { test: true }],
    ['an empty array', []],
    ['a text', 'test'],
    ['a word with a blank', ['live ']],
    ['a nested array', [['live', 'x']]],
    ['a word in capitals', ['TEST']],
    ['an unknown word', ['staging']],
    ['test and an unknown word', ['test', 'staging']],
    ['test and a number', ['test', 1]],
    ['test and an object without a text', ['test', { toString: 1 }]],
  ]
  test.each(odd)('a mode that is %s is deleted by no script, with either key', async (_what, mode) => {
    const api = await startApi([harmless('c_1'), harmless('c_0', { mode })])
    for (const [circumstances, flags] of [
      [api.test, '--yes'],
      [api.live, '--yes --live'],
      [api.live, '--yes --live --include-spenders'],
    ] as const) {
      const { code, stderr } = await orafi(`customers delete c_1 c_0 ${flags}`, circumstances)
      expect(code).toBe(2)
      expect(stderr).toContain('1 of the records has a mode that cannot be read')
    }
    expect(api.deleted).toEqual([])
    // A person may, and types what the record is called even with a test key.
    expect((await orafi('customers delete c_0', attended(api.test, 'y\n'))).code).toBe(7)
    expect((await orafi('customers delete c_0', attended(api.test, 'c_0@x.example\n'))).code).toBe(0)
  })

  test.each([[['test', 'live']], [['live']], [['live', 'live', 'test']], [['test', 'test']]])(
    'a live key with --live --yes deletes a record of mode %j',
    async (mode) => {
      const api = await startApi([harmless('c_0', { mode })])
      expect((await orafi('customers delete c_0 --yes --live', api.live)).code).toBe(0)
      expect(api.deleted).toEqual(['c_0'])
    },
  )

  test.each([
    ['a text', '0'],
    ['an array', [0]],
    ['missing', undefined],
    ['null', null],
    ['false', false],
    ['negative', -0.5],
    ['an object', {}],
  ])(
    'a totalSpent that is %s is deleted by no script, not even with --include-spenders',
    async (_what, totalSpent) => {
      const api = await startApi([harmless('c_0', { totalSpent })])
      for (const flags of ['--yes', '--yes --include-spenders']) {
        const { code, stderr } = await orafi(`customers delete c_0 ${flags}`, api.test)
        expect(code).toBe(2)
        expect(stderr).toContain('has a totalSpent that cannot be read')
      }
      expect(api.deleted).toEqual([])
      expect((await orafi('customers delete c_0', attended(api.test, 'y\n'))).code).toBe(0)
    },
  )

  test('an amount that can be read goes with --include-spenders, however many digits it has', async () => {
    const api = await startApi([harmless('c_0', { totalSpent: 12.5 })])
    expect((await orafi('customers delete c_0 --yes', api.test)).code).toBe(2)
    expect((await orafi('customers delete c_0 --yes --include-spenders', api.test)).code).toBe(0)
  })
})

describe('just before each DELETE the record must be who was shown', () => {
  const changes: [string, Record<string, unknown>][] = [
    ['its e-mail', { email: 'other@x.example' }],
    ['its first name', { firstname: 'Adaeze' }],
    ['its last name', { lastname: null }],
    ['its totalSpent to an amount', { totalSpent: 5 }],
    ['its totalSpent to a text', { totalSpent: '0' }],
    ['its totalSpent to an array', { totalSpent: [0] }],
    ['its totalSpent to nothing', { totalSpent: undefined }],
    ['its mode to live', { mode: ['live'] }],
    ['its mode to test and live', { mode: ['test', 'live'] }],
    ['its mode to what cannot be read', { mode: null }],
    ['the end of a very long name', { firstname: `${'a'.repeat(100_000)}b` }],
  ]
  test.each(changes)(
    'who has changed %s is left out with the reason, and the others go',
    async (_what, change) => {
      const first = { firstname: `${'a'.repeat(100_000)}` }
      const api = await startApi([
        harmless('c_0'),
        harmless('c_1', 'firstname' in change ? first : {}),
        harmless('c_2'),
      ])
      let looks = 0
      api.instead = ({ method, path }) => {
        if (method === 'GET' && path === '/customers/c_1' && ++looks === 2)
          api.records.set('c_1', { ...api.records.get('c_1'), ...change })
        return undefined
      }
      const { code, stdout } = await orafi('customers delete c_0 c_1 c_2 --yes --json', api.test)
      expect(code).toBe(6)
      expect(JSON.parse(stdout)).toMatchObject({
        deleted: ['c_0', 'c_2'],
        leftOut: [{ id: 'c_1', reason: expect.stringMatching(/ has changed since it was shown$/) }],
      })
      expect(api.deleted.sort()).toEqual(['c_0', 'c_2'])
    },
  )

  test('also of one record alone, which a person may have thought about for an hour', async () => {
    const api = await startApi([harmless('c_0')])
    const { code, stdout } = await orafi('customers delete c_0 --json', {
      ...attended(api.test, 'y\n'),
      tty: ['stdin', 'stderr'],
      onOutput: ({ stderr }) => {
        if (stderr.includes('[y/N]')) api.records.set('c_0', harmless('c_0', { totalSpent: 3 }))
      },
    })
    expect(code).toBe(6)
    expect(JSON.parse(stdout).leftOut).toHaveLength(1)
    expect(api.deleted).toEqual([])
  })

  test('a field that does not affect decisions may change', async () => {
    const api = await startApi([harmless('c_0'), harmless('c_1')])
    let looks = 0
    api.instead = ({ path }) => {
      if (path === '/customers/c_1' && ++looks === 2)
        api.records.set('c_1', harmless('c_1', { updatedAt: '2026-02-02T00:00:00.000Z', note: 'new' }))
      return undefined
    }
    expect((await orafi('customers delete c_0 c_1 --yes', api.test)).code).toBe(0)
  })
})

/** How the API treats the DELETE of a customer, and the list that it must be in. */
interface Fate {
  readonly list: 'deleted' | 'notFound' | 'leftOut' | 'failed'
  /** What happens just before its DELETE. */
  readonly before?: (api: Api, id: string) => void
  /** How the DELETE is answered, the first time and afterwards. */
  readonly first?: Instead
  readonly later?: Instead
  /** A GET is not answered any more. */
  readonly silent?: true
}
const cut = 'carry out and cut'
const missing = { success: false, message: 'Customer not found' }
const fates: Readonly<Record<string, Fate>> = {
  deleted: { list: 'deleted' },
  missing: { list: 'notFound' },
  'gone between its look and its DELETE': { list: 'notFound', first: { status: 404, body: missing } },
  'gone just before': { list: 'notFound', before: ({ records }, id) => void records.delete(id) },
  'spent just before': {
    list: 'leftOut',
    before: ({ records }, id) => void records.set(id, harmless(id, { totalSpent: 1 })),
  },
  refused: { list: 'failed', first: { status: 400, body: { success: false, message: 'no' } } },
  'lost and carried out': { list: 'deleted', first: cut, later: 'cut' },
  'lost and not carried out': { list: 'failed', first: 'cut', later: 'cut' },
  'lost, and nobody can tell': { list: 'failed', first: cut, later: 'cut', silent: true },
  'carried out, then 401': { list: 'deleted', first: cut, later: { status: 401 } },
}

/** Makes the API treat each customer as its fate wants. */
function arrange(api: Api, wanted: ReadonlyMap<string, Fate>): void {
  const counts = new Map<string, number>()
  for (const [id, fate] of wanted) if (fate !== fates.missing) api.records.set(id, harmless(id))
  api.instead = ({ method, path }) => {
    const id = path.slice('/customers/'.length)
    const fate = wanted.get(id)
    const count = (counts.get(`${method} ${id}`) ?? 0) + 1
    counts.set(`${method} ${id}`, count)
    if (method === 'DELETE') return count === 1 ? fate?.first : fate?.later
    if (count === 2) fate?.before?.(api, id)
    return fate?.silent && count > 2 ? { status: 500 } : undefined
  }
}

/** The lists of a report, as ids, and those of which it says that nobody knows. */
function listsOf(stdout: string): { lists: Record<string, string[]>; unknown: string[] } {
  const { deleted, notFound, failed, leftOut, notSent } = JSON.parse(stdout)
  const idsOf = (entries: { id: string }[]): string[] => entries.map(({ id }) => id)
  return {
    lists: { deleted, notFound, failed: idsOf(failed), leftOut: idsOf(leftOut), notSent },
    unknown: idsOf(failed.filter(({ code }: { code: string }) => code === 'ambiguous')),
  }
}

describe('every requested id is in exactly one list of the report', () => {
  const runs = fc.record({
    chosen: fc.array(fc.constantFrom(...Object.values(fates)), { minLength: 1, maxLength: 30 }),
    interruptAt: fc.option(fc.nat(120), { nil: Number.POSITIVE_INFINITY }),
  })

  test('whatever becomes of each, and whatever stops the rest', async () => {
    const check = async ({ chosen, interruptAt }: { chosen: Fate[]; interruptAt: number }): Promise<void> => {
      const api = await startApi()
      const wanted = new Map(chosen.map((fate, index) => [`c_${index}`, fate]))
      arrange(api, wanted)
      const line = `customers delete ${[...wanted.keys()].join(' ')} --yes --json --debug --retries 1`
      const { code, stdout } = await orafi(line, {
        ...api.test,
        onOutput: ({ stderr }, interrupt) => {
          if (stderr.split('debug:').length > interruptAt) interrupt()
        },
      })
      // Interrupted before anything was deleted: there is nothing to report.
      if (stdout === '') {
        expect([code, api.deleted]).toEqual([130, []])
        return
      }
      const { lists, unknown } = listsOf(stdout)
      expect(Object.values(lists).flat().sort()).toEqual([...wanted.keys()].sort())
      const tried = [...wanted].filter(([id]) => !lists.notSent?.includes(id))
      // An interruption may keep a lost answer from being settled: then it is said to be unknown.
      const sure = tried.filter(([id]) => interruptAt === Number.POSITIVE_INFINITY || !unknown.includes(id))
      for (const [id, { list }] of sure) expect(lists[list]).toContain(id)
      for (const id of api.deleted) expect([...(lists.deleted ?? []), ...unknown]).toContain(id)
    }
    await fc.assert(fc.asyncProperty(runs, check), { numRuns: 25 })
  })

  test('a DELETE that was carried out and then answered 401 is settled, listed and stops the rest', async () => {
    const api = await startApi(many(100))
    let refusing = false
    api.instead = ({ method, path }) => {
      if (refusing && method === 'DELETE') return { status: 401 }
      if (method !== 'DELETE' || path !== '/customers/c_0') return undefined
      refusing = true
      return 'carry out and cut'
    }
    const ids = [...api.records.keys()]
    const { code, stdout, stderr } = await orafi(`customers delete ${ids.join(' ')} --yes --json`, api.test)
    expect(code).toBe(4)
    const report = JSON.parse(stdout)
    expect(report.deleted).toContain('c_0')
    expect(report.deleted.sort()).toEqual([...api.deleted].sort())
    expect(report.notSent.length).toBeGreaterThan(0)
    expect(stderr).toContain(`${report.notSent.length} not sent of 100`)
  })
})
