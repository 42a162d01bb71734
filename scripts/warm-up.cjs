'use strict'
// Runs the most used commands in one process and writes V8's code of what they used (scripts/code-cache.js).
const fs = require('node:fs')
const path = require('node:path')
const process = require('node:process')
const v8 = require('node:v8')

const { main, worldOf, scripts, cacheFolder } = require('../dist/load.cjs')

/** The sandbox stands in for the API; its own code is in the cache too, which costs little. */
const commands = [
  ['--version'],
  ['--help'],
  ['customers', 'list', '--help'],


  ['customers', 'get', 'cmsb8s7a500006a50yu5k3lgx', '--sandbox', '--live', '--json'],
]

async function warmUp() {
  const { ...world } = worldOf(process)
  // Node 22.1 and newer keep compiled code themselves.
  if (scripts.size === 0) return
  const silent = { isTTY: false, columns: 80, write: async () => undefined }
  for (const argv of commands) await main(argv, { ...world, stdout: silent, stderr: silent })
  // A cache is refused under other V8 flags than it was made under, and the client sets one before it connects.
  v8.setFlagsFromString('--no-liftoff-only')
  fs.mkdirSync(cacheFolder, { recursive: true })
  for (const [name, script] of scripts) fs.writeFileSync(path.join(cacheFolder, name), script.createCachedData())
}

warmUp().then(
  () => {
    process.exitCode = 0
  },
  (error) => {
    process.exitCode = 1
    throw error
  },
)
