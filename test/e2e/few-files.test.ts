import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { bin, freshEnvironment } from '../support/binary.ts'
import { orafi, temporaryFolder } from '../support/orafi.ts'
import { openShop } from '../support/shop.ts'

/** Runs a program of Node's with so few open files; ends it where it hangs. */
function withFiles(files: number, args: readonly string[], env: Record<string, string>) {
  // Not bash, which may read the .bashrc of whoever runs the tests before such a line.
  return execa('/bin/sh', ['-c', `ulimit -n ${files}; exec "$0" "$@"`, process.execPath, ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    extendEnv: false,
    reject: false,
    input: '',
    timeout: 15_000,
    killSignal: 'SIGKILL',
  })
}

/** The fewest open files with which Node itself can run two files. */
async function fewest(): Promise<number> {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'a.cjs'), 'require("./b.cjs")')
  await writeFile(join(folder, 'b.cjs'), '')
  let files = 10
  while ((await withFiles(files, [join(folder, 'a.cjs')], {})).exitCode !== 0) files += 1
  return files
}

test('however few files may be open, a command works or ends with a clear error', async () => {
  const shop = await openShop(20)
  const { stdout } = await orafi('customers list --all --fields id', { url: shop.url, key: shop.test.key })
  const ids = stdout.split('\n').filter(Boolean)
  const people = join(await temporaryFolder(), 'people.csv')
  await writeFile(people, 'firstname,lastname,email\nAda,Obi,ada@x.example\nBo,Ek,bo@x.example\n')
  const least = await fewest()
  for (const files of [least, least + 1, least + 2, least + 4]) {
    for (const line of [
      'customers list',
      'customers list --sandbox',
      `customers get ${ids[0]} --json`,
      `customers import ${people}`,
      `customers delete ${ids.pop()} --yes`,
    ]) {
      const env = await freshEnvironment({ ORAFI_API_KEY: shop.test.key ?? '', ORAFI_BASE_URL: shop.url })
      const words = [...line.split(' '), '--retries', '0']
      const { exitCode, stderr, timedOut } = await withFiles(files, [bin, ...words], env)
      const what = `${line} with ${files} files: ${stderr}`
      expect(timedOut, what).toBe(false)
      expect([0, 1, 2, 5], what).toContain(exitCode)
      expect(stderr, what).not.toMatch(/^ +at |node:|\bthrow\b/m)
      expect(/^(error: |\{"error":)/m.test(stderr), what).toBe(exitCode !== 0)
    }
  }
}, 120_000)
