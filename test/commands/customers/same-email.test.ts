import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { orafi, temporaryFolder } from '../../support/orafi.ts'
import { openShop, type Shop } from '../../support/shop.ts'

async function shopWith(...emails: string[]): Promise<Shop> {
  const shop = await openShop()
  for (const [index, email] of emails.entries()) {
    // The first has spent, and so is the one to keep.
    const totalSpent = index === 0 ? 5 : 0
    await shop.store.create({ firstname: 'Ida', lastname: 'Buch', email, mode: ['test'], totalSpent })
  }
  return shop
}

async function emailsOf(shop: Shop): Promise<string[]> {
  const { stdout } = await orafi('customers list --all --json', shop.test)
  return JSON.parse(stdout).data.map(({ email }: { email: string }) => email)
}

/** Two spellings of one e-mail that are surely one. */
const oneEmail = [
  ['ida@bücher.example', 'ida@xn--bcher-kva.example'],
  ['IDA@xn--BCHER-KVA.example', 'ida@bu\u0308cher.example'],
  ['ida@БУЛКА.example', 'ida@булка.example'],
  ['Ida.Buch@X.example', 'ida.buch@x.EXAMPLE'],
  ['idá@x.example', 'ida\u0301@x.example'],
  ['\u200eida@x.example\u200e', 'ida@x.example'],
  ['ida\u00ad@x.example', '\ufeffida@x.example'],
]
/** These are only the same if letters count that somebody may have meant. */
const alikeOnly = [
  ['İda@x.example', 'ida@x.example'],
  ['ıda@x.example', 'IDA@x.example'],
  ['ｉｄａ@x.example', 'ida@x.example'],
  ['ﬁda@x.example', 'fida@x.example'],
]
/** And these are two e-mails. */
const twoEmails = [
  ['idá@x.example', 'ida@x.example'],
  ['i.da@x.example', 'ida@x.example'],
  ['ida+1@x.example', 'ida@x.example'],
  ["i'da@x.example", 'ida@x.example'],
  ['ida@bücher.example', 'ida@bucher.example'],
]

describe.each([...oneEmail, ...alikeOnly])('%j and %j', (there, typed) => {
  test('are one for import, which skips the row', async () => {
    const shop = await shopWith(there)
    const file = join(await temporaryFolder(), 'idn.csv')
    await writeFile(file, `firstname,lastname,email\nIda,Buch,${typed}\n`)
    const { code, stdout } = await orafi(['customers', 'import', file, '--yes', '--json'], shop.test)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ created: 0, skipped: 1 })
    expect(await emailsOf(shop)).toEqual([there])
  })

  test('are one for find', async () => {
    const shop = await shopWith(there)
    for (const by of ['email', 'any'])
      expect((await orafi(['customers', 'find', typed, '--by', by], shop.test)).code).toBe(0)
  })

  test('are one for create --check and --if-missing', async () => {
    const shop = await shopWith(there)
    const line = ['customers', 'create', '--firstname', 'Ida', '--lastname', 'Buch', '--email', typed]
    expect((await orafi([...line, '--check'], shop.test)).code).toBe(1)
    expect((await orafi([...line, '--if-missing'], shop.test)).code).toBe(0)
    expect(await emailsOf(shop)).toEqual([there])
  })
})

describe('customers duplicates', () => {
  const groupsOf = async (emails: readonly string[], flags = '') => {
    const shop = await shopWith(...emails)
    const { stdout } = await orafi(`customers duplicates --json ${flags}`, shop.test)
    return JSON.parse(stdout).groups
  }

  test.each(oneEmail)('proposes to delete one of %j and %j', async (...emails) => {
    for (const flags of ['', '--match exact']) {
      expect(await groupsOf(emails, flags)).toMatchObject([
        { level: 'exact', delete: [{ email: emails[1] }], review: [] },
      ])
    }
  })

  test.each(alikeOnly)('leaves %j and %j to a person', async (...emails) => {
    for (const flags of ['', '--match exact', '--match likely']) {
      expect(await groupsOf(emails, flags)).toMatchObject([{ delete: [], review: [{ email: emails[1] }] }])
    }
    const shop = await shopWith(...emails)
    expect((await orafi('customers duplicates', shop.test)).stdout).toContain(
      'the e-mails match only if similar letters count as equal',
    )
  })

  test('leaves them to a person if others of the group are surely the same', async () => {
    expect(await groupsOf(['ida@x.example', 'IDA@x.example', 'ıda@x.example'])).toMatchObject([
      { delete: [{ email: 'IDA@x.example' }], review: [{ email: 'ıda@x.example' }] },
    ])
  })

  test.each(twoEmails)('never calls %j and %j the same', async (...emails) => {
    expect(await groupsOf(emails, '--match exact')).toEqual([])
  })
})

describe('customers create sends the e-mail as typed', () => {
  test.each([
    [' Ida@Bücher.example ', 'Ida@Bücher.example'],
    ['\u202aida@x.example\u202c', 'ida@x.example'],
    ['\ufeffida\u200b@x.example \u200b', 'ida@x.example'],
    ['\u00a0İda@x.example\t', 'İda@x.example'],
    ['ｉda@x.example', 'ｉda@x.example'],
    ['ida\u0301@x.example', 'ida\u0301@x.example'],
    ["O'Hara+1@X.example", "O'Hara+1@X.example"],
    ['IDA@XN--BCHER-KVA.example', 'IDA@XN--BCHER-KVA.example'],
  ])('%j as %j', async (typed, sent) => {
    const shop = await openShop()
    const line = ['customers', 'create', '--firstname', ' Ida ', '--lastname', 'Buch', '--email', typed]
    const { code, stdout } = await orafi([...line, '--json'], shop.test)
    expect({ code, email: JSON.parse(stdout || '{}').email }).toEqual({ code: 0, email: sent })
    expect(await emailsOf(shop)).toEqual([sent])
    // A question is answered with the same text.
    const asked = await openShop()
    await orafi(line.slice(0, -2), { ...asked.test, tty: true, stdin: `${typed.trim()}\n` })
    expect(await emailsOf(asked)).toEqual([sent])
  })

  test.each([
    '\u200b',
    '\u202a \u202c',
    'ida@\u200b',
    'ida@@x.example',
    'i da@x.example',
    'ida\x07@x.example',
  ])('and refuses %j', async (typed) => {
    const shop = await openShop()
    const line = ['customers', 'create', '--firstname', 'Ida', '--lastname', 'Buch', '--email', typed]
    expect((await orafi(line, shop.test)).code).toBe(2)
    expect(shop.store.count).toBe(0)
  })
})
