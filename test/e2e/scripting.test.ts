import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { bin, freshEnvironment } from '../support/binary.ts'
import { openShop } from '../support/shop.ts'

const text = await readFile(new URL('../../docs/scripting.md', import.meta.url), 'utf8')
const recipes = Array.from(
  text.matchAll(/^## (\d+\. .+)\n[\s\S]*?```sh\n([\s\S]*?)```/gm),
  ([, title = '', script = '']) => ({ title, script }),
)

/** What each recipe prints. */
const expected: Record<string, RegExp> = {
  '2': /\d+ (keep|delete|review)/,
  '3': /to correct: rejected\.csv/,
  '4': /^2$/m,
  '5': /new\.person@example\.com/,
  '6': /@/,
  '7': /\d+ 20\d\d-\d\d/,
  '8': /^no$/m,
  '9': /ada\.obi@example\.com/,
}

/** What it leaves behind: a line that finds it. */
const left: Record<string, string> = {
  '1': 'zcat customers-*.csv.gz | head -n 1 | grep -q ^id,firstname,',
  '2': `jq -e '.groups | length > 0' duplicates-*.json`,
  '3': 'grep -q "Bad,Row,nobody" rejected.csv && orafi customers find chi@example.com --by email',
  '4': '! orafi customers get $(cat removals.txt)',
  '5': 'test "$(wc -l < new-or-changed.ndjson)" -eq 1',
  '10': `jq -e '.data | length == 1' first.json`,
}

test('there are ten of them', () => {
  expect(recipes).toHaveLength(10)
})

test.each(recipes)('$title', async ({ title, script }) => {
  const shop = await openShop(250)
  const env = await freshEnvironment({ ORAFI_API_KEY: shop.test.key ?? '', ORAFI_BASE_URL: shop.url })
  const folder = join(env.HOME ?? '', 'work')
  const tools = join(env.HOME ?? '', 'bin')
  await mkdir(folder)
  await mkdir(tools)
  await writeFile(join(tools, 'orafi'), `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`)
  await chmod(join(tools, 'orafi'), 0o755)
  await writeFile(
    join(folder, 'people.csv'),
    'firstname,lastname,email\nChi,Eze,chi@example.com\nBad,Row,nobody\n',
  )
  const page = shop.store.page({ key: 'test', limit: 100 })?.items ?? []
  const removable = page.filter(({ mode }) => !mode.includes('live')).slice(0, 2)
  await writeFile(join(folder, 'removals.txt'), removable.map(({ id }) => `${id}\n`).join(''))
  const bash = (lines: string) =>
    execa('bash', ['-euo', 'pipefail', '-c', lines], {
      cwd: folder,
      env: { ...env, PATH: `${tools}:${process.env.PATH}` },
      reject: false,
      input: '',
    })
  const { exitCode, stdout, stderr } = await bash(script)
  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' })
  const [number = ''] = title.split('.')
  expect(stdout).toMatch(expected[number] ?? /^$/)
  expect(await bash(left[number] ?? 'true')).toMatchObject({ exitCode: 0 })
})
