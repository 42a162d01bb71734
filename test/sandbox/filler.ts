// Creates ten customers, then sixty at once, which the disk refuses: filler.ts FOLDER
import { setTimeout as wait } from 'node:timers/promises'
import { openSandboxStore } from '../../src/sandbox/store.ts'

const [folder = ''] = process.argv.slice(2)
const owner = { pid: process.pid, host: 'here', user: 'tester' }
const store = await openSandboxStore({ folder, owner, now: () => 1_764_000_000_000, sleep: (ms) => wait(ms) })
const customer = {
  firstname: 'x'.repeat(700),
  lastname: 'W',
  email: 'x@example.com',
  mode: ['test'],
} as const
for (let n = 0; n < 10; n++) await store.create(customer)
const all = await Promise.allSettled(Array.from({ length: 60 }, () => store.create(customer)))
const refusals = all.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))
process.stdout.write(JSON.stringify({ refusals, count: store.count }))
