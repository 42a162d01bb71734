import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { NextFault } from '../../../src/sandbox/faults.ts'
import { harmless, startApi } from '../../support/api.ts'
import { type Circumstances, orafi, temporaryFolder } from '../../support/orafi.ts'
import { answerForms, openShop, pay, type Shop } from '../../support/shop.ts'

async function lastRun(home: string): Promise<string> {
  const { stdout } = await orafi('runs list --json', { home })
  return JSON.parse(stdout).data[0].run
}

async function customer(shop: Shop, email: string, totalSpent = 0): Promise<string> {
  return (await shop.store.create({ firstname: 'Ada', lastname: 'Obi', email, mode: ['test'], totalSpent }))
    .id
}

/** A shop whose customers were just deleted, and the home whose journal knows them. */
async function deleted(count: number, options: Parameters<typeof openShop>[1] = {}) {
  const shop = await openShop(0, options)
  const home = await temporaryFolder()
  const ids: string[] = []
  for (let index = 0; index < count; index++) ids.push(await customer(shop, `n${index}@x.example`, 5))
  const here: Circumstances = { ...shop.test, home }
  await orafi(`customers delete ${ids.join(' ')} --yes --include-spenders`, here)
  expect(shop.store.count).toBe(0)
  return { shop, here, ids, run: await lastRun(home), home }
}

/** A shop into which people were just imported. */
async function imported(count: number, options: Parameters<typeof openShop>[1] = {}) {
  const shop = await openShop(0, options)
  const home = await temporaryFolder()
  const file = join(home, 'people.csv')
  const rows = Array.from({ length: count }, (_, index) => `N${index},Obi,n${index}@x.example`)
  await writeFile(file, `firstname,lastname,email\n${rows.join('\n')}\n`)
  const here: Circumstances = { ...shop.test, home }
  await orafi(`customers import ${file}`, here)
  const ids: string[] = JSON.parse((await orafi('customers list --all --json', here)).stdout).data.map(
    ({ id }: { id: string }) => id,
  )
  return { shop, here, ids, run: await lastRun(home), home, file }
}

describe('undoing a delete', () => {
  test('creates the customers again, and says what does not come back and their new ids', async () => {
    const { shop, here, ids, run } = await deleted(3)
    const { code, stdout, stderr } = await orafi(`runs undo ${run} --yes --json`, here)
    expect(code).toBe(0)
    const document = JSON.parse(stdout)
    expect(document.undone.map(({ id }: { id: string }) => id).sort()).toEqual([...ids].sort())
    expect(document).toMatchObject({ undecided: [], leftOut: [] })
    expect(stderr).toContain('with new ids. totalSpent, transactions and dates are not restored')
    for (const { newId } of document.undone)
      expect(shop.store.get(newId, 'test')).toMatchObject({ lastname: 'Obi' })
    expect(shop.store.count).toBe(3)
  })

  test('leaves out what is undone already: nothing left is 0 with a message', async () => {
    const { shop, here, ids, run } = await deleted(3)
    await orafi(`runs undo ${run} ${ids[1]} --yes`, here)
    expect(shop.store.count).toBe(1)
    await orafi(`runs undo ${run} --yes`, here)
    expect(shop.store.count).toBe(3)
    const again = await orafi(`runs undo ${run} --yes`, here)
    expect(again).toMatchObject({ code: 0, stderr: `Nothing left to undo in ${run}.\n` })
    expect(shop.store.count).toBe(3)
  })

  test('sends although the e-mail exists: the keeper of a duplicate has it', async () => {
    const { shop, here, run } = await deleted(1)
    await customer(shop, 'n0@x.example')
    expect((await orafi(`runs undo ${run} --yes`, here)).code).toBe(0)
    expect(shop.store.count).toBe(2)
  })

  test('a create whose answer was lost stays undecided, now and the next time, and is never sent twice', async () => {
    let posts = 0
    const next: NextFault = ({ method }) =>
      method === 'POST' && posts++ === 0 ? { how: 'drop', takesEffect: true } : undefined
    const { shop, here, ids, run } = await deleted(2, { faults: { next } })
    const first = await orafi(`runs undo ${run} --yes --json`, here)
    expect(first.code).toBe(6)
    const { undone, undecided } = JSON.parse(first.stdout)
    expect([...undone.map(({ id }: { id: string }) => id), ...undecided].sort()).toEqual([...ids].sort())
    expect(undecided).toHaveLength(1)
    const second = await orafi(`runs undo ${run} --yes --json`, here)
    expect(JSON.parse(second.stdout)).toMatchObject({ undone: [], undecided })
    expect(shop.store.count).toBe(2)
  })

  test('a delete of unknown outcome is looked up first', async () => {
    const { shop, here, ids, run, home } = await deleted(1)
    // As a kill -9 between the request and its answer leaves it: an intent, and no outcome.
    const file = join(home, 'state', 'runs', `${run}.ndjson`)
    const lines = (await readFile(file, 'utf8'))
      .split('\n')
      .filter((line) => /"type":"(run|intent)"/.test(line))
    await writeFile(file, `${lines.join('\n')}\n`)
    const { stdout } = await orafi(`runs undo ${run} --yes --json`, here)
    expect(JSON.parse(stdout).undone).toEqual([{ id: ids[0], newId: expect.any(String) }])
    expect(shop.store.count).toBe(1)
  })

  test('asks on a terminal', async () => {
    const { shop, here, run } = await deleted(2)
    expect((await orafi(`runs undo ${run}`, { ...here, tty: true, stdin: 'n\n' })).code).toBe(7)
    expect(shop.store.count).toBe(0)
    const { code, stderr } = await orafi(`runs undo ${run}`, { ...here, tty: true, stdin: 'y\n' })
    expect(code).toBe(0)
    expect(stderr).toContain('Create 2 customers again? [y/N]')
  })

  test.each(['firstname', 'lastname', 'email'])(
    'who had an empty %s cannot be created again, and is left out with the reason',
    async (field) => {
      const api = await startApi([harmless('c_0', { [field]: '' }), harmless('c_1')])
      const here = { ...api.test, home: await temporaryFolder() }
      await orafi('customers delete c_0 c_1 --yes', here)
      const { code, stdout } = await orafi(`runs undo ${await lastRun(here.home)} --yes --json`, here)
      expect(code).toBe(6)
      expect(JSON.parse(stdout)).toMatchObject({
        undone: [{ id: 'c_1' }],
        leftOut: [{ id: 'c_0', reason: expect.stringContaining('lacks a name or an e-mail') }],
      })
    },
  )

  test('a refused create is left out with its reason, and is an answer: what is silent around it is no outage', async () => {
    const api = await startApi(Array.from({ length: 36 }, (_, index) => harmless(`c_${index}`)))
    const here = { ...api.test, home: await temporaryFolder() }
    await orafi(`customers delete ${[...api.records.keys()].join(' ')} --yes`, here)
    const refusal = { status: 400, body: { success: false, message: 'no more of them' } }
    api.instead = ({ body }) => (/c_(12|24)@/.test(body) ? refusal : { status: 500 })
    const { code, stdout } = await orafi(`runs undo ${await lastRun(here.home)} --yes --json`, here)
    const { leftOut, undecided, notSent } = JSON.parse(stdout)
    const reason = expect.stringContaining('no more of them')
    expect(leftOut).toEqual([
      { id: 'c_12', reason },
      { id: 'c_24', reason },
    ])
    expect([code, undecided.length, notSent]).toEqual([6, 34, []])
  })

  test('what was not kept (--no-journal) is left out with the reason', async () => {
    const shop = await openShop()
    const home = await temporaryFolder()
    const id = await customer(shop, 'a@x.example')
    await orafi(`customers delete ${id} --yes --no-journal`, { ...shop.test, home })
    const { code, stdout } = await orafi(`runs undo ${await lastRun(home)} --yes --json`, {
      ...shop.test,
      home,
    })
    expect(code).toBe(6)
    expect(JSON.parse(stdout).leftOut).toEqual([{ id, reason: expect.stringContaining('was not kept') }])
  })
})

describe.each(answerForms)('undoing an import (%s)', (answers) => {
  test('deletes exactly what it created', async () => {
    const { shop, here, ids, run } = await imported(5, { answers })
    await customer(shop, 'somebody.else@x.example')
    const { code, stdout } = await orafi(`runs undo ${run} --yes --json`, here)
    expect(code).toBe(0)
    expect(JSON.parse(stdout).deleted.sort()).toEqual([...ids].sort())
    expect(shop.store.count).toBe(1)
    expect((await orafi(`runs undo ${run} --yes`, here)).stderr).toContain('Nothing left to undo')
  })

  test('leaves out who has spent since, exit 6', async () => {
    const { shop, here, ids, run } = await imported(3, { answers })
    await pay(shop.store, ids[1] ?? '', 10)
    const { code, stdout } = await orafi(`runs undo ${run} --yes --json`, here)
    expect(code).toBe(6)
    expect(JSON.parse(stdout)).toMatchObject({ leftOut: [{ id: ids[1], reason: 'has spent since' }] })
    expect(shop.store.count).toBe(1)
  })

  test('can be imported again afterwards', async () => {
    const { shop, here, run, file } = await imported(3, { answers })
    await orafi(`runs undo ${run} --yes`, here)
    expect((await orafi(`customers import ${file}`, here)).code).toBe(0)
    expect(shop.store.count).toBe(3)
  })

  test('only the ids that are named', async () => {
    const { shop, here, ids, run } = await imported(3, { answers })
    const { stdout } = await orafi(`runs undo ${run} ${ids[0]} --yes --json`, here)
    expect(JSON.parse(stdout).deleted).toEqual([ids[0]])
    expect(shop.store.count).toBe(2)
  })
})

describe('an undo is refused', () => {
  test('of a run that is not there or was forgotten: 3', async () => {
    const { here, run } = await deleted(1)
    expect((await orafi('runs undo 20260101-000000-aaaa --yes', here)).code).toBe(3)
    await orafi(`runs forget ${run} --yes`, here)
    expect((await orafi(`runs undo ${run} --yes`, here)).code).toBe(3)
  })

  test('of an undo: 2', async () => {
    const { here, run, home } = await deleted(1)
    await orafi(`runs undo ${run} --yes`, here)
    const listed = JSON.parse((await orafi('runs list --json', { home })).stdout).data
    const undoing = listed.find(({ command }: { command: string }) => command === 'undo').run
    expect((await orafi(`runs undo ${undoing} --yes`, here)).code).toBe(2)
  })

  test('of another place: 4', async () => {
    const { here, run, shop } = await deleted(1)
    const other = { ...here, env: { ORAFI_PROFILE: 'acme' } }
    expect((await orafi(`runs undo ${run} --yes`, other)).code).toBe(4)
    expect((await orafi(`runs undo ${run} --yes --live`, { ...here, key: shop.live.key })).code).toBe(4)
  })

  test('made with another key, unless a warning can be shown at a prompt', async () => {
    const keys = { test: `ora_test_${'a'.repeat(30)}`, live: `ora_live_${'a'.repeat(30)}` }
    const { here, run, home } = await deleted(1, { keys })
    const shop = await openShop(0, { keys: { ...keys, test: `ora_test_${'b'.repeat(30)}` } })
    // The same place under a rotated key: the run's identity is made to say so.
    const file = join(home, 'state', 'runs', `${run}.ndjson`)
    await writeFile(file, (await readFile(file, 'utf8')).replace(here.url ?? '', shop.url))
    const rotated: Circumstances = { ...shop.test, home }
    const refused = await orafi(`runs undo ${run} --yes`, rotated)
    expect(refused.code).toBe(4)
    expect(refused.stderr).toContain('was made with another key (ora_test_…aaaa)')
    const told = await orafi(`runs undo ${run}`, { ...rotated, tty: true, stdin: 'y\n' })
    expect(told.code).toBe(0)
    expect(told.stderr).toContain('was made with another key')
  })

  test('without a prompt and without --yes, or with a live key and without --live: 2', async () => {
    const { here, run } = await deleted(1)
    expect((await orafi(`runs undo ${run}`, here)).code).toBe(2)
    const shop = await openShop()
    const home = await temporaryFolder()
    const { id } = await shop.store.create({
      firstname: 'A',
      lastname: 'B',
      email: 'a@x.example',
      mode: ['live'],
    })
    await orafi(`customers delete ${id} --yes --live`, { ...shop.live, home })
    expect((await orafi(`runs undo ${await lastRun(home)} --yes`, { ...shop.live, home })).code).toBe(2)
    expect((await orafi(`runs undo ${await lastRun(home)} --yes --live`, { ...shop.live, home })).code).toBe(
      0,
    )
  })
})
