import { describe, expect, test } from 'vitest'
import type { ClientEvent } from '../../src/api/client.ts'
import { createStatus, type StatusOptions } from '../../src/ui/status.ts'
// Loaded here, so that it takes no time when the first line is due.
import '../../src/ui/status-text.ts'
import { startApi } from '../support/api.ts'
import { createTimedClock } from '../support/clock.ts'
import { orafi, testTime } from '../support/orafi.ts'
import { openTerminal } from './terminal.ts'

const about = {
  method: 'GET',
  path: '/customers/cus_1',
  what: 'getting cus_1',
  attempt: 1,
  attempts: 4,
} as const
const request: ClientEvent = { type: 'request', ...about }
const answer: ClientEvent = { type: 'answer', ...about, status: 200, ms: 20 }
const limited: ClientEvent = { type: 'wait', ...about, delayMs: 8000, reason: 'rate limit' }
const refused: ClientEvent = { type: 'retry', ...about, delayMs: 3000, reason: 'the API answered 503' }

function open(mode: StatusOptions['mode'] = 'line', columns = 80) {
  const clock = createTimedClock(testTime)
  const terminal = openTerminal(columns)
  const isTTY = mode === 'line'
  const stderr = { ...terminal.output, isTTY }
  let interrupted = false
  let running = 0
  const timer: StatusOptions['timer'] = (ms, expire) => {
    running += 1
    const cancel = clock.timer(ms, () => {
      running -= 1
      expire()
    })
    return () => {
      running -= 1
      cancel()
    }
  }
  const status = createStatus({ ...clock, timer, stderr, mode, isInterrupted: () => interrupted })
  return {
    ...terminal,
    status,
    /** How many timers keep the process alive. */
    timers: () => running,
    out: status.around(stderr),
    interrupt: () => {
      interrupted = true
    },
    /** What the screen shows after so many ms, without what turns. */
    async screenIn(ms: number): Promise<string[]> {
      await clock.sleep(ms)
      return (await terminal.lines()).map((line) => line.replace(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] /, ''))
    },
  }
}

describe('on a terminal', () => {
  test('a request is named within 100 ms, and gone when it is answered; a shorter one is not shown', async () => {
    const { status, screenIn, written } = open()
    status.observe(request)
    await screenIn(50)
    status.observe(answer)
    expect(await screenIn(1000)).toEqual([])
    expect(written()).toBe('')
    status.observe(request)
    expect(await screenIn(100)).toEqual(['getting cus_1'])
    status.observe(answer)
    expect(await screenIn(0)).toEqual([])
  })

  test('once it has ended, a request that is still under way shows nothing and keeps no timer', async () => {
    const { status, screenIn, written, timers } = open()
    status.observe(request)
    status.end()
    status.observe(request)
    expect(timers()).toBe(0)
    expect(await screenIn(20_000)).toEqual([])
    expect(written()).toBe('')
  })

  test('a request without an answer says for how long', async () => {
    const { status, screenIn } = open()
    status.observe(request)
    expect(await screenIn(4000)).toEqual(['getting cus_1'])
    expect(await screenIn(2100)).toEqual(['getting cus_1: no answer for 6 s'])
  })

  test('a rate limit counts down, and the request follows', async () => {
    const { status, screenIn } = open()
    status.observe(limited)
    expect(await screenIn(100)).toEqual(['getting cus_1: rate limited, continuing in 8 s'])
    expect(await screenIn(1000)).toEqual(['getting cus_1: rate limited, continuing in 7 s'])
    expect(await screenIn(6000)).toEqual(['getting cus_1: rate limited, continuing in 1 s'])
    expect(await screenIn(1000)).toEqual([])
    status.observe(request)
    expect(await screenIn(100)).toEqual(['getting cus_1'])
  })

  test('a long wait is said in minutes, with the time', async () => {
    const { status, screenIn } = open()
    status.observe({ ...limited, delayMs: 110_000 })
    const [line] = await screenIn(100)
    expect(line).toMatch(/^getting cus_1: rate limited, continuing in 2 min \(\d\d:\d\d\)$/)
  })

  test('another attempt says why, which one it is, and when', async () => {
    const { status, screenIn } = open()
    status.observe(refused)
    expect(await screenIn(100)).toEqual(['getting cus_1: the API answered 503, attempt 2 of 4, next in 3 s'])
    expect(await screenIn(1000)).toEqual(['getting cus_1: the API answered 503, attempt 2 of 4, next in 2 s'])
    status.observe({ ...request, attempt: 2 })
    expect(await screenIn(100)).toEqual(['getting cus_1: attempt 2 of 4'])
  })

  test('what is counted has a rate; a total has a bar, and the reason of a pause', async () => {
    const { status, screenIn } = open()
    status.set({ what: 'reading the account', done: 0, unit: 'customer' })
    await screenIn(2000)
    status.set({ what: 'reading the account', done: 12_300, unit: 'customer' })
    expect(await screenIn(100)).toEqual(['reading the account: 12,300 customers, 5,942/s'])
    status.set({ what: 'importing', done: 0, total: 2000, failed: 0, concurrency: 16 })
    await screenIn(10_000)
    status.set({ what: 'importing', done: 384, total: 2000, failed: 2, concurrency: 16 })
    expect(await screenIn(100)).toEqual([
      '██░░░░░░░░ importing: 384/2,000, 38/s, 43 s left, 2 failed, 16 at once',
    ])
    status.observe(limited)
    // With the bar it would be too wide.
    expect(await screenIn(100)).toEqual([
      'importing: 384/2,000, 2 failed, paused: rate limited, continuing in 8 s',
    ])
    status.observe(request)
    expect(await screenIn(100)).toEqual([
      '██░░░░░░░░ importing: 384/2,000, 37/s, 44 s left, 2 failed, 16 at once',
    ])
  })

  test.each([
    [60, '384/2,000, paused: rate limited, continuing in 8 s'],
    [50, '384/2,000, rate limited, continuing in 8 s'],
    [40, 'rate limited, continuing in 8 s'],
  ])('of %i columns the reason of a pause is kept the longest', async (columns, line) => {
    const { status, screenIn } = open('line', columns)
    status.set({ what: 'importing', done: 384, total: 2000, failed: 0, concurrency: 16 })
    status.observe(limited)
    expect(await screenIn(100)).toEqual([line])
  })

  test('work that has to wait says when it starts', async () => {
    const { status, screenIn } = open()
    status.set({ what: 'checking 3 rows whose request got no response', startsAt: testTime + 7000 })
    expect(await screenIn(100)).toEqual(['checking 3 rows whose request got no response: starting in 7 s'])
    expect(await screenIn(7000)).toEqual(['checking 3 rows whose request got no response'])
  })

  test('after Ctrl-C it says what it still waits for', async () => {
    const { status, screenIn, interrupt } = open()
    status.set({ what: 'importing', done: 1, total: 9 })
    for (const event of [request, request]) status.observe(event)
    interrupt()
    expect(await screenIn(100)).toEqual(['interrupted, waiting for 2 requests to be answered'])
    for (const event of [answer, answer]) status.observe(event)
    expect(await screenIn(100)).toEqual([])
  })

  test.each([20, 30, 40, 50])(
    'of %i columns it is one line, with the time until it continues',
    async (columns) => {
      const { status, screenIn } = open('line', columns)
      const what = `deleting 東京${'x'.repeat(400)}\x1b[2J`
      status.observe({ ...refused, what })
      const lines = await screenIn(2100)
      expect(lines).toHaveLength(1)
      expect(lines[0]).not.toContain('\x1b')
      if (columns >= 40) expect(lines[0]).toContain('next in 1 s')
      status.set({ what, done: 1, total: 2000, failed: 1, concurrency: 8 })
      expect(await screenIn(100)).toHaveLength(1)
      status.set(undefined)
      expect(await screenIn(100)).toEqual([])
    },
  )

  test('it is erased before other output, comes back after it, and leaves nothing', async () => {
    const { status, screenIn, out, lines } = open()
    status.set({ what: 'listing customers' })
    await screenIn(100)
    await out.write('a row\n')
    expect(await lines()).toEqual(['a row'])
    expect(await screenIn(100)).toEqual(['a row', 'listing customers'])
    status.redraw()
    expect(await screenIn(0)).toEqual(['a row', 'listing customers'])
    status.set(undefined)
    expect(await screenIn(1000)).toEqual(['a row'])
  })

  test('it is erased before a pipe gets output, and while a pager takes its time to read it', async () => {
    const { status, screenIn } = open()
    let read: () => void = () => undefined
    const written = new Promise<void>((resolve) => {
      read = resolve
    })
    const pipe = status.around({ isTTY: false, isPipe: true, columns: undefined, write: () => written })
    status.set({ what: 'listing customers' })
    expect(await screenIn(100)).toEqual(['listing customers'])
    const writing = pipe.write('a row\n')
    expect(await screenIn(0)).toEqual([])
    expect(await screenIn(100)).toEqual([])
    read()
    await writing
    expect(await screenIn(100)).toEqual(['listing customers'])
  })
})

describe('off a terminal', () => {
  test('nothing is said for ten seconds, then a line every ten', async () => {
    const { status, screenIn } = open('log')
    status.set({ what: 'importing', done: 0, total: 2000, failed: 0, concurrency: 16 })
    expect(await screenIn(9900)).toEqual([])
    status.set({ what: 'importing', done: 384, total: 2000, failed: 0, concurrency: 16 })
    expect(await screenIn(100)).toEqual(['importing: 384/2,000, 38/s, 43 s left, 16 at once'])
    status.observe({ ...limited, delayMs: 12_000 })
    expect(await screenIn(10_000)).toEqual([
      'importing: 384/2,000, 38/s, 43 s left, 16 at once',
      'importing: 384/2,000, paused: rate limited, continuing in 2 s',
    ])
    status.set(undefined)
    expect(await screenIn(60_000)).toHaveLength(2)
  })

  test('nothing is said at all where that is wanted', async () => {
    const { status, screenIn, written } = open('off')
    status.set({ what: 'importing', done: 0, total: 2000 })
    status.observe(limited)
    await screenIn(60_000)
    expect(written()).toBe('')
  })
})

describe('a whole command', () => {
  const retryIn = (seconds: number) => ({ status: 429, headers: { 'retry-after': String(seconds) } })
  const get = async (flags: string, terminal: boolean, env: Record<string, string> = {}) => {
    const api = await startApi([{ id: 'c_1', firstname: 'Ada', lastname: 'Obi', email: 'ada@x.example' }])
    let asked = 0
    api.instead = () => (asked++ === 0 ? retryIn(25) : undefined)
    const clock = createTimedClock(testTime)
    const tty = terminal ? (['stderr'] as const) : false
    return orafi(`customers get c_1${flags}`, { ...api.test, clock, timer: clock.timer, tty, env })
  }
  const counted = (stderr: string) =>
    [...stderr.matchAll(/continuing in (\d+) s/g)].map(([, seconds]) => Number(seconds))

  test('counts a rate limit down on a terminal, second by second, and leaves nothing', async () => {
    const { code, stderr } = await get('', true)
    expect(code).toBe(0)
    expect([...new Set(counted(stderr))]).toEqual(Array.from({ length: 25 }, (_, index) => 25 - index))
    expect(stderr).toMatch(/\r\x1b\[J$/)
  })

  test.each([
    ['off a terminal', '', {}, false, [15, 5]],
    ['in CI', '', { CI: 'true' }, true, [23, 13, 3]],
    ['for a screen reader', '', { ACCESSIBLE: '1' }, true, [23, 13, 3]],
    ['with --quiet', ' --quiet', {}, true, []],
    ['with --quiet off a terminal', ' --quiet', {}, false, []],
  ])('%s says so in lines', async (_where, flags, env, terminal, seconds) => {
    const { stderr } = await get(flags, terminal, env)
    const lines = seconds.map((left) => `getting c_1: rate limited, continuing in ${left} s\n`)
    expect(stderr).toBe(lines.join(''))
  })

  test('with --debug logs the wait, and has no line', async () => {
    const { stderr } = await get(' --debug', true)
    expect(stderr).toContain('debug: GET /customers/c_1 waits 25000 ms: rate limit')
    expect(stderr).not.toContain('continuing')
  })

  test('that fails ends with its error, also in JSON', async () => {
    const { code, stderr } = await get(' --json --retries 0 --max-wait 120', false)
    expect(code).toBe(5)
    expect(JSON.parse(stderr)).toMatchObject({ error: { hint: 'try again in 25 s' } })
  })

  test('that may not wait so long says when to try again', async () => {
    const api = await startApi()
    api.instead = () => retryIn(720)
    const { stderr } = await orafi('customers get c_1', api.test)
    expect(stderr).toMatch(/hint: try again in 12 min \(at \d\d:\d\d local time\)\n$/)
  })
})
