import { constants } from 'node:os'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exitCodeOf } from '../src/errors.ts'
import { main } from '../src/main.ts'
import type { World } from '../src/world.ts'
import { createClock, realTimer } from './support/clock.ts'
import { createJob } from './support/job.ts'
import { testTime } from './support/orafi.ts'

/** `orafi --version` and the like, on a standard output that fails with this error. */
async function failing(
  error: unknown,
  argv: readonly string[],
  env: World['env'] = {},
): Promise<{ code: number; stderr: string }> {
  let stderr = ''
  const clock = createClock(testTime)
  const world: World = {
    stdin: process.stdin,
    stdout: { isTTY: false, columns: undefined, write: () => Promise.reject(error) },
    stderr: {
      isTTY: false,
      columns: undefined,
      async write(text) {
        stderr += text
      },
    },
    terminal: async () => undefined,
    env: { ORAFI_CONFIG_DIR: '/nowhere', ORAFI_STATE_DIR: '/nowhere', ...env },
    now: clock.now,
    random: () => 0.5,
    sleep: clock.sleep,
    timer: realTimer,
    pause: async () => undefined,
    signal: new AbortController().signal,
    hurry: new AbortController().signal,
    job: createJob().job,
    owner: { pid: process.pid, host: 'shop-desk', user: 'ada' },
    platform: 'linux',
    nodeVersion: '20.20.0',
  }
  const code = await main(argv, world)
  return { code, stderr }
}

const systemCodes = [
  ...Object.keys(constants.errno),
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'UND_ERR_SOCKET',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
  'ERR_FS_FILE_TOO_LARGE',
  'ERR_STRING_TOO_LONG',
  'ERR_BUFFER_TOO_LARGE',
  'ERR_MEMORY_ALLOCATION_FAILED',
  'Z_BUF_ERROR',
  'ERR_STREAM_PREMATURE_CLOSE',
]
const commands = [['--version'], ['help', 'exit-codes'], ['completion', 'bash'], ['commands', '--json']]

describe('system errors are expected, and reported plainly', () => {
  test('whatever its code, its text, its call and its path', async () => {
    const errors = fc.record({
      code: fc.constantFrom(...systemCodes),
      message: fc.oneof(fc.constant(''), fc.string({ unit: 'binary' })),
      syscall: fc.option(fc.constantFrom('write', 'open', 'connect', 'getaddrinfo'), { nil: undefined }),
      path: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
    })
    await fc.assert(
      fc.asyncProperty(errors, fc.constantFrom(...commands), async ({ message, ...facts }, argv) => {
        const { code, stderr } = await failing(Object.assign(new Error(message), facts), argv)
        expect(stderr).not.toContain('should not happen')
        expect([exitCodeOf('local_error'), exitCodeOf('unavailable')]).toContain(code)
        expect(stderr).toMatch(
          argv.includes('--json') ? /^\{"error":.*"hint":"[^"]/ : /^error: .+\nhint: .+\n$/,
        )
        expect(stderr).not.toMatch(/[^\P{Cc}\n]/u)
        expect(stderr).not.toContain('    at ')
      }),
      { numRuns: 300 },
    )
  })

  test.each(systemCodes)('%s', async (code) => {
    const { stderr } = await failing(Object.assign(new Error(`${code}: so it is`), { code }), ['--version'])
    expect(stderr).toMatch(/^error: (system error: |network error: |out of memory\n)/)
  })

  test.each([
    ['Invalid string length', 'memory'],
    ['Array buffer allocation failed', 'memory'],
    ['Map maximum size exceeded', 'memory'],
    ['WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory for new instance', 'memory'],
  ])('%s', async (message, word) => {
    const { code, stderr } = await failing(new RangeError(message), ['--version'])
    expect(code).toBe(1)
    expect(stderr).toMatch(new RegExp(`^error: .*${word}.*\nhint: `))
  })

  test('with its own error code, where a script reads it', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
      syscall: 'write',
    })
    const { code, stderr } = await failing(full, ['commands', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'local_error',
        message: 'system error: the disk is full (write)',
        hint: 'make room on the disk, then try again',
      },
    })
  })

  test('as a folder that is gone, where it was removed under the command', async () => {
    const gone = Object.assign(new Error('ENOENT: process.cwd failed with error no such file or directory'), {
      code: 'ENOENT',
      syscall: 'uv_cwd',
    })
    const { code, stderr } = await failing(gone, ['--version'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('the current folder no longer exists')])
  })

  test('as unavailable where it was the network', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    const { code, stderr } = await failing(refused, ['--version'])
    expect([code, stderr]).toEqual([5, expect.stringContaining('connection refused')])
  })
})

test.each([new TypeError('x is not a function'), new RangeError('Maximum call stack'), 'a text', undefined])(
  'a mistake of ours is called one: %s',
  async (thrown) => {
    const { code, stderr } = await failing(thrown, ['--version'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: unexpected error: /)
  },
)

describe('where an error was thrown', () => {
  const bug = new Error('a bug')

  test.each([
    [['help', 'exit-codes', '--debug'], {}],
    [['help', 'exit-codes'], { ORAFI_DEBUG: '1' }],
    [['help', 'exit-codes'], { ORAFI_DEBUG: 'TRUE' }],
  ])('is shown with --debug and ORAFI_DEBUG', async (argv, env) => {
    expect((await failing(bug, argv, env)).stderr).toMatch(/^debug: Error: a bug\n {4}at /)
  })

  test.each([
    [['help', 'exit-codes'], {}],
    [['help', 'exit-codes'], { ORAFI_DEBUG: '0' }],
  ])('is shown with neither', async (argv, env) => {
    expect((await failing(bug, argv, env)).stderr).not.toContain('    at ')
  })
})
