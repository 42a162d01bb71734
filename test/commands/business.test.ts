import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { harmless, startApi } from '../support/api.ts'
import { createClock } from '../support/clock.ts'
import { orafi, temporaryFolder, testTime } from '../support/orafi.ts'

const live = `ora_live_${'k'.repeat(26)}c5d6`
const shown = 'LIVE · Acme Corp · ora_live_…c5d6'
const day = 24 * 60 * 60 * 1000

function profileOf(businessName: unknown, beside: object = { onboarded: true, isLive: false }): object {
  return { profile: { firstname: 'Ada', businessProfile: { id: 'b_1', businessName, ...beside } } }
}

/** An API with a profile, and who has asked for it. */
async function account(data: unknown = profileOf('Acme Corp')) {
  const api = await startApi([harmless('c_1', { mode: ['live'] }), harmless('c_2', { mode: ['live'] })])
  api.instead = ({ path }) =>
    path === '/profile' ? { status: 200, body: { success: true, data } } : undefined
  const home = await temporaryFolder()
  const asked = () => api.received.filter(({ path }) => path === '/profile').length
  return { api, home, asked, here: { url: api.url, key: live, home } }
}

describe('the business that a key belongs to', () => {
  test('is named by login, and by whoami in every format', async () => {
    const { api, home, here } = await account()
    const { stderr } = await orafi('login --with-key', { home, url: api.url, stdin: live })
    expect(stderr).toContain('Business: Acme Corp (onboarded, not live).\n')
    expect((await orafi('whoami', here)).stdout).toContain('business\tAcme Corp (onboarded, not live)\n')
    expect(JSON.parse((await orafi('whoami --json', here)).stdout).business).toEqual({
      businessName: 'Acme Corp',
      onboarded: true,
      isLive: false,
    })
  })

  test('is in the prompt and the summary of a live change, and is requested once a day', async () => {
    const { here, asked } = await account()
    const { code, stderr } = await orafi('customers delete c_1', {
      ...here,
      tty: true,
      columns: 200,
      env: { NO_COLOR: '1' },
      stdin: 'c_1@x.example\r',
    })
    expect(code).toBe(0)
    expect(stderr.split(shown)).toHaveLength(4)
    expect(asked()).toBe(1)
    const created = 'customers create --firstname A --lastname B --email a@b.example'
    expect((await orafi(created, here)).stderr).toContain(`key from ORAFI_API_KEY, ${shown}`)
    expect(asked()).toBe(1)
    const tomorrow = { ...here, clock: createClock(testTime + day + 60_000) }
    expect((await orafi(created, tomorrow)).stderr).toContain(shown)
    expect(asked()).toBe(2)
  })

  test('is kept for its key alone, 0600, without the key', async () => {
    const { home, here } = await account()
    await orafi('customers delete c_1 --live --yes', here)
    const folder = join(home, 'state', 'businesses')
    const [name = '', ...others] = await readdir(folder)
    expect(others).toEqual([])
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
    expect(name + (await readFile(join(folder, name), 'utf8'))).not.toContain('kkkk')
    for (const broken of ['', '{', 'null', '{"at":"now","name":7}', '{"at":9e99,"name":"Evil"}']) {
      await writeFile(join(folder, name), broken)
      const { code, stderr } = await orafi('customers delete c_2 --dry-run', here)
      expect(code).toBe(0)
      expect(stderr).toContain(shown)
    }
  })

  test('is asked for by whoami every time, and by other commands that read never', async () => {
    const { here, asked } = await account()
    for (const line of ['customers list', 'customers get c_1', 'customers find c_1', 'customers duplicates'])
      await orafi(line, here)
    await orafi(`customers export ${join(here.home, 'out.csv')}`, here)
    expect(asked()).toBe(0)
    await orafi('whoami', here)
    await orafi('whoami', here)
    expect(asked()).toBe(2)
    expect(await readdir(here.home)).not.toContain('state')
  })

  test('is not asked for with a test key, which moves no money', async () => {
    const { here, asked } = await account()
    const key = `ora_test_${'k'.repeat(30)}`
    await orafi('customers create --firstname A --lastname B --email a@b.example', { ...here, key })
    expect(asked()).toBe(0)
  })
})

describe('without an answer to who it is', () => {
  test.each([
    [404, { success: false, message: 'Not found' }],
    [403, { success: false, message: 'no' }],
    [500, { success: false, message: 'no' }],
    [200, 'not JSON'],
    [200, { success: true, data: null }],
    [200, { success: true, data: profileOf(7) }],
    [200, { success: true, data: profileOf('  ') }],
    [200, { success: true, data: { profile: [] } }],
  ])('everything works without the name: %d %j', async (status, body) => {
    const { api, here } = await account()
    api.instead = ({ path }) => (path === '/profile' ? { status, body } : undefined)
    const { code, stderr } = await orafi('customers delete c_1 --live --yes', here)
    expect(code).toBe(0)
    expect(stderr).toContain('(key from ORAFI_API_KEY, LIVE, ora_live_…c5d6)')
    expect(api.received.filter(({ path }) => path === '/profile').length).toBeLessThanOrEqual(2)
    const told = await orafi('whoami --json', here)
    expect([told.code, JSON.parse(told.stdout).business]).toEqual([0, null])
  })

  test('a server that cuts the connection, or never answers, is waited for 2 seconds at most', async () => {
    const { api, here } = await account()
    api.instead = ({ path }) => (path === '/profile' ? 'cut' : undefined)
    expect((await orafi('customers delete c_1 --live --yes', here)).code).toBe(0)
    api.instead = ({ path }) => (path === '/profile' ? new Promise(() => undefined) : undefined)
    const { code, stderr } = await orafi('customers delete c_2 --live --yes --timeout 600', here)
    expect(code).toBe(0)
    expect(stderr).toContain('LIVE, ora_live_…c5d6')
  })

  test('a state folder that cannot be written costs the next question a request, and nothing else', async () => {
    const { here, home, asked } = await account()
    await writeFile(join(home, 'file'), '')
    const env = { ORAFI_STATE_DIR: join(home, 'file') }
    const create = 'customers create --firstname A --lastname B --email a@b.example'
    for (const times of [1, 2]) {
      const { code, stderr } = await orafi(create, { ...here, env })
      expect([code, asked()]).toEqual([0, times])
      expect(stderr).toContain(shown)
    }
  })
})

test('a slow name does not delay the created id: it is requested before the create', async () => {
  const { api, here } = await account()
  await orafi('customers create --firstname A --lastname B --email a@b.example', here)
  expect(api.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /profile',
    'POST /customers/create',
  ])
  const file = join(here.home, 'in.csv')
  await writeFile(file, 'firstname,lastname,email\nAda,Obi,ada@obi.example\n')
  const other = await account()
  await orafi(`customers import ${file} --live --yes`, other.here)
  const order = other.api.received.map(({ method, path }) => `${method} ${path}`)
  expect(order.indexOf('GET /profile')).toBeLessThan(order.indexOf('POST /customers/create'))
})

test('a server that says the key for a name is not repeated, on no screen and in no file', async () => {
  const { here, home } = await account(profileOf(`${live} Ltd`))
  const told = await orafi('whoami --json', here)
  expect(JSON.parse(told.stdout).business.businessName).toBe('ora_live_…c5d6 Ltd')
  const piped = await orafi('whoami', here)
  const deleted = await orafi('customers delete c_1 --dry-run', here)
  const [file = ''] = await readdir(join(home, 'state', 'businesses'))
  const kept = await readFile(join(home, 'state', 'businesses', file), 'utf8')
  for (const text of [told.stdout, piped.stdout, deleted.stderr, kept]) expect(text).not.toContain('kkkkkkkk')
})

test('a name of a megabyte is cut before it is kept or shown', async () => {
  const { here } = await account(profileOf('B'.repeat(1_000_000)))
  expect((await orafi('whoami --json', here)).stdout.length).toBeLessThan(2000)
})

test('Ctrl-C while the name is waited for ends with 130, and nothing was sent', async () => {
  for (const line of [
    'whoami',
    'customers create --firstname A --lastname B --email a@b.example',
    'customers delete c_1 --yes --live',
  ]) {
    const { api, here } = await account()
    let stop = (): void => undefined
    const clock = createClock(testTime)
    api.instead = async ({ path }) => {
      if (path !== '/profile') return undefined
      stop()
      return new Promise(() => undefined)
    }
    // The first line that is shown hands over the way to interrupt; whoami shows none before.
    const result = orafi(line, {
      ...here,
      clock,
      onStart: (interrupt) => {
        stop = interrupt
      },
    })
    const { code } = await result
    expect([line, code]).toEqual([line, 130])
    expect([api.created, api.deleted]).toEqual([[], []])
  }
})

test('the rate limit of the profile request affects no other request', async () => {
  const { api, here } = await account()
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '25' }
  api.instead = ({ path }) =>
    path === '/profile'
      ? { status: 200, headers, body: { success: true, data: profileOf('Acme Corp') } }
      : undefined
  const { code, slept } = await orafi('customers delete c_1 --yes --live --max-wait 5', here)
  expect([code, slept.filter((ms) => ms > 1000)]).toEqual([0, []])
})

test('a name from the API forges no question', async () => {
  const { here } = await account(profileOf(`Evil\x1b[2K\r\u202e${'x'.repeat(100_000)}`))
  const { stderr } = await orafi('customers delete c_1 --dry-run', here)
  expect(stderr).toContain('LIVE · Evil\\x1b[2K\\x0d')
  expect(stderr).not.toMatch(/\x1b\[2K|\u202e|x{100}/)
})
