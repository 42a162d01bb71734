import { describe, expect, test } from 'vitest'
import { randomFaults } from '../../../src/sandbox/faults.ts'
import { orafi, seededRandom } from '../../support/orafi.ts'
import { answerForms, openShop } from '../../support/shop.ts'

const ada = '--firstname Ada --lastname Obi --email ada@x.example'

describe('orafi customers create', () => {
  test.each(answerForms)(
    'creates, prints the customer itself, and says where on stderr (%s)',
    async (answers) => {
      const shop = await openShop(0, { answers })
      const { code, stdout, stderr } = await orafi(`customers create ${ada} --json`, shop.test)
      expect(code).toBe(0)
      const created = JSON.parse(stdout)
      expect(created).toMatchObject({
        firstname: 'Ada',
        lastname: 'Obi',
        email: 'ada@x.example',
        mode: ['test'],
        totalSpent: 0,
      })
      expect(stderr).toMatch(
        new RegExp(`Created customer ${created.id} \\(key from ORAFI_API_KEY, test, ora_test_…....\\)`),
      )
      // The documented answer to a create has no date: both are unknown.
      const unknown = answers === 'documented' ? { createdAt: null, updatedAt: null } : {}
      expect(created).toEqual({ ...shop.store.get(created.id, 'test'), ...unknown })
    },
  )

  test('without a prompt names everything that is missing, and sends nothing', async () => {
    const shop = await openShop()
    const { code, stderr } = await orafi('customers create --firstname Ada', shop.test)
    expect(code).toBe(2)
    expect(stderr).toContain('missing: --lastname, --email\n')
    const alone = await orafi('customers create --firstname Ada --lastname Obi', shop.test)
    expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining('missing: --email\n') })
    expect(shop.store.count).toBe(0)
  })

  test('asks on a terminal for what is missing', async () => {
    const shop = await openShop()
    const stdin = 'Obi\nada@x.example\n'
    const { code, stderr } = await orafi('customers create --firstname Ada', {
      ...shop.test,
      tty: true,
      stdin,
    })
    expect(code).toBe(0)
    expect(stderr).toContain('New customer (key from ORAFI_API_KEY, test,')
    expect(stderr).toContain('Last name: ')
    expect(shop.store.count).toBe(1)
  })

  test('Ctrl-C at a question exits 130, Esc exits 7, and nothing is sent', async () => {
    const shop = await openShop()
    expect((await orafi('customers create', { ...shop.test, tty: true, stdin: 'Ada\n\x03' })).code).toBe(130)
    expect((await orafi('customers create', { ...shop.test, tty: true, stdin: 'Ada\n\x1b' })).code).toBe(7)
    expect(shop.store.count).toBe(0)
  })

  test.each(['ada', 'ada@', '@x.example', 'a b@x.example', 'ada@example', 'ada@x.example,b@x.example'])(
    'the form of an e-mail is checked before anything is sent: %s',
    async (email) => {
      const shop = await openShop()
      const { code, stderr } = await orafi(
        ['customers', 'create', '--firstname', 'A', '--lastname', 'B', '--email', email],
        shop.test,
      )
      expect(code).toBe(2)
      expect(stderr).toContain('is not an e-mail address')
      expect(shop.store.count).toBe(0)
    },
  )

  test('a flag is not swallowed as a value', async () => {
    const { code, stderr } = await orafi('customers create --firstname --email ada@x.example --sandbox')
    expect(code).toBe(2)
    expect(stderr).toContain('--email is a flag')
    expect((await orafi('customers create --firstname --json --sandbox')).code).toBe(2)
  })

  test('a create whose answer was lost is not sent again: exit 8, and how to find out', async () => {
    const shop = await openShop(0, {
      faults: { next: randomFaults({ failRate: 0, dropRate: 1 }, seededRandom()) },
    })
    const { code, stderr, slept } = await orafi(`customers create ${ada} --json`, shop.test)
    expect(code).toBe(8)
    expect(JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '').error).toMatchObject({
      code: 'ambiguous',
      hint: expect.stringContaining('orafi customers find ada@x.example --by email'),
    })
    expect(slept).toEqual([])
    expect(shop.store.count).toBeLessThanOrEqual(1)
  })

  test('is refused under ORAFI_READ_ONLY before anything is asked', async () => {
    const shop = await openShop()
    const env = { ORAFI_READ_ONLY: '1' }
    const { code, stderr } = await orafi('customers create', { ...shop.test, env, tty: true })
    expect(code).toBe(4)
    expect(stderr).toContain('read-only')
    expect(stderr).not.toContain('First name')
  })

  test('finishes and keeps its exit code when stdout goes away', async () => {
    const shop = await openShop()
    expect((await orafi(`customers create ${ada}`, { ...shop.test, closeAfter: 0 })).code).toBe(0)
    expect(shop.store.count).toBe(1)
  })
})
