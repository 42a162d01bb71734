import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { orafi, type Result, temporaryFolder } from '../support/orafi.ts'
import { openShop } from '../support/shop.ts'
import { nameOf, strange, strangeThings } from '../support/strange.ts'

const key = `ora_test_${'t'.repeat(30)}1111`
const run = '20260301-120000-aaaa'
const rows = 'firstname,lastname,email\nAda,Obi,ada@example.com\n,,\n'

/** A command line, and the file below the home folder in whose place something else stands. */
const cases: readonly (readonly [line: string, file: string])[] = [
  ['whoami', 'config/config.json'],
  ['whoami --all', 'config/config.json'],
  ['customers list', 'config/config.json'],
  ['login --with-key --no-verify', 'config/config.json'],
  ['login --with-key --no-verify', 'config/config.json.lock'],
  ['logout', 'config/config.json'],
  ['logout --all', 'config/config.json'],
  ['use test', 'config/config.json'],
  ['customers list --sandbox', 'state/sandbox/changes.ndjson'],
  ['customers create --sandbox --firstname A --lastname B --email a@b.co', 'state/sandbox/lock'],
  ['sandbox reset --yes', 'state/sandbox/lock'],
  [`runs show ${run}`, `state/runs/${run}.ndjson`],
  [`runs undo ${run} --yes --sandbox`, `state/runs/${run}.ndjson`],
  [`runs forget ${run} --yes`, `state/runs/${run}.ndjson`],
  ['runs list', `state/runs/${run}.ndjson`],
  ['customers export HOME/out.csv --sandbox', 'out.csv.part'],
  ['customers export HOME/out.csv --sandbox', 'out.csv.part.log'],
  ['customers export HOME/out.csv --sandbox', 'out.csv.part.lock'],
  ['customers export HOME/out.csv.gz --sandbox', 'out.csv.gz.part.gz'],
  ['customers export HOME/out.csv --sandbox --force', 'out.csv.part'],
  ['customers export HOME/out.csv --sandbox --resume', 'out.csv.part.log'],
  ['customers duplicates --sandbox --plan HOME/plan.json', 'plan.json'],
  ['customers duplicates --sandbox --plan HOME/plan.json --force', 'plan.json'],
  ['customers import HOME/rows.csv --sandbox --yes --rejects HOME/rejects.csv', 'rejects.csv'],
  ['customers import HOME/rows.csv --sandbox --yes --rejects HOME/rejects.csv --force', 'rejects.csv'],
]

async function inPlaceOf(kind: (typeof strange)[number], line: string, file: string) {
  const home = await temporaryFolder()
  const path = join(home, file)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(join(home, 'rows.csv'), rows)
  await strangeThings[kind](path)
  const result: Result = await orafi(line.replaceAll('HOME', home), { home, stdin: key })
  return { result, home, path }
}

describe.each(strange)('%s', (kind) => {
  test.each(cases)('%s: in place of %s it is refused by name', async (line, file) => {
    const { result, home, path } = await inPlaceOf(kind, line, file)
    expect([1, 2], result.stderr).toContain(result.code)
    expect(result.stderr).toContain(path)
    expect(result.stderr).toMatch(new RegExp(`it is ${nameOf(kind)}|it is not a regular file`))
    expect(result.stderr).not.toContain('should not happen')
    expect((await readdir(home, { recursive: true })).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })
})

test('anything else in place of a run does not affect the other runs', async () => {
  const shop = await openShop()
  const home = await temporaryFolder()
  const { id } = await shop.store.create({
    firstname: 'Ada',
    lastname: 'Obi',
    email: 'a@b.co',
    mode: ['test'],
  })
  await orafi(`customers delete ${id} --yes`, { ...shop.test, home })
  await strangeThings['a named pipe'](join(home, 'state/runs', `${run}.ndjson`))
  const list = await orafi('runs list --json', { home })
  expect(JSON.parse(list.stdout).data).toHaveLength(1)
  expect(list.stderr).toContain('it is a named pipe')
})

describe('a named pipe that the user names is read', () => {
  const people = 'firstname,lastname,email\nAda,Obi,ada@example.com\n'
  const lines: readonly (readonly [line: string, text: string])[] = [
    ['customers import PIPE --yes', people],
    ['customers delete --yes --ids-from PIPE', 'none-such\n'],
    ['customers duplicates --from PIPE', `id,${people.replace('\n', '\nc_1,')}`],
  ]

  test.each(lines)('%s', async (line, text) => {
    const path = join(await temporaryFolder(), 'pipe')
    await strangeThings['a named pipe'](path)
    const [{ code, stderr }] = await Promise.all([
      orafi(`${line.replace('PIPE', path)} --sandbox`),
      writeFile(path, text),
    ])
    expect([0, 3], stderr).toContain(code)
  })
})
