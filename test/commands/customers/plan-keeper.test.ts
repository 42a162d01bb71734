import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { created, harmless, type Instead, startApi } from '../../support/api.ts'
import { orafi, temporaryFolder } from '../../support/orafi.ts'

/** Two records of one person, and a plan that keeps the one and deletes the other. */
async function planned() {
  const same = { email: 'ada@x.example', firstname: 'Ada', lastname: 'Obi' }
  const newer = created('documented', '2026-02-01T00:00:00.000Z')
  const api = await startApi([harmless('c_0', same), harmless('c_1', { ...same, ...newer })])
  const here = { ...api.test, home: await temporaryFolder() }
  const plan = join(here.home, 'plan.json')
  await orafi(`customers duplicates --plan ${plan}`, here)
  const preview = await orafi(`customers delete --plan ${plan} --dry-run --json`, here)
  const [twin = ''] = JSON.parse(preview.stdout).wouldDelete
  const keeper = twin === 'c_0' ? 'c_1' : 'c_0'
  return {
    api,
    twin,
    keeper,
    apply: () => orafi(`customers delete --plan ${plan} --yes --json --retries 0`, here),
  }
}

describe('a planned deletion is left out', () => {
  test.each<[string, Instead, string]>([
    ['cannot be looked up', { status: 500 }, 'its keeper could not be looked up: '],
    ['gives no answer', 'cut', 'its keeper could not be looked up: '],
  ])('when its keeper %s', async (_what, instead, reason) => {
    const { api, twin, keeper, apply } = await planned()
    api.instead = ({ path }) => (path === `/customers/${keeper}` ? instead : undefined)
    const { code, stdout } = await apply()
    expect(JSON.parse(stdout).leftOut).toEqual([{ id: twin, reason: expect.stringContaining(reason) }])
    expect([code, api.deleted]).toEqual([6, []])
  })

  test('when its keeper can be looked up for the preview, and not any more just before the DELETE', async () => {
    const { api, twin, keeper, apply } = await planned()
    let looks = 0
    api.instead = ({ path }) => {
      if (path === `/customers/${keeper}`) looks += 1
      return looks > 1 ? { status: 500 } : undefined
    }
    const { stdout } = await apply()
    expect(JSON.parse(stdout)).toMatchObject({ deleted: [], leftOut: [{ id: twin }] })
    expect(api.deleted).toEqual([])
  })
})
