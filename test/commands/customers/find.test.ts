import { describe, expect, test } from 'vitest'
import { orafi } from '../../support/orafi.ts'
import { openShop, type Shop } from '../../support/shop.ts'

async function people(shop: Shop, ...all: [string, string, string][]): Promise<void> {
  for (const [firstname, lastname, email] of all) {
    await shop.store.create({ firstname, lastname, email, mode: ['test'] })
  }
}

const emails = (stdout: string): string[] => stdout.trimEnd().split('\n')

describe('orafi customers find', () => {
  test('warns that a key of the other mode returns its own data', async () => {
    const shop = await openShop()
    await people(shop, ['Ada', 'Obi', 'ada@x.example'])
    for (const line of ['customers find ada', 'customers duplicates']) {
      const { stderr } = await orafi(`${line} --mode live`, shop.test)
      expect(stderr).toMatch(/^warning: this is a test key \(ora_test_….{4}\): it returns test data/m)
      expect((await orafi(`${line} --mode test`, shop.test)).stderr).not.toContain('warning')
    }
  })

  test('ignores case, accents and white space, in e-mails and in names of either order', async () => {
    const shop = await openShop()
    await people(
      shop,
      ['Zoë', 'Ọláolú', 'zoe@x.example'],
      ['Max', 'Mustermann', 'OLAOLU.fan@y.example'],
      ['No', 'Body', 'n@z.example'],
    )
    const line = (text: string): string[] => ['customers', 'find', text, '--fields', 'email']
    expect(emails((await orafi(line('olaolu'), shop.test)).stdout)).toEqual([
      'zoe@x.example',
      'OLAOLU.fan@y.example',
    ])
    expect(emails((await orafi(line('  OLAOLU   zoe '), shop.test)).stdout)).toEqual(['zoe@x.example'])
    expect(emails((await orafi(line('zoe olaolu'), shop.test)).stdout)).toEqual(['zoe@x.example'])
  })

  test('--by email with a whole address matches exactly that address', async () => {
    const shop = await openShop()
    await people(
      shop,
      ['A', 'A', 'ada@x.example'],
      ['B', 'B', 'ada@x.example.org'],
      ['C', 'C', 'ADA@X.example'],
    )
    const { stdout } = await orafi('customers find Ada@x.example --by email --fields email', shop.test)
    expect(emails(stdout).sort()).toEqual(['ADA@X.example', 'ada@x.example'])
    const part = await orafi('customers find x.example --by email --fields email', shop.test)
    expect(emails(part.stdout)).toHaveLength(3)
  })

  test('--by name does not look at e-mails', async () => {
    const shop = await openShop()
    await people(shop, ['Ada', 'Obi', 'x@x.example'], ['B', 'B', 'ada@x.example'])
    expect(emails((await orafi('customers find ada --by name --fields email', shop.test)).stdout)).toEqual([
      'x@x.example',
    ])
  })

  test('reads every page, and stops after --limit with a null cursor', async () => {
    const shop = await openShop(0, { maxPage: 100 })
    for (let index = 0; index < 150; index++) await people(shop, ['N', 'N', `n${index}@x.example`])
    await people(shop, ['New', 'One', 'new@x.example'])
    const all = JSON.parse((await orafi('customers find new@x.example --json', shop.test)).stdout)
    expect(all).toMatchObject({ data: [{ email: 'new@x.example' }], hasNextPage: false, nextCursor: null })
    const two = JSON.parse((await orafi('customers find x.example --limit 2 --json', shop.test)).stdout)
    expect(two).toMatchObject({ hasNextPage: true, nextCursor: null })
    expect(two.data).toHaveLength(2)
  })

  test('no match is an empty document and exit 3', async () => {
    const shop = await openShop()
    const { code, stdout, stderr } = await orafi('customers find nobody --json', shop.test)
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toEqual({ data: [], hasNextPage: false, nextCursor: null })
    expect(JSON.parse(stderr).error.code).toBe('not_found')
  })

  test('an empty text is refused', async () => {
    expect((await orafi(['customers', 'find', ' ', '--sandbox'])).code).toBe(2)
  })
})
