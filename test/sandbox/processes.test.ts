import { execFile, spawn } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../storage/folder.ts'
import { compiledScript } from '../support/script.ts'
import { openStore } from './orafi-like.ts'

const writer = compiledScript('test/sandbox/writer.ts')
const filler = compiledScript('test/sandbox/filler.ts')

/** Runs the writer; `kill`: after how many answered creates it gets SIGKILL. Resolves with the ids it answered. */
function write(folder: string, name: string, times: number, kill?: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [writer, folder, name, String(times)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.setEncoding('utf8')
    child.stdout.on('data', (piece: string) => {
      text += piece
      if (kill !== undefined && text.split('\n').length > kill) child.kill('SIGKILL')
    })
    child.on('error', reject)
    child.on('close', () => resolve(text.split('\n').filter((id) => id.length === 25)))
  })
}

test('concurrent processes, some of them killed, lose no answered change', async () => {
  const folder = temporaryFolder()
  const answered = await Promise.all([
    write(folder, 'a', 60),
    write(folder, 'b', 60),
    write(folder, 'c', 60, 40),
    write(folder, 'd', 60, 90),
  ])
  const store = await openStore({ folder, sleep: (ms) => wait(ms) })
  const [a, b, c, d] = answered.map((ids) => ids.length) as [number, number, number, number]
  expect([a, b]).toEqual([300, 300])
  expect(c).toBeGreaterThanOrEqual(40)
  for (const id of answered.flat()) expect(store.get(id, 'test')?.id).toBe(id)
  expect(new Set(answered.flat()).size).toBe(a + b + c + d)
  // What was killed had at most its last five unanswered.
  expect(store.count).toBeGreaterThanOrEqual(250 + a + b + c + d)
  expect(store.count).toBeLessThanOrEqual(250 + a + b + c + d + 10)
  await store.create({ firstname: 'A', lastname: 'B', email: 'a@b.co', mode: ['test'] })
}, 30_000)

test.runIf(process.platform === 'linux')(
  'a disk that is full refuses creates, and only what was answered is there',
  async () => {
    const folder = temporaryFolder()
    // No file may grow beyond 32 KiB; without the trap the signal that says so ends the process.
    const line = 'trap "" XFSZ; ulimit -f 32; exec "$0" "$@"'
    const { stdout } = await promisify(execFile)('bash', ['-c', line, process.execPath, filler, folder])
    const { refusals, count } = JSON.parse(stdout)
    expect(refusals).toHaveLength(60)
    expect(refusals[0]).toContain('cannot write')
    expect(count).toBe(260)
    const store = await openStore({ folder })
    expect(store.count).toBe(260)
  },
)
