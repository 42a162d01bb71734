import { appendFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { begin, begun, deleted } from '../../journal/journal.ts'
import { orafi } from '../../support/orafi.ts'
import { newHome } from './runs.ts'

describe('orafi runs list', () => {
  test('says that there are none, and makes no folder to find out', async () => {
    const { home } = await newHome()
    const { code, stdout, stderr } = await orafi('runs list', { home })
    expect([code, stdout, stderr]).toEqual([0, '', 'no runs yet\n'])
    expect((await orafi('runs list --json', { home })).stdout).toBe('{"data":[]}\n')
    expect(existsSync(join(home, 'state'))).toBe(false)
  })

  test('prints the newest first, as one document', async () => {
    const { home, folder } = await newHome()
    const first = await deleted(folder, ['c_1', 'c_2'])
    const second = await deleted(folder, ['c_3'], begun + 1000)
    const { code, stdout } = await orafi('runs list --json', { home })
    expect(code).toBe(0)
    const about = { who: 'ada@here', command: 'delete', identity: 'sandbox test' }
    expect(JSON.parse(stdout)).toEqual({
      data: [
        { run: second, when: '2026-11-24T08:15:36.000Z', ...about, items: 1, done: 1 },
        { run: first, when: '2026-11-24T08:15:35.000Z', ...about, items: 2, done: 2 },
      ],
    })
  })

  test('shortens e-mails, and no ids', async () => {
    const { home, folder } = await newHome()
    const id = 'cmjr4c7qq0000v8hozkzz4em5'
    const run = await begin(folder, {})
    await run.intend([{ item: id, at: 1 }])
    await run.close()
    const { stdout } = await orafi('runs list', { home, tty: true, columns: 80, env: { NO_COLOR: '1' } })
    expect(stdout).toContain(`  ${id}\n`)
  })

  test('shows a person the state of each and leaves out the usual address', async () => {
    const { home, folder } = await newHome()
    const run = await begin(folder, { identity: 'https://api.orafi.app live default' })
    await run.intend([{ item: 'c_1', at: 1 }])
    const other = await deleted(folder, ['c_2'], begun - 1000)
    const { stdout } = await orafi('runs list', {
      home,
      tty: true,
      columns: 120,
      env: { NO_COLOR: '1', TZ: 'UTC' },
    })
    expect(stdout.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['RUN', 'WHEN', 'WHAT', 'WHO', 'WHERE'],
      [run.id, '2026-11-24 08:15', 'delete of 1 · running · 0 done', 'c_1', 'LIVE default'],
      [other, '2026-11-24 08:15', 'delete of 1', 'c_2@private.example', 'test sandbox'],
      [''],
    ])
    const piped = await orafi('runs list --table', { home, env: { COLUMNS: '120', TZ: 'UTC' } })
    expect(piped.stdout).toBe(stdout)
    await run.close()
  })

  test('shows that runs were LIVE, also if all were, and if the place is cut', async () => {
    const { home, folder } = await newHome()
    const run = await begin(folder, { identity: 'https://a-very-long-name-of-an-api.example live default' })
    await run.intend([{ item: 'c_1', at: 1 }])
    await run.close()
    const how = { home, tty: true, columns: 80 } as const
    expect((await orafi('runs list', how)).stdout).toMatch(/\x1b\[31m\x1b\[1mLIVE .*…/)
    const { stderr } = await orafi(`runs show ${run.id}`, { ...how, env: { NO_COLOR: '1' } })
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('a-very-long-name-of-an-api.example LIVE default')
  })

  test('shows the others when one is damaged, then ends with that error', async () => {
    const { home, folder } = await newHome()
    const good = await deleted(folder, ['c_1'])
    const bad = await deleted(folder, ['c_2'], begun + 1000)
    appendFileSync(join(folder, `${bad}.ndjson`), 'x\n')
    const { code, stdout, stderr } = await orafi('runs list', { home })
    expect(code).toBe(1)
    expect(stdout).toContain(good)
    expect(stderr).toContain(`${bad}.ndjson, line 5 is damaged`)
  })
})
