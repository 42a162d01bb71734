import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../storage/folder.ts'
import { orafi } from '../support/orafi.ts'
import { askAsIs, type Customer, noon, openOrafi, openStore } from './orafi-like.ts'

const nobody = 'cmjr4c7qq0000v8hozkzz4em6'

describe('creating a customer', () => {
  test('keeps names as they were typed, with any characters', async () => {
    const orafi = await openOrafi({ customers: 0 })
    const names = {
      firstname: ' \u0000\u001b[31m\u202e"Zoë\\ 🌸\ud800',
      lastname: '\u2028عمر\n',
      email: 'zoë@exämple.com',
    }
    const created = await orafi.create(names)
    expect(created).toMatchObject(names)
    expect((await orafi.ask(`/customers/${created.id}`)).body.data).toMatchObject(created)
  })

  test('with an existing e-mail makes a second record, or a 409 in a sandbox that refuses duplicates', async () => {
    const accepting = await openOrafi({ customers: 0 })
    const first = await accepting.create()
    const second = await accepting.create()
    expect(second.id).not.toBe(first.id)

    const refusing = await openOrafi({ duplicates: 'conflict' })
    const taken = (await refusing.pages('limit=1'))[0]?.[0] as Customer
    const body = { firstname: 'A', lastname: 'B', email: taken.email.toUpperCase() }
    const answer = await refusing.ask('/customers/create', { method: 'POST', body })
    expect(answer.status).toBe(409)
    expect(answer.body).toEqual({ success: false, message: expect.any(String) })
    await refusing.ask(`/customers/${taken.id}`, { method: 'DELETE' })
    expect((await refusing.ask('/customers/create', { method: 'POST', body })).status).toBe(200)
    expect((await refusing.ask('/customers/create', { method: 'POST', body })).status).toBe(409)
    // The other mode is separate.
    const alone = { ...body, email: 'only@example.com' }
    expect((await refusing.ask('/customers/create', { method: 'POST', body: alone })).status).toBe(200)
    const live = await refusing.ask('/customers/create', {
      method: 'POST',
      body: alone,
      key: refusing.liveKey,
    })
    expect(live.status).toBe(200)
  })
})

describe('getting a customer', () => {
  test('answers 200 with the customer, and when it was linked to the business', async () => {
    const orafi = await openOrafi({ customers: 0 })
    const created = await orafi.create()
    const { status, body } = await orafi.ask(`/customers/${created.id}`)
    expect(status).toBe(200)
    expect(body).toEqual({
      success: true,
      message: expect.any(String),
      data: { ...created, userCustomers: [{ createdAt: '2026-11-24T08:00:00.250Z' }] },
    })
  })

  test('answers 404 for an unknown id, and for an invalid one', async () => {
    const orafi = await openOrafi()
    const created = await orafi.create()
    const forged = `${created.id.slice(0, -1)}${created.id.endsWith('a') ? 'b' : 'a'}`
    const odd = [
      'c_1',
      created.id.toUpperCase(),
      `${created.id}0`,
      '%20',
      '%zz',
      'create',
      '__proto__',
      forged,
      nobody,
    ]
    for (const id of odd) {
      const { status, body } = await orafi.ask(`/customers/${id}`)
      expect([id, status]).toEqual([id, 404])
      expect(body).toEqual({ success: false, message: expect.any(String) })
    }
    expect(
      (await orafi.ask(`/customers/${encodeURIComponent(`${created.id}/../${created.id}`)}`)).status,
    ).toBe(404)
  })

  test('takes an id that is needlessly encoded', async () => {
    const orafi = await openOrafi({ customers: 0 })
    const created = await orafi.create()
    expect((await orafi.ask(`/customers/%63${created.id.slice(1)}`)).status).toBe(200)
  })
})

describe('deleting a customer', () => {
  test('answers 200, and 404 afterwards', async () => {
    const orafi = await openOrafi({ customers: 3 })
    const [first] = (await orafi.pages())[0] as Customer[]
    const path = `/customers/${first?.id}`
    const { status, body } = await orafi.ask(path, { method: 'DELETE' })
    expect(status).toBe(200)
    expect(body).toEqual({ success: true, message: 'User Deleted successfully', data: null })
    expect((await orafi.ask(path, { method: 'DELETE' })).status).toBe(404)
    expect((await orafi.ask(path)).status).toBe(404)
    expect((await orafi.pages()).flat().map(({ id }) => id)).not.toContain(first?.id)
  })

  test('does not free its id for reuse', async () => {
    const orafi = await openOrafi({ customers: 0 })
    const first = await orafi.create()
    await orafi.ask(`/customers/${first.id}`, { method: 'DELETE' })
    expect((await orafi.create()).id).not.toBe(first.id)
  })
})

describe('every answer', () => {
  test('is JSON, dated by the injected clock, with rate-limit headers', async () => {
    const orafi = await openOrafi()
    const asked = ['/customers?limit=1', `/customers/${nobody}`, '/customers?limit=0', '/elsewhere']
    for (const path of asked) {
      const { headers } = await orafi.ask(path)
      expect(headers.get('content-type')).toMatch(/^application\/json/)
      expect(headers.get('date')).toBe('Tue, 24 Nov 2026 08:00:00 GMT')
      expect(Number(headers.get('x-ratelimit-limit'))).toBeGreaterThan(1000)
      expect(Number(headers.get('x-ratelimit-remaining'))).toBeGreaterThan(1000)
      expect(Number(headers.get('x-ratelimit-reset'))).toBeGreaterThan(noon / 1000)
      expect(headers.get('retry-after')).toBeNull()
    }
  })

  test('to another path or method is a 404 in the envelope', async () => {
    const orafi = await openOrafi({ customers: 0 })
    const { id } = await orafi.create()
    const asked = [
      ['GET', '/'],
      ['GET', '/customers/'],
      ['GET', '/customer'],
      ['GET', `/customers/${id}/`],
      ['GET', `//customers/${id}`],
      ['PUT', `/customers/${id}`],
      ['PATCH', `/customers/${id}`],
      ['POST', '/customers'],
      ['POST', `/customers/${id}`],
      ['DELETE', '/customers'],
      ['OPTIONS', '/customers'],
      ['GET', '/v1'],
      ['GET', '/v1/'],
      ['GET', '/v1/v1/customers'],
      ['GET', '/v2/customers'],
      ['POST', '/profile'],
      ['POST', '/transactions'],
      ['GET', '/transactions/x'],
      ['GET', `/x/../customers/${id}`],
    ]
    for (const [method = '', path = ''] of asked) {
      const { status, text } = await askAsIs(orafi.url, method, path, { 'x-api-key': orafi.testKey })
      expect([method, path, status]).toEqual([method, path, 404])
      expect(JSON.parse(text)).toEqual({ success: false, message: expect.any(String) })
    }
    const head = await askAsIs(orafi.url, 'HEAD', `/customers/${id}`, { 'x-api-key': orafi.testKey })
    expect(head).toEqual({ status: 404, text: '' })
  })

  test('to headers that are too large is a 400 in the envelope', async () => {
    const orafi = await openOrafi()
    const { status, text } = await askAsIs(orafi.url, 'GET', '/customers', {
      'x-api-key': 'k'.repeat(20_000),
    })
    expect(status).toBe(400)
    expect(JSON.parse(text)).toEqual({ success: false, message: expect.any(String) })
  })
})

test('a change that cannot be written to the disk is a 500 that says so', async () => {
  const store = await openStore({ folder: '/dev/null/sandbox' })
  const orafi = await openOrafi({ store })
  expect((await orafi.ask('/customers?limit=1')).status).toBe(200)
  const { status, body } = await orafi.ask('/customers/create', {
    method: 'POST',
    body: { firstname: 'A', lastname: 'B', email: 'a@b.co' },
  })
  expect(status).toBe(500)
  expect(body.message).toContain('/dev/null')
})

test.each([
  'customers create --firstname A --lastname B --email a@b.co',
  'customers delete cmjr4c7qq0000v8hozkzz4em5 --yes',
  'customers import HOME/rows.csv --yes',
])('%s --sandbox names the file that cannot be written, and not the API', async (line) => {
  const home = temporaryFolder()
  mkdirSync(join(home, 'state'))
  writeFileSync(join(home, 'state', 'sandbox'), 'a file, not a folder')
  writeFileSync(join(home, 'rows.csv'), 'firstname,lastname,email\nA,B,a@b.co\n')
  const { code, stderr } = await orafi(`${line.replace('HOME', home)} --sandbox`, { home })
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining(`cannot create the folder ${home}/state/sandbox`),
  ])
  expect(stderr).not.toContain('API')
})
