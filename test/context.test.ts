import { PassThrough } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createContext } from '../src/context.ts'
import { createClock, realTimer } from './support/clock.ts'
import { createJob } from './support/job.ts'
import { seededRandom, testTime } from './support/orafi.ts'

test('resources are closed in reverse order, even if closing one of them fails, which is reported', async () => {
  const silent = { isTTY: false, columns: undefined, write: async () => undefined }
  const world = {
    ...createClock(testTime),
    stdin: new PassThrough(),
    stdout: silent,
    stderr: silent,
    terminal: async () => undefined,
    env: {},
    random: seededRandom(),
    timer: realTimer,
    pause: setImmediate,
    signal: new AbortController().signal,
    hurry: new AbortController().signal,
    job: createJob().job,
    owner: { pid: 1, host: 'shop-desk', user: 'ada' },
    platform: 'linux',
    nodeVersion: '20.20.0',
  }
  const options = { timeout: 30, retries: 3, input: true, color: true }
  const context = createContext(world, options, {
    prints: 'report',
    argv: [],
    version: '0.0.0',
    hideWith: () => undefined,
  })
  const ended: string[] = []
  context.onClose(async () => void ended.push('first'))
  context.onClose(async () => {
    throw new Error('the disk is full')
  })
  context.onClose(async () => void ended.push('last'))
  await expect(context.close()).rejects.toThrow('the disk is full')
  expect(ended).toEqual(['last', 'first'])
})
