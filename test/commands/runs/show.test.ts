import { describe, expect, test } from 'vitest'
import { begin, begun, deleted, person } from '../../journal/journal.ts'
import { orafi } from '../../support/orafi.ts'
import { newHome } from './runs.ts'

describe('orafi runs show', () => {
  test('prints the run and its items, a deleted record whole, as one document', async () => {
    const { home, folder } = await newHome()
    const run = await begin(folder)
    await run.intend(['c_1', 'c_2'].map((id) => ({ item: id, at: begun, record: person(id) })))
    await run.conclude([{ item: 'c_1', at: begun, outcome: 'deleted' }])
    await run.close()
    const { code, stdout } = await orafi(`runs show ${run.id} --json`, { home })
    expect(code).toBe(0)
    const time = '2026-11-24T08:15:35.000Z'
    expect(JSON.parse(stdout)).toEqual({
      run: run.id,
      when: time,
      who: 'ada@here',
      command: 'delete',
      identity: 'sandbox test',
      key: { masked: 'ora_test_…abcd', hash: '0123456789abcdef' },
      personal: true,
      forgotten: false,
      items: 2,
      done: 1,
      data: [
        { item: 'c_1', outcome: 'deleted', intendedAt: time, endedAt: time, record: person('c_1') },
        { item: 'c_2', outcome: null, intendedAt: time, endedAt: null, record: person('c_2') },
      ],
    })
    const lines = (await orafi(`runs show ${run.id} --ndjson`, { home })).stdout.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).item)).toEqual(['c_1', 'c_2'])
  })

  test('prints an item a line in a pipe, and where and when on the side', async () => {
    const { home, folder } = await newHome()
    const run = await begin(folder)
    await run.intend([
      { item: 'c_1', at: begun, record: { ...person('c_1'), email: 'a\x1b[2J@b.c' } },
      { item: 'c_2', at: begun },
    ])
    await run.conclude([{ item: 'c_1', at: begun, outcome: 'failed', code: 'api_error', message: 'no' }])
    await run.close()
    const { stdout, stderr } = await orafi(`runs show ${run.id}`, { home })
    expect(stdout).toBe('c_1\tfailed\t\ta\\x1b[2J@b.c\tno\nc_2\tunknown\t\t\t\n')
    expect(stderr).toBe('delete · 2026-11-24T08:15:35.000Z · ada@here · sandbox test\n')
  })

  test('of what is not there, or is no id, is not found', async () => {
    const { home, folder } = await newHome()
    await deleted(folder, ['c_1'])
    for (const id of ['20261124-081535-zzzz', '../x']) {
      const { code, stderr } = await orafi(`runs show ${id}`, { home })
      expect([code, stderr]).toEqual([
        3,
        `error: there is no run '${id}'\nhint: list the runs with: orafi runs list\n`,
      ])
    }
  })
})
