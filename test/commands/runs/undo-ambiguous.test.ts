import { describe, expect, test } from 'vitest'
import { type Api, harmless, startApi } from '../../support/api.ts'
import { orafi, temporaryFolder } from '../../support/orafi.ts'

/** A run that sent DELETEs and never learnt what became of them; the API answers again afterwards. */
async function lost(api: Api, carriedOut: readonly string[]) {
  const here = { ...api.test, home: await temporaryFolder() }
  const sent = new Set<string>()
  api.instead = ({ method, path }) => {
    const id = path.slice('/customers/'.length)
    if (method === 'DELETE') {
      sent.add(id)
      return carriedOut.includes(id) ? 'carry out and cut' : 'cut'
    }
    return sent.has(id) ? 'cut' : undefined
  }
  const line = `customers delete ${[...api.records.keys()].join(' ')} --yes --json --retries 0`
  const { run, failed } = JSON.parse((await orafi(line, here)).stdout)
  expect(failed.map(({ code }: { code: string }) => code)).toEqual(failed.map(() => 'ambiguous'))
  api.instead = () => undefined
  return { here, run }
}

describe('undoing a delete that was sent and whose outcome is unknown', () => {
  test('creates who is gone by now, and leaves alone who is still there', async () => {
    const api = await startApi([harmless('c_0'), harmless('c_1')])
    const { here, run } = await lost(api, ['c_0'])
    const { code, stdout } = await orafi(`runs undo ${run} --yes --json`, here)
    expect(JSON.parse(stdout)).toMatchObject({ undone: [{ id: 'c_0', newId: 'new_1' }], leftOut: [] })
    expect([code, api.created]).toEqual([0, ['c_0@x.example']])
  })

  test('says that who is still there was not deleted, when that one is named', async () => {
    const api = await startApi([harmless('c_0')])
    const { here, run } = await lost(api, [])
    const { stdout } = await orafi(`runs undo ${run} c_0 --yes --json`, here)
    expect(JSON.parse(stdout).leftOut).toEqual([{ id: 'c_0', reason: 'it was not deleted' }])
    expect(api.created).toEqual([])
  })

  test('creates nobody while it cannot be looked up', async () => {
    const api = await startApi([harmless('c_0')])
    const { here, run } = await lost(api, ['c_0'])
    api.instead = ({ method }) => (method === 'GET' ? { status: 500 } : undefined)
    const { stdout } = await orafi(`runs undo ${run} --yes --json --retries 0`, here)
    expect(JSON.parse(stdout).leftOut).toEqual([
      { id: 'c_0', reason: 'it is unknown whether it was deleted' },
    ])
    expect(api.created).toEqual([])
  })
})
