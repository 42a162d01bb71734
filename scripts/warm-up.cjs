'use strict'
// Runs the commands that are started most in one process. Prints which modules of dist/ each level of a start runs
// more than the one before (scripts/build.js); with --keep it also keeps V8's code of them (dist/load.cjs).
const fs = require('node:fs')
const http = require('node:http')
const path = require('node:path')
const process = require('node:process')
const v8 = require('node:v8')

// V8 refuses code that was kept under other flags than it runs with, and the client sets one.
v8.setFlagsFromString = () => undefined

const { main, worldOf, modules, scripts, shipped } = require('../dist/load.cjs')

const key = `ora_test_${'0'.repeat(32)}`
const customer = {
  id: 'c_1',
  firstname: 'A',
  lastname: 'B',
  email: 'a@b.example',
  mode: ['test'],
  totalSpent: 0,
}

/** The commands of each level (scripts/build.js), with the key where one is needed. */
const levels = [
  [{ argv: ['--version'] }, { argv: ['--help'] }],
  [{ argv: ['customers', 'get', '--help'] }],
  [
    { argv: ['customers', 'get', 'c_1', '--json'], env: { ORAFI_API_KEY: key } },
    { argv: ['customers', 'get', 'c_1', '--json'] },
    { argv: ['customers', 'list'] },
  ],
  [{ argv: ['customers', '--help'] }],
]

/** Answers one customer to everything. */
function serve() {
  const server = http.createServer((request, answer) => {
    const data = request.url.startsWith('/customers?') ? [customer] : customer
    answer.setHeader('content-type', 'application/json')
    answer.end(JSON.stringify({ success: true, message: 'ok', data }))
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

/** As `login` would have written it. */
function storeKey(baseUrl) {
  const stored = { key, baseUrl, savedAt: 0, verified: true }
  const profiles = { default: { readOnly: false, keys: { test: stored } } }
  const store = { v: 1, default: { profile: 'default', mode: 'test' }, profiles }
  fs.writeFileSync(path.join(process.env.ORAFI_CONFIG_DIR, 'config.json'), JSON.stringify(store))
}

async function warmUp() {
  const server = await serve()
  const baseUrl = `http://127.0.0.1:${server.address().port}`
  storeKey(baseUrl)
  const silent = { isTTY: false, columns: 80, write: async () => undefined }
  const stderr = { ...silent, write: async (text) => fs.writeSync(2, text) }
  const known = new Set()
  const loaded = []
  for (const level of levels) {
    for (const { argv, env } of level) {
      const world = { ...worldOf(process), stdout: silent, stderr }
      world.env = { ...process.env, ORAFI_BASE_URL: baseUrl, ...env }
      if ((await main(argv, world)) !== 0) throw new Error(`${argv.join(' ')} failed`)
    }
    loaded.push([...modules.keys()].filter((name) => !known.has(name)))
    for (const name of modules.keys()) known.add(name)
  }
  server.closeAllConnections()
  server.close()
  process.stdout.write(JSON.stringify(loaded))
}

function keepCode() {
  fs.mkdirSync(shipped, { recursive: true })
  for (const [name, { script }] of scripts) {
    fs.writeFileSync(path.join(shipped, `${name}.code`), script.createCachedData())
  }
}

warmUp().then(
  () => {
    if (process.argv.includes('--keep')) keepCode()
  },
  (error) => {
    process.exitCode = 1
    throw error
  },
)
