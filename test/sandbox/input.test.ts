import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { openOrafi } from './orafi-like.ts'

const good = { firstname: 'Ada', lastname: 'Obi', email: 'ada@example.com' }

describe('the body of a create', () => {
  test('must have the three fields, strings that are not blank', async () => {
    const orafi = await openOrafi({ customers: 0 })
    for (const field of ['firstname', 'lastname', 'email']) {
      for (const value of [undefined, null, '', ' \t', 7, true, ['x'], {}]) {
        const { status, body } = await orafi.ask('/customers/create', {
          method: 'POST',
          body: { ...good, [field]: value },
        })
        expect([field, value, status]).toEqual([field, value, 400])
        expect(body).toEqual({ success: false, message: expect.stringContaining(field) })
      }
    }
    expect(orafi.store.count).toBe(0)
  })

  test('must have an e-mail address', async () => {
    const orafi = await openOrafi({ customers: 0 })
    const odd = [
      'ada',
      'ada@',
      '@example.com',
      'ada@example',
      'a da@example.com',
      'ada@exa mple.com',
      'a@b@example.com',
    ]
    for (const email of [...odd, 'ada@example.', 'ada@.com', 'ada@example..com', 'Ada <ada@example.com>']) {
      const { status } = await orafi.ask('/customers/create', { method: 'POST', body: { ...good, email } })
      expect([email, status]).toEqual([email, 400])
    }
    for (const email of ["o'brien+tag@mail.example.co.ke", 'A.B_c-d@EXAMPLE.org', 'zoë@exämple.com']) {
      const { status } = await orafi.ask('/customers/create', { method: 'POST', body: { ...good, email } })
      expect([email, status]).toEqual([email, 200])
    }
  })

  test('must be a JSON object in UTF-8, with that content type', async () => {
    const orafi = await openOrafi({ customers: 0 })
    const headers = { 'content-type': 'application/json' }
    const latin1 = Buffer.from(JSON.stringify({ ...good, firstname: 'José' }), 'latin1')
    for (const raw of ['', '{', '[]', 'null', '"x"', '{"firstname":"Ada",}', latin1]) {
      expect((await orafi.ask('/customers/create', { method: 'POST', raw, headers })).status).toBe(400)
    }
    expect((await orafi.ask('/customers/create', { method: 'POST' })).status).toBe(400)
    const raw = JSON.stringify(good)
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp']) {
      const answer = await orafi.ask('/customers/create', {
        method: 'POST',
        raw,
        headers: { 'content-type': type },
      })
      expect([type, answer.status]).toEqual([type, 400])
    }
    const charset = { 'content-type': 'application/json; charset=utf-8' }
    expect((await orafi.ask('/customers/create', { method: 'POST', raw, headers: charset })).status).toBe(200)
  })

  test('is read up to 64 KiB', async () => {
    const orafi = await openOrafi({ customers: 0 })
    const large = { ...good, firstname: 'x'.repeat(60_000) }
    expect((await orafi.ask('/customers/create', { method: 'POST', body: large })).status).toBe(200)
    const tooLarge = { ...good, firstname: 'x'.repeat(66_000) }
    const { status, body } = await orafi.ask('/customers/create', { method: 'POST', body: tooLarge })
    expect(status).toBe(400)
    expect(body.message).toContain('65536')
    expect(orafi.store.count).toBe(1)
  })

  test('is refused once it is too large, before all of it has arrived', async () => {
    const orafi = await openOrafi({ customers: 0 })
    const { hostname, port } = new URL(orafi.url)
    const headers = { 'x-api-key': orafi.testKey, 'content-type': 'application/json' }
    const status = await new Promise((resolve, reject) => {
      const upload = request(
        { hostname, port, method: 'POST', path: '/customers/create', headers },
        (response) => {
          resolve(response.statusCode)
          upload.destroy()
        },
      )
      upload.on('error', reject)
      upload.write('x'.repeat(70_000))
    })
    expect(status).toBe(400)
  })

  test('may have other fields, which are ignored', async () => {
    const orafi = await openOrafi({ customers: 0 })
    const body = { ...good, id: 'mine', totalSpent: 99, mode: ['live'], createdAt: 'then', __proto__: null }
    const { status, body: answer } = await orafi.ask('/customers/create', { method: 'POST', body })
    expect(status).toBe(200)
    expect(answer.data).toMatchObject({ ...good, totalSpent: 0, mode: ['test'] })
    expect(answer.data).not.toMatchObject({ id: 'mine' })
  })
})

describe('the query of a list', () => {
  test('takes a limit from 1 to the largest page', async () => {
    const orafi = await openOrafi({ maxPage: 30 })
    for (const limit of ['0', '-1', '31', '1.5', '1e1', '', 'ten', ' 5', '0x5', '99999999999999999999']) {
      const { status, body } = await orafi.ask(`/customers?limit=${encodeURIComponent(limit)}`)
      expect([limit, status]).toEqual([limit, 400])
      expect(body).toEqual({ success: false, message: expect.stringContaining('limit') })
    }
    for (const limit of [1, 30]) expect((await orafi.page(`limit=${limit}`)).customers).toHaveLength(limit)
  })

  test('takes the six ranges, the two modes and ids as cursors, in their own spelling', async () => {
    const orafi = await openOrafi()
    const wrong = [
      'amountSpent=',
      'amountSpent=below10usdt',
      'amountSpent=ABOVE500',
      'mode=',
      'mode=Test',
      'mode=both',
    ]
    for (const query of [
      ...wrong,
      'cursor=',
      'cursor=x',
      'cursor=cmjr4c7qq0000v8hozkzz4em6',
      'mode=test&mode=live',
    ]) {
      const { status, body } = await orafi.ask(`/customers?${query}`)
      expect([query, status]).toEqual([query, 400])
      expect(body.message).toContain(query.slice(0, query.indexOf('=')))
    }
    expect((await orafi.ask('/customers?unknown=1&page=2')).status).toBe(200)
  })
})
