// A process of its own that creates customers and says which: writer.ts FOLDER NAME TIMES
import { writeSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { openSandboxStore } from '../../src/sandbox/store.ts'

const [folder = '', name = '', times = '0'] = process.argv.slice(2)
const store = await openSandboxStore({
  folder,
  owner: { pid: process.pid, host: 'here', user: 'tester' },
  now: () => 1_764_000_000_000,
  sleep: (ms) => wait(ms),
})
for (let n = 0; n < Number(times); n++) {
  const customers = Array.from({ length: 5 }, (_, k) => `${name}${n}.${k}@example.com`)
  const create = (email: string) => store.create({ firstname: name, lastname: 'W', email, mode: ['test'] })
  for (const { id } of await Promise.all(customers.map(create))) writeSync(1, `${id}\n`)
}
await store.close()
