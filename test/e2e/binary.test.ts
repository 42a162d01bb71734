import { mkdir, readdir, readFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bin, binary, freshEnvironment } from '../support/binary.ts'
import { openShop } from '../support/shop.ts'

describe('the built program', () => {
  test('does what the first line of the README says', async () => {
    const env = await freshEnvironment()
    const line = 'customers list --sandbox --mode live --spent ABOVE500USDT'.split(' ')
    const plain = await binary(line, env)
    expect(plain.exitCode).toBe(0)
    expect(plain.stdout.split('\n').filter(Boolean).length).toBeGreaterThan(1)
    const json = await binary([...line, '--json'], env)
    const { data } = JSON.parse(json.stdout)
    expect(data.length).toBeGreaterThan(1)
    for (const customer of data) {
      expect(customer.totalSpent).toBeGreaterThan(500)
      expect(customer.mode).toContain('live')
    }
  })

  test('the sandbox lasts from one command to the next, and two at once lose nothing', async () => {
    const env = await freshEnvironment()
    const create = (name: string) =>
      binary(
        [
          'customers',
          'create',
          '--sandbox',
          '--firstname',
          name,
          '--lastname',
          'O',
          '--email',
          `${name}@x.example`,
        ],
        env,
      )
    const made = await Promise.all(['a', 'b', 'c', 'd'].map(create))
    expect(made.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0])
    const { stdout } = await binary(['customers', 'list', '--sandbox', '--all', '--fields', 'email'], env)
    expect(stdout.match(/^[abcd]@x\.example$/gm)).toHaveLength(4)
  })

  test('3 MB of JSON reach a slow reader whole', async () => {
    const shop = await openShop(12_000)
    const env = await freshEnvironment({ ORAFI_API_KEY: shop.live.key ?? '', ORAFI_BASE_URL: shop.url })
    const { stdout } = await execa({
      shell: '/bin/sh',
      env,
    })`node ${bin} customers list --all --json | (sleep 0.5; cat)`
    expect(JSON.parse(stdout).data.length).toBeGreaterThan(3000)
  })

  test('head -1 ends it quietly with 0', async () => {
    const shop = await openShop(1000)
    const env = await freshEnvironment({ ORAFI_API_KEY: shop.test.key ?? '', ORAFI_BASE_URL: shop.url })
    const script = `node ${bin} customers list --all --ndjson > >(head -1 >/dev/null); echo $?`
    const { stdout, stderr } = await execa('bash', ['-c', script], { env })
    expect(stdout).toBe('0')
    expect(stderr).toBe('')
  })

  test('a key from the environment needs no home folder, and makes no file', async () => {
    const shop = await openShop(3)
    const home = (await freshEnvironment()).HOME ?? ''
    const env = { HOME: home, ORAFI_API_KEY: shop.test.key ?? '', ORAFI_BASE_URL: shop.url }
    expect((await binary(['customers', 'list'], env)).exitCode).toBe(0)
    expect(await readdir(home)).toEqual([])
    const without = { ...env, HOME: '/nonexistent' }
    expect((await binary(['customers', 'list'], without)).exitCode).toBe(0)
    const refused = await binary(['customers', 'delete', 'cmjr4c7qq0000v8hozkzz4em5', '--yes'], {
      ...without,
      HOME: '/proc/1',
    })
    expect([1, 3]).toContain(refused.exitCode)
  })

  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('%s ends it with %i while a request is running', async (signal, code) => {
    const shop = await openShop(3, {
      latencyMs: 60_000,
      sleep: (_ms, aborted) => new Promise((resolve) => aborted?.addEventListener('abort', () => resolve())),
    })
    const env = await freshEnvironment({ ORAFI_API_KEY: shop.test.key ?? '', ORAFI_BASE_URL: shop.url })
    const child = execa(process.execPath, [bin, 'customers', 'list', '--debug'], { env, reject: false })
    child.stderr.once('data', () => child.kill(signal))
    const { exitCode, stderr } = await child
    expect(exitCode).toBe(code)
    expect(stderr).toContain('interrupted')
  })

  // Less than the ten seconds that connecting may take.
  test('a connection that is still being made keeps nothing waiting', { timeout: 8000 }, async () => {
    const silent = createServer()
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void silent.close())
    const { port } = silent.address() as AddressInfo
    const env = await freshEnvironment({
      ORAFI_API_KEY: `ora_test_${'0'.repeat(32)}`,
      ORAFI_BASE_URL: `https://127.0.0.1:${port}`,
    })
    const child = execa(process.execPath, [bin, 'customers', 'list'], { env, reject: false })
    silent.once('connection', (socket) => {
      socket.on('error', () => undefined)
      child.kill('SIGINT')
    })
    expect((await child).exitCode).toBe(130)
  })

  test('a damaged config file is reported with its path, and left alone', async () => {
    const env = await freshEnvironment()
    await mkdir(env.ORAFI_CONFIG_DIR ?? '', { recursive: true })
    const file = join(env.ORAFI_CONFIG_DIR ?? '', 'config.json')
    await (await import('node:fs/promises')).writeFile(file, '{"v":1,')
    const { exitCode, stderr } = await binary(['customers', 'list'], env)
    expect(exitCode).toBe(1)
    expect(stderr).toContain(file)
    expect(await readFile(file, 'utf8')).toBe('{"v":1,')
  })

  test('help is on stdout with 0, and a mistyped command suggests the nearest', async () => {
    const env = await freshEnvironment()
    expect(await binary(['customers', 'delete', '--help'], env)).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringContaining('orafi customers delete'),
    })
    const typo = await binary(['customers', 'lsit'], env)
    expect(typo.exitCode).toBe(2)
    expect(typo.stderr).toContain('Did you mean list?')
  })
})
