// The program on several versions of Node: the one that runs the tests, or those that ORAFI_NODES names
// (`npm run test:versions`), which npm fetches.
import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { freshEnvironment } from '../support/binary.ts'
import { nodeOf } from '../support/nodes.ts'
import { temporaryFolder } from '../support/orafi.ts'
import { openShop } from '../support/shop.ts'

const root = new URL('../..', import.meta.url).pathname
const [own = ''] = process.versions.node.split('.')
const majors = (process.env.ORAFI_NODES ?? own).split(',')

/** The package, installed as a user installs it; gives the program's file. */
async function installed(): Promise<string> {
  const folder = await temporaryFolder()
  // The build stands already; packing must not build again beside the other tests.
  await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root })
  const [tarball = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'))
  const prefix = join(folder, 'prefix')
  // An empty cache and no network: the package has to bring everything.
  const install = ['install', '--global', '--offline', '--prefix', prefix, join(folder, tarball)]
  await execa('npm', install, { env: { npm_config_cache: join(folder, 'cache') } })
  return join(prefix, 'bin', 'orafi')
}

describe.each(majors)('on Node %s', (major) => {
  test('the installed package does its main jobs, the first time and again', {
    timeout: 120_000,
  }, async () => {
    const [node, bin, env] = await Promise.all([nodeOf(major), installed(), freshEnvironment()])
    const shop = await openShop(40)
    const temporary = await temporaryFolder()
    const run = async (line: string, more: { input?: string; env?: Record<string, string> } = {}) => {
      const { exitCode, stdout, stderr } = await execa(node, [bin, ...line.split(' ')], {
        env: { PATH: process.env.PATH ?? '', TMPDIR: temporary, ...env, ...more.env },
        extendEnv: false,
        reject: false,
        input: more.input ?? '',
      })
      expect({ line, exitCode, stderr }).toMatchObject({ line, exitCode: 0 })
      return stdout
    }
    const place = { ORAFI_BASE_URL: shop.url }
    const withKey = { env: { ...place, ORAFI_API_KEY: shop.test.key ?? '' } }
    const spenders = 'customers list --sandbox --mode live --spent ABOVE500USDT --json'
    expect(JSON.parse(await run(spenders)).data.length).toBeGreaterThan(3)
    // As a command of its own; without a key.
    const refused = await execa(bin, ['customers', 'list'], {
      env: { PATH: process.env.PATH ?? '', ...env },
      extendEnv: false,
      reject: false,
    })
    expect(refused.exitCode).toBe(4)
    // The second time with what was kept of the first; before Node 22 nothing is.
    for (const _time of Number(major) < 22 ? ['first'] : ['first', 'second']) {
      expect(await run('--version')).toMatch(/^\d+\.\d+\.\d+/)
      expect(await run('--help')).toContain('customers')
      expect(await run('customers delete --help')).toContain('--dry-run')
      const { data } = JSON.parse(await run('customers list --limit 3 --json', withKey))
      expect(data).toHaveLength(3)
      expect(JSON.parse(await run(`customers get ${data[0].id} --json`, withKey))).toEqual(data[0])
    }
    await run('login --with-key', { env: place, input: shop.test.key ?? '' })
    expect(JSON.parse(await run('whoami --json', { env: place })).source).toBe('profile')
    const people = join(temporary, 'people.csv')
    await writeFile(people, 'firstname,lastname,email\nAda,Obi,ada@x.example\nBo,Eze,bo@x.example\n')
    const { created, run: imported } = JSON.parse(
      await run(`customers import ${people} --yes --json`, { env: place }),
    )
    expect(created).toBe(2)
    await run(`runs undo ${imported} --yes --json`, { env: place })
    const file = join(temporary, 'all.csv.gz')
    await run(`customers export ${file}`, { env: place })
    expect((await readdir(temporary)).includes('all.csv.gz')).toBe(true)
    await run('customers duplicates --sandbox --json')
    // Node 22 and newer keep compiled code, where this user alone can write.
    const caches = join(env.HOME ?? '', '.cache', 'orafi')
    const mode = await stat(caches).then(
      (found) => found.mode & 0o777,
      () => 'none',
    )
    expect(mode).toBe(Number(major) < 22 ? 'none' : 0o700)
  })
})
