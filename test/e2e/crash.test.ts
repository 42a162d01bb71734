import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { type NextFault, randomFaults } from '../../src/sandbox/faults.ts'
import { bin, freshEnvironment } from '../support/binary.ts'
import { seededRandom } from '../support/orafi.ts'
import { openShop, type Shop } from '../support/shop.ts'

/** How often the import is killed; the whole test is `npm run test:crash`. */
const crashes = Number(process.env.ORAFI_CRASHES ?? 6)
const rows = 100 * Math.min(crashes, 50)

/** An Orafi that drops connections, before and after they took effect, and tells of every create. */
async function openFaultyShop(random: () => number) {
  const watch = { creates: 0, onCreate: () => undefined as undefined }
  const drops = randomFaults({ failRate: 0.02, dropRate: 0.03 }, random)
  const next: NextFault = (request) => {
    if (request.method !== 'POST') return undefined
    watch.creates += 1
    watch.onCreate()
    return drops(request)
  }
  return { shop: await openShop(0, { faults: { next } }), watch }
}

/** Imports once, and kills it with SIGKILL when the server has seen so many creates more; resolves with the exit code. */
async function importOnce(
  args: readonly string[],
  env: Record<string, string>,
  watch: { creates: number; onCreate: () => undefined },
  killAfter: number | undefined,
): Promise<number | undefined> {
  const child = execa(process.execPath, [bin, ...args], { env, reject: false, stdio: 'ignore' })
  const target = killAfter === undefined ? Number.POSITIVE_INFINITY : watch.creates + killAfter
  watch.onCreate = () => {
    if (watch.creates >= target) child.kill('SIGKILL')
    return undefined
  }
  // An import that has less to send than it takes to be killed just ends.
  const { exitCode } = await child
  return exitCode
}

function emailsIn(shop: Shop): string[] {
  const page = shop.store.page({ key: 'test', limit: 100_000 })
  return page === undefined ? [] : page.customers.map(({ email }) => email).sort()
}

describe('an import that is killed again and again', () => {
  test.each([
    ['keeps its state folder', false],
    ['has its state folder erased in between', true],
  ])(
    'and %s leaves each row exactly once',
    async (_what, erase) => {
      const random = seededRandom(erase ? 7 : 3)
      const { shop, watch } = await openFaultyShop(random)
      const env = await freshEnvironment({ ORAFI_API_KEY: shop.test.key ?? '', ORAFI_BASE_URL: shop.url })
      const file = join(env.HOME ?? '', 'people.csv')
      const people = Array.from({ length: rows }, (_, index) => `N${index},Obi,n${index}@x.example`)
      await writeFile(file, `firstname,lastname,email\n${people.join('\n')}\n`)
      const args = ['customers', 'import', file, '--timeout', '0.4', '--retries', '0']

      for (let crash = 0; crash < crashes; crash++) {
        await importOnce(args, env, watch, 1 + Math.floor(random() * (rows / crashes)))
        if (erase && crash === Math.floor(crashes / 2)) {
          // Without a journal nobody knows what is still under way: it is given the time to arrive.
          await new Promise((resolve) => setTimeout(resolve, 100))
          await rm(env.ORAFI_STATE_DIR ?? '', { recursive: true, force: true })
        }
      }
      let code: number | undefined
      for (let attempt = 0; attempt < 10 && code !== 0; attempt++)
        code = await importOnce(args, env, watch, undefined)
      expect(code).toBe(0)
      expect(emailsIn(shop)).toEqual(people.map((line) => line.split(',')[2]).sort())
    },
    600_000,
  )
})
