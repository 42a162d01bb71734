import { describe, expect, test } from 'vitest'
import { startApi } from '../../support/api.ts'
import { orafi } from '../../support/orafi.ts'
import { answerForms, openShop } from '../../support/shop.ts'

/** What is printed of a record that the sandbox keeps. */
const printed = (record: { createdAt: string }, answers: (typeof answerForms)[number]) =>
  answers === 'object'
    ? record
    : { ...record, updatedAt: null, userCustomers: [{ createdAt: record.createdAt }] }

describe('orafi customers get', () => {
  test.each(answerForms)('prints the customer itself as JSON (%s)', async (answers) => {
    const shop = await openShop(0, { answers })
    const ada = await shop.store.create({
      firstname: 'Adá',
      lastname: 'Obi',
      email: 'ada@x.example',
      mode: ['test'],
    })
    const { code, stdout } = await orafi(`customers get ${ada.id} --json`, shop.test)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual(printed(ada, answers))
    expect(stdout.split('\n')).toHaveLength(2)
  })

  test('prints null for every field that is documented and was not sent', async () => {
    const api = await startApi([{ id: 'c_1', note: 'x' }])
    expect((await orafi('customers get c_1 --json', api.test)).stdout).toBe(
      '{"id":"c_1","firstname":null,"lastname":null,"email":null,"mode":null,"totalSpent":null,"createdAt":null,"updatedAt":null,"note":"x"}\n',
    )
  })

  test('several ids give an array of those found and exit 6 when some were not', async () => {
    const shop = await openShop()
    const ada = await shop.store.create({
      firstname: 'Ada',
      lastname: 'Obi',
      email: 'ada@x.example',
      mode: ['test'],
    })
    const missing = 'cmjr4c7qq0000v8hozkzz4em5'
    const { code, stdout, stderr } = await orafi(`customers get ${missing} ${ada.id} --json`, shop.test)
    expect(code).toBe(6)
    expect(JSON.parse(stdout)).toEqual([printed(ada, 'documented')])
    expect(JSON.parse(stderr).error).toMatchObject({
      code: 'partial',
      message: expect.stringContaining(missing),
    })
  })

  test('one that does not exist is exit 3 with its id', async () => {
    const shop = await openShop()
    const { code, stdout, stderr } = await orafi('customers get cmjr4c7qq0000v8hozkzz4em5', shop.test)
    expect(code).toBe(3)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^error: .*cmjr4c7qq0000v8hozkzz4em5/)
  })

  test.each(['""', '.', '..', '" "'])(
    'an id that cannot be one is refused before anything is sent: %s',
    async (id) => {
      const { code } = await orafi(`customers get ${id}`, {
        key: `ora_test_${'x'.repeat(30)}`,
        url: 'http://127.0.0.1:9',
      })
      expect(code).toBe(2)
    },
  )

  test('a wrong key is exit 4 and appears nowhere', async () => {
    const shop = await openShop()
    const key = `ora_test_${'wrong'.repeat(8)}`
    const { code, stdout, stderr } = await orafi('customers get cmjr4c7qq0000v8hozkzz4em5 --debug', {
      ...shop.test,
      key,
    })
    expect(code).toBe(4)
    expect(stdout + stderr).not.toContain('wrongwrong')
  })

  test('no network is exit 5, after the retries', async () => {
    const circumstances = { key: `ora_test_${'x'.repeat(30)}`, url: 'http://127.0.0.1:9' }
    const { code, stderr, slept } = await orafi('customers get cmjr4c7qq0000v8hozkzz4em5', circumstances)
    expect(code).toBe(5)
    expect(slept).toHaveLength(3)
    expect(stderr).toContain('error: ')
  })

  test('a base URL that is neither https nor loopback is refused before a key is sent', async () => {
    const { code, stderr } = await orafi('customers get c1', {
      key: `ora_test_${'x'.repeat(30)}`,
      url: 'http://orafi.example',
    })
    expect(code).toBe(2)
    expect(stderr).toContain('neither https nor on this machine')
  })

  test('--timeout bounds one attempt', async () => {
    const shop = await openShop(0, {
      sleep: () => new Promise((resolve) => setTimeout(resolve, 300)),
      latencyMs: 300,
    })
    const { code, stderr } = await orafi('customers get c1 --timeout 0.05 --retries 0', shop.test)
    expect(code).toBe(5)
    expect(stderr).toContain('0.05 s')
  })
})
