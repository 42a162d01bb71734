// A process of its own that counts up under a lock: contender.ts FOLDER TIMES [die]
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { waitForLock } from '../../src/storage/lock.ts'

const [folder = '', times = '0', end] = process.argv.slice(2)
const owner = { pid: process.pid, host: 'here', user: 'tester' }
const options = { owner, what: 'counting', now: () => Date.now() }
for (let turn = 0; turn < Number(times); turn++) {
  const lock = await waitForLock(join(folder, 'lock'), options, {
    sleep: (ms) => sleep(ms),
    maxWaitMs: 20_000,
  })
  appendFileSync(join(folder, 'visits'), `in ${process.pid}\n`)
  const count = Number(readFileSync(join(folder, 'count'), 'utf8'))
  await sleep(0)
  if (end === 'die' && turn === Number(times) - 1) process.kill(process.pid, 'SIGKILL')
  writeFileSync(join(folder, 'count'), String(count + 1))
  appendFileSync(join(folder, 'visits'), `out ${process.pid}\n`)
  await lock.release()
}
