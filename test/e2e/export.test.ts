import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import type { NextFault } from '../../src/sandbox/faults.ts'
import { bin, freshEnvironment } from '../support/binary.ts'
import { orafi, seededRandom, temporaryFolder } from '../support/orafi.ts'
import { openShop } from '../support/shop.ts'

describe('an export that is killed again and again', () => {
  test.each(['SIGKILL', 'SIGINT'] as const)('by %s ends as one that never was', async (signal) => {
    const random = seededRandom(5)
    let pages = 0
    let onPage = (): void => undefined
    const next: NextFault = () => {
      pages += 1
      onPage()
      return undefined
    }
    const shop = await openShop(2000, { faults: { next } })
    const { stdout: expected } = await orafi('customers export --json', shop.test)
    const all = pages
    const env = await freshEnvironment({ ORAFI_API_KEY: shop.test.key ?? '', ORAFI_BASE_URL: shop.url })
    const folder = await temporaryFolder()
    const file = join(folder, 'customers.json')
    for (let left = all, flags: string[] = []; left > 0; ) {
      const child = execa(process.execPath, [bin, 'customers', 'export', file, ...flags], {
        env,
        reject: false,
      })
      const target = pages + 2 + Math.floor(random() * 6)
      onPage = () => {
        if (pages === target) child.kill(signal)
      }
      const { exitCode } = await child
      if (exitCode === 0) break
      const names = await readdir(folder)
      expect(names).not.toContain('customers.json')
      // The first pages may not have come before it ended.
      flags = names.includes('customers.json.part.log') ? ['--resume'] : []
      left -= 1
    }
    expect(await readFile(file, 'utf8')).toBe(expected)
    expect(await readdir(folder)).toEqual(['customers.json'])
  })
})
