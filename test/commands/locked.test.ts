import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Circumstances, orafi, type Result, temporaryFolder } from '../support/orafi.ts'
import { openShop, type Shop } from '../support/shop.ts'

const rows = Array.from({ length: 60 }, (_, index) => `N${index},Obi,n${index}@x.example`)

async function peopleFile(): Promise<string> {
  const file = join(await temporaryFolder(), 'people.csv')
  await writeFile(file, `firstname,lastname,email\n${rows.join('\n')}\n`)
  return file
}

/** Runs the second command line when the first has sent its first create. */
async function meanwhile(
  [line, circumstances]: readonly [string, Circumstances],
  [secondLine, secondCircumstances]: readonly [string, Circumstances],
): Promise<{ first: Result; second: Result }> {
  let second: Promise<Result> | undefined
  const first = await orafi(`${line} --debug`, {
    ...circumstances,
    onOutput({ stderr }) {
      if (stderr.includes('POST')) second ??= orafi(secondLine, secondCircumstances)
    },
  })
  if (second === undefined) throw new Error(`the first never sent anything: ${first.stderr}`)
  return { first, second: await second }
}

/** One home, in which profiles `one` and `two` hold the test key of the shop, each as the URL is spelled. */
async function signedIn(shop: Shop, urls: { one: string; two: string }): Promise<string> {
  const home = await temporaryFolder()
  for (const [profile, url] of Object.entries(urls)) {
    const stdin = shop.test.key
    expect(
      await orafi(`login --with-key --no-verify --profile ${profile}`, { home, url, stdin }),
    ).toMatchObject({
      code: 0,
    })
  }
  return home
}

describe('a second import into the same account is refused, naming the first', () => {
  const spellings: readonly (readonly [what: string, respelled: (url: string) => string])[] = [
    ['by another name of this machine', (url) => url.replace('127.0.0.1', 'localhost')],
    ['by another number of this machine', (url) => url.replace('127.0.0.1', '127.1')],
    ['by its number in IPv6', (url) => url.replace('127.0.0.1', '[::1]')],
    ['by another path', (url) => `${url}/v1`],
  ]

  test.each(spellings)('%s', async (_, respelled) => {
    const shop = await openShop()
    const home = await temporaryFolder()
    const line = `customers import ${await peopleFile()} --yes`
    const { first, second } = await meanwhile(
      [line, { ...shop.test, home }],
      [`${line} --json`, { ...shop.test, url: respelled(shop.url), home }],
    )
    expect(first.code).toBe(0)
    expect(second.code).toBe(1)
    expect(JSON.parse(second.stderr)).toMatchObject({
      error: {
        code: 'local_error',
        message: expect.stringMatching(
          /^locked: orafi customers import \(.*env\) is running \(process \d+ of ada@shop-desk/,
        ),
      },
    })
    expect(shop.store.count).toBe(rows.length)
  })

  test.each([
    ['by another profile that holds the same key', ' --profile two', {}],
    ['by the key itself', '', { key: true }],
  ])('%s', async (_, flag, { key = false }: { key?: boolean }) => {
    const shop = await openShop()
    const home = await signedIn(shop, { one: shop.url, two: shop.url })
    const line = `customers import ${await peopleFile()} --yes`
    const { first, second } = await meanwhile(
      [`${line} --profile one`, { home, url: shop.url }],
      [line + flag, { home, url: shop.url, key: key ? shop.test.key : undefined }],
    )
    expect(first.code).toBe(0)
    expect([second.code, second.stderr]).toEqual([1, expect.stringContaining('test one) is running')])
    expect(second.stderr).not.toContain(shop.test.key)
    expect(shop.store.count).toBe(rows.length)
  })

  test('as an undo by another spelling is', async () => {
    const shop = await openShop()
    const home = await signedIn(shop, { one: shop.url, two: shop.url.replace('127.0.0.1', 'localhost') })
    const file = await peopleFile()
    const { id } = await shop.store.create({ firstname: 'A', lastname: 'B', email: 'a@b.co', mode: ['test'] })
    const two = { home, url: shop.url.replace('127.0.0.1', 'localhost') }
    const deleted = await orafi(`customers delete ${id} --yes --json --profile two`, two)
    const { run } = JSON.parse(deleted.stdout)
    const { first, second } = await meanwhile(
      [`customers import ${file} --yes --profile one`, { home, url: shop.url }],
      [`runs undo ${run} --yes --profile two`, two],
    )
    expect([first.code, second.code]).toEqual([0, 1])
    expect(second.stderr).toContain('orafi customers import')
    expect(shop.store.count).toBe(rows.length)
  })
})

test('an import with another key can run at the same time', async () => {
  const shop = await openShop()
  const home = await temporaryFolder()
  const file = await peopleFile()
  const { first, second } = await meanwhile(
    [`customers import ${file} --yes`, { ...shop.test, home }],
    [`customers import ${file} --yes --live`, { ...shop.live, home }],
  )
  expect([first.code, second.code]).toEqual([0, 0])
})

test('the sandbox of a state folder is one place, whatever else is set', async () => {
  const home = await temporaryFolder()
  const line = `customers import ${await peopleFile()} --yes --sandbox`
  const { first, second } = await meanwhile(
    [line, { home }],
    [line, { home, env: { ORAFI_BASE_URL: 'https://elsewhere.example', ORAFI_PROFILE: 'two' } }],
  )
  expect([first.code, second.code]).toEqual([0, 1])
})
