import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createClock } from './support/clock.ts'
import { orafi, temporaryFolder, testTime } from './support/orafi.ts'
import { openShop } from './support/shop.ts'

/** A signed-in home, and a file to import. */
async function desk() {
  const shop = await openShop(3)
  const home = await temporaryFolder()
  const circumstances = { home, url: shop.url }
  await orafi('login --with-key', { ...circumstances, stdin: `${shop.test.key}\n` })
  await writeFile(join(home, 'new.csv'), '\ufeffVorname;Nachname;E-Mail\nAda;Obi;ada@x.example\n', 'utf16le')
  // One clock for all commands, or `last` would not be the last one.
  return { ...circumstances, key: shop.test.key, clock: createClock(testTime) }
}

test('-q says nothing when all goes well and nothing is asked', async () => {
  const { key, ...circumstances } = await desk()
  const quietly = async (line: string, more: object = {}): Promise<void> => {
    const { code, stderr } = await orafi(`${line} -q`, { ...circumstances, ...more })
    expect([line, code, stderr]).toEqual([line, 0, ''])
  }
  await quietly('login --with-key', { key, stdin: `${key}\n` })
  await quietly('use test', { env: { ORAFI_PROFILE: 'default' } })
  await quietly('customers list --limit 1', { key })
  await quietly('customers create --firstname Bo --lastname Ek --email bo@x.example', { key })
  await quietly('runs list')
  await quietly(`customers import ${join(circumstances.home, 'new.csv')} --yes`)
  await quietly(`customers export ${join(circumstances.home, 'all.csv')}`)
  await quietly('customers duplicates')
  await quietly('customers delete ada@x.example --dry-run')
  await quietly('customers delete ada@x.example --yes')
  await quietly('runs undo last --yes')
  await quietly('runs show last')
  await quietly('runs forget --older-than 0d --yes')
  await quietly('logout', { key })
})

test('-q shows what a question is about', async () => {
  const { key, ...circumstances } = await desk()
  const asked = { ...circumstances, tty: true, stdin: 'n\n' }
  await orafi('customers create --firstname Bo --lastname Ek --email bo@x.example', { ...circumstances, key })
  const deletion = await orafi('customers delete bo@x.example -q', asked)
  expect([deletion.code, deletion.stderr]).toEqual([
    7,
    expect.stringMatching(/Bo .*1 to delete.*cannot be reversed/s),
  ])
  await orafi('customers delete bo@x.example --yes', circumstances)
  const undo = await orafi('runs undo last -q', asked)
  expect([undo.code, undo.stderr]).toEqual([7, expect.stringMatching(/last is .*Bo .*1 customer to create/s)])
})

test.each([
  ['customers get nobody', 3],
  ['customers delete nobody --yes', 3],
  ['customers find zzz-nobody', 3],
  ['runs undo nothing --yes', 3],
  ['login --with-key', 2],
  ['--nonsense', 2],
])('-q silences no error: %s', async (line, code) => {
  const { home, url } = await desk()
  const result = await orafi(`${line} -q`, { home, url, stdin: '' })
  expect(result.code).toBe(code)
  expect(result.stderr).toMatch(/^error: /m)
})
