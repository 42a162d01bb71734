import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { resetSandbox } from '../../src/sandbox/disk.ts'
import { temporaryFolder } from '../storage/folder.ts'
import { orafi } from '../support/orafi.ts'
import { noon, openStore, owner } from './orafi-like.ts'

const ada = { firstname: 'Ada', lastname: 'Obi', email: 'ada@example.com', mode: ['test'] } as const
const place = (folder: string) => ({ folder, owner, now: () => noon, sleep: async () => undefined })

test('a reset restores the initial customers, also for a process that has the sandbox open', async () => {
  const folder = temporaryFolder()
  const serving = await openStore({ folder, customers: 5 })
  const created = await serving.create(ada)
  await resetSandbox(place(folder))
  expect(serving.get(created.id, 'test')).toBeUndefined()
  expect(serving.count).toBe(5)
  expect((await openStore({ folder })).count).toBe(250)
  // The same place and the same millisecond as before.
  const again = await serving.create({ ...ada, firstname: 'Again' })
  expect(serving.get(again.id, 'test')).toEqual(again)
  expect((await openStore({ folder })).count).toBe(6)
})

test('a sandbox that replaced an erased one is noticed, even if it is longer', async () => {
  const folder = temporaryFolder()
  const serving = await openStore({ folder })
  const created = await serving.create(ada)
  await resetSandbox(place(folder))
  const other = await openStore({ folder })
  for (let n = 0; n < 3; n++) await other.create({ ...ada, firstname: `Other ${n}` })
  expect(serving.page({ key: 'test', limit: 9 })).toEqual(other.page({ key: 'test', limit: 9 }))
  expect(serving.get(created.id, 'test')?.firstname).toBe('Other 0')
})

test('a reset erases its own files, including leftovers, and nothing else', async () => {
  const folder = temporaryFolder()
  await (await openStore({ folder })).create(ada)
  const own = ['.customers-1764000000000.ndjson.0123456789ab.tmp', 'customers-12.ndjson']
  const others = ['notes.txt', 'customers-12.ndjson.bak', 'customers.ndjson']
  for (const name of [...own, ...others]) writeFileSync(join(folder, name), 'x')
  mkdirSync(join(folder, 'kept'))
  await resetSandbox(place(folder))
  expect(readdirSync(folder).sort()).toEqual([...others, 'kept'].sort())
})

test('a reset without a sandbox creates nothing', async () => {
  const parent = temporaryFolder()
  await resetSandbox(place(join(parent, 'state', 'sandbox')))
  expect(readdirSync(parent)).toEqual([])
  await resetSandbox(place('/dev/null/sandbox'))
})

describe('a sandbox of version 1', () => {
  const header = '{"v":1,"type":"sandbox","customers":250,"seed":20260114,"next":251}\n'
  const line =
    '{"put":250,"firstname":"Ada","lastname":"Obi","email":"ada@example.com","totalSpent":0,"createdAt":1764000000000,"updatedAt":1764000000000,"mode":["test"]}\n'

  test('is refused by every command with its file and a hint, and works again after a reset', async () => {
    const home = temporaryFolder()
    const folder = join(home, 'state', 'sandbox')
    const path = join(folder, 'customers-1764000000000.ndjson')
    mkdirSync(folder, { recursive: true })
    writeFileSync(path, header + line)
    const lines = [
      'customers list --sandbox',
      'customers create --sandbox --firstname A --lastname B --email a@b.co',
      'sandbox serve --port 0',
    ]
    for (const command of lines) {
      const { code, stdout, stderr } = await orafi(`${command} --json`, { home })
      expect([command, code, stdout]).toEqual([command, 1, ''])
      expect(JSON.parse(stderr)).toEqual({
        error: {
          code: 'local_error',
          message: `the sandbox in ${path} was made by an earlier version of orafi`,
          hint: 'erase it and start over with: orafi sandbox reset',
        },
      })
    }
    expect(readFileSync(path, 'utf8')).toBe(header + line)
    expect(await orafi('sandbox reset --yes', { home })).toMatchObject({ code: 0 })
    expect(readdirSync(folder)).toEqual([])
    const { code, stdout } = await orafi('customers list --sandbox --limit 1', { home })
    expect(code).toBe(0)
    expect(stdout).not.toBe('')
  })
})
