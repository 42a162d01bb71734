import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../support/orafi.ts'

const root = new URL('../..', import.meta.url).pathname

test('the package installs into an empty prefix without a network, and does its main job there', async () => {
  const folder = await temporaryFolder()
  // The build stands already; packing must not build again beside the other tests.
  await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root })
  const [tarball = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'))
  const prefix = join(folder, 'prefix')
  const install = ['install', '--global', '--offline', '--prefix', prefix, join(folder, tarball)]
  await execa('npm', install, { env: { npm_config_cache: join(folder, 'cache') } })
  const env = { PATH: process.env.PATH ?? '', HOME: folder }
  const orafi = join(prefix, 'bin', 'orafi')
  const line = 'customers list --sandbox --mode live --spent ABOVE500USDT --json'.split(' ')
  const { stdout, exitCode } = await execa(orafi, line, { env, extendEnv: false })
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout).data.length).toBeGreaterThan(3)
  const refused = await execa(orafi, ['customers', 'list'], { env, extendEnv: false, reject: false })
  expect(refused.exitCode).toBe(4)
})

test('the package holds what is needed and nothing else, in less than 1.5 MB, and needs no other package', async () => {
  const { stdout } = await execa('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root })
  const [{ files, unpackedSize }] = JSON.parse(stdout)
  const folders = new Set(files.map(({ path }: { path: string }) => path.split('/')[0]))
  expect([...folders].sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'bin',
    'dist',
    'man',
    'package.json',
  ])
  expect(unpackedSize).toBeLessThan(1_500_000)
  const { dependencies } = await import('../../package.json', { with: { type: 'json' } }).then(
    ({ default: manifest }) => manifest as { dependencies?: unknown },
  )
  expect(dependencies).toBeUndefined()
})
