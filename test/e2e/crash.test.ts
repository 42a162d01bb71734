import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { type NextFault, randomFaults } from '../../src/sandbox/faults.ts'
import { beside, bin, freshEnvironment } from '../support/binary.ts'
import { seededRandom } from '../support/orafi.ts'
import { openShop, type Shop } from '../support/shop.ts'

/** How often each command is killed; the whole test is `npm run test:crash`. */
const crashes = Number(process.env.ORAFI_CRASHES ?? 4)
const rows = (process.env.ORAFI_CRASHES === undefined ? 30 : 100) * Math.min(crashes, 50)

/** What the server saw of the method that changes something. */
interface Watch {
  changes: number
  /** Called for each of them. */
  onChange: () => void
}

/** An Orafi that drops connections and fails, before and after requests took effect, and counts what is asked of it. */
async function openFaultyShop(method: 'POST' | 'DELETE', random: () => number) {
  const watch: Watch = { changes: 0, onChange: () => undefined }
  const drops = randomFaults({ failRate: 0.02, dropRate: 0.03 }, random)
  let faulty = true
  const next: NextFault = (request) => {
    if (request.method !== method) return undefined
    watch.changes += 1
    watch.onChange()
    return faulty ? drops(request) : undefined
  }
  const shop = await openShop(0, { faults: { next } })
  const env = await freshEnvironment({ ORAFI_API_KEY: shop.test.key ?? '', ORAFI_BASE_URL: shop.url })
  return {
    shop,
    watch,
    env,
    heal() {
      faulty = false
    },
  }
}

/**
 * Runs a command once, and kills it with SIGKILL when the server has seen so many changes more; resolves with its exit
 * code and what it printed.
 */
async function once(
  args: readonly string[],
  env: Record<string, string>,
  watch: Watch,
  killAfter: number | undefined,
): Promise<{ exitCode: number | undefined; stdout: string }> {
  const child = execa(process.execPath, [bin, ...args], { env, reject: false, stdin: 'ignore' })
  const target = killAfter === undefined ? Number.POSITIVE_INFINITY : watch.changes + killAfter
  watch.onChange = () => {
    // A command that has less to send than it takes to be killed just ends.
    if (watch.changes >= target) child.kill('SIGKILL')
  }
  const { exitCode, stdout } = await child
  return { exitCode, stdout }
}

/** The ids and e-mails of all customers. */
function customersIn(shop: Shop): readonly { id: string; email: string }[] {
  return shop.store.page({ key: 'test', limit: 100_000 })?.items ?? []
}

async function createAll(shop: Shop): Promise<string[]> {
  const ids: string[] = []
  for (let index = 0; index < rows; index++) {
    const fields = { firstname: `N${index}`, lastname: 'Obi', email: `n${index}@x.example` }
    ids.push((await shop.store.create({ ...fields, mode: ['test'] })).id)
  }
  return ids
}

/** Every line of every run in the journal. */
async function journalOf(env: Record<string, string>) {
  const folder = join(env.ORAFI_STATE_DIR ?? '', 'runs')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ndjson'))
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  // The last line of a run that was killed may be torn.
  return texts.flatMap((text) =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line)),
  )
}

describe('an import that is killed repeatedly', () => {
  test.each([
    ['keeps its state folder', false],
    ['has its state folder erased in between', true],
  ])(
    'and %s leaves each row exactly once',
    async (_what, erase) => {
      const random = seededRandom(erase ? 7 : 3)
      const { shop, watch, env } = await openFaultyShop('POST', random)
      const file = join(env.HOME ?? '', 'people.csv')
      const people = Array.from({ length: rows }, (_, index) => `N${index},Obi,n${index}@x.example`)
      await writeFile(file, `firstname,lastname,email\n${people.join('\n')}\n`)
      const args = ['customers', 'import', file, '--timeout', '0.4', '--retries', '0']

      for (let crash = 0; crash < crashes; crash++) {
        await once(args, env, watch, 1 + Math.floor(random() * (rows / crashes)))
        if (erase && crash === Math.floor(crashes / 2)) {
          // Without a journal nobody knows what is still under way: it is given the time to arrive.
          await new Promise((resolve) => setTimeout(resolve, 100))
          await rm(env.ORAFI_STATE_DIR ?? '', { recursive: true, force: true })
        }
      }
      let code: number | undefined
      for (let attempt = 0; attempt < 10 && code !== 0; attempt++)
        code = (await once(args, env, watch, undefined)).exitCode
      expect(code).toBe(0)
      const expected = people.map((line) => line.split(',')[2]).sort()
      expect(
        customersIn(shop)
          .map(({ email }) => email)
          .sort(),
      ).toEqual(expected)
    },
    600_000,
  )
})

test('a delete that is killed repeatedly deletes all customers, each with its whole record in the journal', async () => {
  const random = seededRandom(11)
  const { shop, watch, env, heal } = await openFaultyShop('DELETE', random)
  const ids = await createAll(shop)
  const file = join(env.HOME ?? '', 'ids.txt')
  await writeFile(file, ids.join('\n'))
  const args = ['customers', 'delete', '--ids-from', file, '--yes', '--max-delete', String(rows), '--json']

  for (let crash = 0; crash < crashes; crash++) {
    await once(args, env, watch, 1 + Math.floor(random() * (rows / crashes)))
    const left = new Set(customersIn(shop).map(({ id }) => id))
    const intended = (await journalOf(env)).filter(({ type }) => type === 'intent')
    const kept = new Map(intended.map(({ item, record }) => [item, record?.email]))
    const unknown = ids.filter((id) => !left.has(id) && kept.get(id) === undefined)
    expect(unknown).toEqual([])
  }
  heal()
  const last = await once(args, env, watch, undefined)
  expect(customersIn(shop)).toEqual([])
  const { deleted, notFound, ...others } = JSON.parse(last.stdout)
  expect([...deleted, ...notFound].sort()).toEqual([...ids].sort())
  expect(others).toMatchObject({ failed: [], leftOut: [], notSent: [] })
}, 600_000)

test('an undo that is killed repeatedly creates all customers once, except those it reports as undecided', async () => {
  const random = seededRandom(5)
  const { shop, watch, env, heal } = await openFaultyShop('POST', random)
  const ids = await createAll(shop)
  const emails = new Map(ids.map((id, index) => [id, `n${index}@x.example`]))
  const file = join(env.HOME ?? '', 'ids.txt')
  await writeFile(file, ids.join('\n'))
  await beside(`customers delete --ids-from ${file} --yes --max-delete ${rows}`, env)
  expect(customersIn(shop)).toEqual([])
  const [run] = JSON.parse((await beside('runs list --json', env)).stdout).data
  const args = ['runs', 'undo', run.run, '--yes', '--json', '--timeout', '2']

  for (let crash = 0; crash < crashes; crash++)
    await once(args, env, watch, 1 + Math.floor(random() * (rows / crashes)))
  heal()
  await once(args, env, watch, undefined)
  const again = await once(args, env, watch, undefined)
  const undecided: string[] = again.stdout === '' ? [] : JSON.parse(again.stdout).undecided
  const there = customersIn(shop).map(({ email }) => email)
  expect(there).toHaveLength(new Set(there).size)
  const missing = [...emails.values()].filter((email) => !there.includes(email))
  const said = undecided.map((id) => emails.get(id))
  expect(missing.filter((email) => !said.includes(email))).toEqual([])
  // What was under way at each kill, and the answers that were lost: far from everybody.
  expect(undecided.length).toBeLessThan(rows / 2)
}, 600_000)
