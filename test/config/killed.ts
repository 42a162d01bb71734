// A process of its own that is killed while it stores a key: killed.ts FOLDER KEY
// It ends just before conf gives its temporary file the name of the config file, as kill -9 or a power cut might.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'

const [folder = '', key = ''] = process.argv.slice(2)
const rename = fs.renameSync
fs.renameSync = (from, to) => {
  if (String(to).endsWith('config.json')) process.kill(process.pid, 'SIGKILL')
  rename(from, to)
}
syncBuiltinESMExports()

const { changeStore } = await import('../../src/config/store.ts')
const { withKey } = await import('../../src/config/profiles.ts')
const world = {
  owner: { pid: process.pid, host: 'shop-desk', user: 'ada' },
  now: Date.now,
  sleep: (ms: number) => sleep(ms),
  signal: new AbortController().signal,
}
const stored = { key, baseUrl: 'https://api.orafi.app', savedAt: 7, verified: true }
await changeStore(folder, world, (data) => withKey(data, { profile: 'killed', mode: 'test', stored }))
