import { expect, test } from 'vitest'
import { orafi } from './support/orafi.ts'

const list = 'customers list --sandbox --mode live'

test.each([{ ACCESSIBLE: '1' }, { ACCESSIBLE: 'yes' }, { TERM: 'dumb' }, { TERM: '' }])(
  '%j: nothing but words in whole lines',
  async (env) => {
    const { stdout, stderr } = await orafi(list, { tty: true, env })
    expect(stdout).toContain('musa_bello@gmail.com')
    expect(stdout + stderr).not.toMatch(/[\x1b\r]/)
  },
)

test.each([
  {},
  { ACCESSIBLE: '' },
  { ACCESSIBLE: '0' },
  { ACCESSIBLE: 'false' },
  { ACCESSIBLE: '1', FORCE_COLOR: '1' },
])('%j: colour', async (env) => {
  expect((await orafi(list, { tty: true, env })).stdout).toContain('\x1b[')
})
