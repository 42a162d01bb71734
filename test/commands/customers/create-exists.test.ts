import { describe, expect, test } from 'vitest'
import { harmless, startApi } from '../../support/api.ts'
import { createClock, realTimer } from '../../support/clock.ts'
import { orafi, testTime } from '../../support/orafi.ts'

const create = 'customers create --firstname Ada --lastname Obi --email ada@x.example'

function lastError(stderr: string) {
  return JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '').error
}

/** An account of so many customers, of whom these have Ada's e-mail, in some spelling. */
function startAccount(size: number, at: readonly number[] = []) {
  const emails = ['Ada@X.Example', 'ADA@x.example', 'ada@x.example']
  return startApi(
    Array.from({ length: size }, (_, index) => {
      const place = at.indexOf(index)
      return harmless(`c_${index}`, place === -1 ? {} : { email: emails[place] })
    }),
  )
}

const listings = (api: Awaited<ReturnType<typeof startAccount>>): number =>
  api.received.filter(({ method, path }) => method === 'GET' && path === '/customers').length

describe('on a terminal, create looks for the e-mail', () => {
  test('and creates when nobody has it, saying that everybody was checked', async () => {
    const api = await startAccount(250)
    const { code, stderr } = await orafi(create, { ...api.test, tty: true })
    expect(code).toBe(0)
    expect(stderr).toContain('No customer with this e-mail was found: checked 250 customers, all of them.\n')
    expect(api.created).toEqual(['ada@x.example'])
  })

  test.each([
    ['y\n', 0, 1],
    ['n\n', 7, 0],
    ['\n', 7, 0],
    ['\x1b', 7, 0],
    ['\x03', 130, 0],
  ])('and shows who has it and asks: %j exits %i', async (stdin, code, created) => {
    const api = await startAccount(1_250, [150])
    const result = await orafi(create, { ...api.test, tty: true, columns: 200, stdin })
    expect(result.code).toBe(code)
    expect(result.stderr).toContain('This e-mail exists already (checked 200 customers, not all):\n')
    expect(result.stderr).toMatch(/c_150 .*Ada@X\.Example/)
    expect(result.stderr).toMatch(/test, ora_test_….{4} · c_150 has this e-mail; create anyway\? \[y\/N\] /)
    expect(api.created).toHaveLength(created)
  })

  test('for five seconds by the clock, whatever is left', async () => {
    const api = await startAccount(3_000, [2_950])
    const clock = createClock(testTime)
    api.instead = async ({ query }) => {
      if (query.get('cursor') === '1100') await clock.sleep(10_000)
      return undefined
    }
    const { code, stderr } = await orafi(create, { ...api.test, tty: true, clock })
    expect(code).toBe(0)
    expect(stderr).toMatch(/No customer with this e-mail was found: checked 1,[12]00 customers, not all\.\n/)
    expect(api.created).toHaveLength(1)
  })

  test('and does not wait longer for a page that does not come', async () => {
    const api = await startAccount(300)
    let timeIsUp = (): void => undefined
    const waiting = new Promise<undefined>(() => undefined)
    api.instead = ({ query }) => {
      if (query.get('cursor') !== '100') return undefined
      timeIsUp()
      return waiting
    }
    const { code, stderr } = await orafi(create, {
      ...api.test,
      tty: true,
      timer(ms, expire) {
        if (ms !== 5_000) return realTimer(ms, expire)
        timeIsUp = expire
        return () => undefined
      },
    })
    expect(code).toBe(0)
    expect(stderr).toContain('checked 100 customers, not all.\n')
    expect(api.created).toHaveLength(1)
  })

  test('and asks when it cannot: nobody is created without an answer', async () => {
    const api = await startAccount(3)
    api.instead = ({ method }) => (method === 'GET' ? { status: 500, body: {} } : undefined)
    const line = `${create} --retries 0`
    const declined = await orafi(line, {
      ...api.test,
      tty: true,
      columns: 200,
      env: { NO_COLOR: '1' },
      stdin: '\n',
    })
    expect(declined.code).toBe(7)
    expect(declined.stderr).toMatch(
      /warning: cannot check whether the e-mail exists: .*500.* \(checked 0 customers, not all\)\n/,
    )
    expect(declined.stderr).toContain('the e-mail was not checked; create anyway? [y/N] ')
    expect(api.created).toEqual([])
    expect((await orafi(line, { ...api.test, tty: true, stdin: 'y\n' })).code).toBe(0)
    api.instead = () => ({ status: 401, body: {} })
    expect((await orafi(line, { ...api.test, tty: true })).code).toBe(4)
    expect(api.created).toHaveLength(1)
  })

  test('Ctrl-C during the search creates nobody', async () => {
    const api = await startAccount(300)
    let stop = (): void => undefined
    api.instead = ({ query }) => {
      if (query.get('cursor') === '100') stop()
      return undefined
    }
    const onStart = (interrupt: () => void): void => {
      stop = interrupt
    }
    expect((await orafi(create, { ...api.test, tty: true, onStart })).code).toBe(130)
    expect(api.created).toEqual([])
  })

  test.each(['', '--no-input'])('but not where prompting is not possible (%s)', async (flag) => {
    const api = await startAccount(3, [1])
    const { code } = await orafi(`${create} ${flag}`, { ...api.test, tty: flag !== '' })
    expect([code, listings(api), api.created.length]).toEqual([0, 0, 1])
  })
})

describe.each([false, true])('--check and --if-missing (on a terminal: %s)', (tty) => {
  test('--check reads to the end, and an e-mail that exists is exit 1 with the id', async () => {
    const api = await startAccount(250, [240])
    const clock = createClock(testTime)
    api.instead = async ({ query }) => {
      if (query.has('cursor')) await clock.sleep(10_000)
      return undefined
    }
    const { code, stdout, stderr } = await orafi(`${create} --check`, {
      ...api.test,
      tty,
      clock,
      env: { NO_COLOR: '1' },
    })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('error: a customer with the e-mail ada@x.example exists: c_240\n')
    expect(stderr).toContain('orafi customers find ada@x.example --by email\n')
    const json = await orafi(`${create} --check --json`, { ...api.test, tty })
    expect(json.code).toBe(1)
    expect(lastError(json.stderr)).toMatchObject({ code: 'exists', ids: ['c_240'] })
    expect(lastError(json.stderr).message).toContain('c_240')
    expect(api.created).toEqual([])
  })

  test('--if-missing prints the customer who exists, exit 0', async () => {
    const api = await startAccount(250, [240])
    const { code, stdout, stderr } = await orafi(`${create} --if-missing --json`, { ...api.test, tty })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ id: 'c_240', email: 'Ada@X.Example' })
    expect(stderr).toContain('Customer c_240 exists already; nothing was created (')
    expect(api.created).toEqual([])
  })

  test.each(['--check', '--if-missing'])('%s creates who does not exist', async (flag) => {
    const api = await startAccount(250)
    const { code, stdout } = await orafi(`${create} ${flag} --json`, { ...api.test, tty })
    expect([code, JSON.parse(stdout).id]).toEqual([0, 'new_1'])
    expect(api.created).toEqual(['ada@x.example'])
  })

  test.each(['--check', '--if-missing'])('%s lists several, and picks none', async (flag) => {
    const api = await startAccount(250, [3, 150, 249])
    const { code, stdout, stderr } = await orafi(`${create} ${flag} --json`, { ...api.test, tty })
    expect([code, stdout]).toEqual([1, ''])
    const error = lastError(stderr)
    expect(error).toMatchObject({ code: 'exists', ids: ['c_3', 'c_150', 'c_249'] })
    expect(error.message).toContain('3 customers with the e-mail ada@x.example exist: c_3, c_150, c_249')
    expect(api.created).toEqual([])
  })

  test.each(['--check', '--if-missing'])('%s creates nobody when the scan fails', async (flag) => {
    const api = await startAccount(250, [3])
    api.instead = ({ query }) => (query.get('cursor') === '200' ? { status: 503, body: {} } : undefined)
    const { code, stdout } = await orafi(`${create} ${flag} --retries 0`, { ...api.test, tty })
    expect([code, stdout]).toEqual([5, ''])
    expect(api.created).toEqual([])
  })
})

test('--check and --if-missing contradict each other', async () => {
  const { code, stderr } = await orafi(`${create} --check --if-missing --sandbox`)
  expect([code, stderr]).toEqual([2, expect.stringContaining('--if-missing')])
})

describe('create --dry-run', () => {
  test.each([
    ['', 'Ada\tObi\tada@x.example\n'],
    ['--json', '{"wouldCreate":{"firstname":"Ada","lastname":"Obi","email":"ada@x.example"}}\n'],
    ['--csv', 'firstname,lastname,email\r\nAda,Obi,ada@x.example\r\n'],
    ['--csv --delimiter ; --fields id,email', 'id;email\r\n;ada@x.example\r\n'],
  ])('prints what would be created, sends nothing and does not look (%s)', async (flags, expected) => {
    const api = await startAccount(3, [1])
    const { code, stdout, stderr } = await orafi(`${create} --dry-run ${flags}`, api.test)
    expect({ code, stdout }).toEqual({ code: 0, stdout: expected })
    expect(stderr).toMatch(/^Dry run: nothing was created \(.*test/)
    expect(api.received).toEqual([])
  })

  test('validates, and asks on a terminal', async () => {
    const api = await startAccount(3)
    const bad = await orafi('customers create --firstname A --lastname B --email b --dry-run', api.test)
    expect(bad.code).toBe(2)
    const asked = await orafi('customers create --firstname A --lastname B --dry-run', {
      ...api.test,
      tty: true,
      stdin: 'b@x.example\n',
    })
    expect(asked.code).toBe(0)
    expect(asked.stdout).toContain('b@x.example')
    expect(api.received).toEqual([])
  })

  test('looks up with --check and --if-missing', async () => {
    const api = await startAccount(150, [120])
    expect((await orafi(`${create} --dry-run --check`, api.test)).code).toBe(1)
    const existing = await orafi(`${create} --dry-run --if-missing --fields id`, api.test)
    expect(existing).toMatchObject({ code: 0, stdout: 'c_120\n' })
    expect((await orafi(`${create}.com --dry-run --check`, api.test)).code).toBe(0)
    expect(api.created).toEqual([])
  })
})

describe('a bad answer', () => {
  test('is asked for again, with the reason', async () => {
    const api = await startAccount(0)
    const stdin = '\n  \nAda\nObi\nada\nada@@x.example\n ada@x.example \n'
    const { code, stderr } = await orafi('customers create', { ...api.test, tty: true, stdin })
    expect(code).toBe(0)
    expect(stderr.match(/^First name is empty\n/gm)).toHaveLength(2)
    expect(stderr).toContain("E-mail is not an e-mail address: 'ada'\n")
    expect(stderr).toContain("E-mail is not an e-mail address: 'ada@@x.example'\n")
    expect(api.created).toEqual(['ada@x.example'])
  })

  test('can be left with Esc and Ctrl-C, and a bad flag is refused before anything is asked', async () => {
    const api = await startAccount(0)
    const line = 'customers create --firstname A --lastname B'
    expect((await orafi(line, { ...api.test, tty: true, stdin: 'ada\n\x03' })).code).toBe(130)
    expect((await orafi(line, { ...api.test, tty: true, stdin: 'ada\n\x1b' })).code).toBe(7)
    const flag = await orafi('customers create --email ada', { ...api.test, tty: true })
    expect([flag.code, flag.stderr]).toEqual([2, expect.not.stringContaining('First name')])
    expect(api.received).toEqual([])
  })
})
