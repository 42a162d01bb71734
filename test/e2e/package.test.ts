import { execa } from 'execa'
import { expect, test } from 'vitest'

const root = new URL('../..', import.meta.url).pathname

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
