import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { harmless, startApi } from '../support/api.ts'
import { orafi, temporaryFolder } from '../support/orafi.ts'

const key = `ora_test_${'k'.repeat(30)}`

/** An API under a prefix, and a home to sign in from. */
async function desk(prefix: string) {
  const api = await startApi([harmless('c_1')], { prefix })
  const home = await temporaryFolder()
  const stored = async () =>
    JSON.parse(await readFile(join(home, 'config', 'config.json'), 'utf8')).profiles.default.keys.test.baseUrl
  const login = (path = '', flags = '') =>
    orafi(`login --with-key ${flags}`, { home, url: api.url + path, stdin: key })
  return { api, home, stored, login, url: api.url }
}

describe('a sign-in', () => {
  test('finds the API under /v1 where the root answers 404, and keeps that with the key', async () => {
    const { api, home, stored, login, url } = await desk('/v1')
    const { code, stderr } = await login()
    expect(code).toBe(0)
    expect(stderr).toContain(` for ${url}/v1.`)
    expect(await stored()).toBe(`${url}/v1`)
    expect(api.received.map(({ target }) => target.split('?')[0])).toEqual([
      '/customers',
      '/v1/customers',
      '/v1/profile',
    ])
    // The environment still says the address without it.
    expect(await orafi('customers list --fields id', { home, url })).toMatchObject({
      code: 0,
      stdout: 'c_1\n',
    })
    const { stdout } = await orafi('whoami --json', { home, url })
    expect(JSON.parse(stdout)).toMatchObject({ baseUrl: `${url}/v1`, accepted: 'yes' })
  })

  test('asks nowhere else where the root answers', async () => {
    const { api, stored, login, url } = await desk('')
    expect((await login()).code).toBe(0)
    expect(await stored()).toBe(url)
    expect(api.received.every(({ target }) => !target.startsWith('/v1'))).toBe(true)
  })

  test('with a path asks there alone', async () => {
    const { api, stored, login, url } = await desk('/v1')
    expect((await login('/orafi')).code).toBe(1)
    expect(api.received.map(({ target }) => target.split('?')[0])).toEqual(['/orafi/customers'])
    const proxied = await desk('/orafi')
    expect((await proxied.login('/orafi/')).code).toBe(0)
    expect(await proxied.stored()).toBe(`${proxied.url}/orafi`)
    expect((await login('/v1')).code).toBe(0)
    expect(await stored()).toBe(`${url}/v1`)
  })

  test('a key that /v1 refuses is refused, and nothing is kept', async () => {
    const { api, login, stored } = await desk('/v1')
    api.instead = () => ({ status: 401, body: { success: false, message: 'Invalid API key' } })
    const { code, stderr } = await login()
    expect(code).toBe(4)
    expect(stderr).toContain('Invalid API key')
    await expect(stored()).rejects.toThrow()
  })

  test('that finds no API under either is an error, and nothing is kept', async () => {
    const { api, login, stored } = await desk('/elsewhere')
    const { code, stderr } = await login()
    expect(code).toBe(1)
    expect(stderr).toContain('the API answered 404')
    expect(api.received).toHaveLength(2)
    await expect(stored()).rejects.toThrow()
  })

  test('unchecked keeps the address as it was given', async () => {
    const { api, login, stored, url } = await desk('/v1')
    expect((await login('', '--no-verify')).code).toBe(0)
    expect(await stored()).toBe(url)
    expect(api.received).toEqual([])
  })
})

describe('an address with /v1 and the same without it', () => {
  test('are one place for a stored key, which goes to where it was verified', async () => {
    const { api, home, login, url } = await desk('/v1')
    await login('/v1')
    for (const asked of [url, `${url}/`, `${url}/v1`, `${url}/v1/`])
      expect((await orafi('customers list', { home, url: asked })).code).toBe(0)
    const sent = api.received.length
    const other = await orafi('customers list', { home, url: `${url}/v2` })
    expect([other.code, api.received.length]).toEqual([4, sent])
  })

  test('an address that names /v1 itself is obeyed', async () => {
    const { home, login, url } = await desk('/v1')
    await login('', '--no-verify')
    expect((await orafi('customers list', { home, url })).code).toBe(1)
    expect((await orafi('customers list', { home, url: `${url}/v1` })).code).toBe(0)
  })

  test('are one identity: a run of the one is undone under the other', async () => {
    const { api, home, login, url } = await desk('/v1')
    await login()
    const deleted = await orafi('customers delete c_1 --yes --json', { home, url })
    expect(deleted.code).toBe(0)
    const { run } = JSON.parse(deleted.stdout)
    expect((await orafi(`runs undo ${run} --yes`, { home, url: `${url}/v1` })).code).toBe(0)
    expect(api.created).toHaveLength(1)
    const [listed] = JSON.parse((await orafi('runs list --json', { home })).stdout).data
    expect(listed.identity).toBe(`${url} test default`)
  })
})

describe('with a key from the environment', () => {
  test('a 404 of the list names the other address in full', async () => {
    const { url } = await desk('/v1')
    const { code, stderr } = await orafi('customers list', { key, url })
    expect(code).toBe(1)
    expect(stderr).toContain(`ORAFI_BASE_URL=${url}/v1\n`)
    expect(await orafi('customers list', { key, url: `${url}/v1` })).toMatchObject({ code: 0 })
    const { stderr: told } = await orafi('whoami', { key, url })
    expect(told).toContain(`ORAFI_BASE_URL=${url}/v1\n`)
  })

  test('a customer is not missing where the list of customers is missing too', async () => {
    const { api, home, url } = await desk('/v1')
    for (const line of [
      'customers get c_1',
      'customers delete c_1 --yes',
      'customers delete c_1 c_9 --yes',
    ]) {
      const { code, stdout, stderr } = await orafi(line, { key, url, home })
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr).toContain(`ORAFI_BASE_URL=${url}/v1\n`)
    }
    expect(api.deleted).toEqual([])
    // Where the API is, one look at the list is enough to know it.
    api.received.length = 0
    const there = { key, url: `${url}/v1`, home }
    expect((await orafi('customers get c_9', there)).code).toBe(3)
    expect((await orafi('customers get c_8 c_9', { ...(await startApi([])).test, home })).code).toBe(3)
  })

  test('an address with a path is left to the user', async () => {
    const { url } = await desk('/api')
    const { stderr } = await orafi('customers list', { key, url: `${url}/v1` })
    expect(stderr).toContain('check ORAFI_BASE_URL\n')
  })

  test.each([
    ['?x=1', 'query or a fragment'],
    ['/v1?', 'query or a fragment'],
    ['/v1#top', 'query or a fragment'],
  ])('an address with %s is refused', async (rest, why) => {
    const { api, url } = await desk('')
    const { code, stderr } = await orafi('customers list', { key, url: url + rest })
    expect([code, api.received]).toEqual([2, []])
    expect(stderr).toContain(why)
    const secret = url.replace('http://', 'http://me:secret@')
    const refused = await orafi('customers list', { key, url: secret })
    expect([refused.code, refused.stderr.includes('secret')]).toEqual([2, false])
    for (const odd of ['//@', 'me:secret@', '\\\\me:secret@'])
      expect((await orafi('customers list', { key, url: url.replace('//', odd) })).code).toBe(2)
  })
})
