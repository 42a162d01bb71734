'use strict'
// Runs the commands that are started most in one process and writes V8's code of what they used (dist/load.cjs).
const fs = require('node:fs')
const http = require('node:http')
const path = require('node:path')
const process = require('node:process')
const v8 = require('node:v8')

// V8 refuses code that was kept under other flags than it runs with, and the client sets one.
v8.setFlagsFromString = () => undefined

const { main, worldOf, scripts, cacheFolder } = require('../dist/load.cjs')

const customer = {
  id: 'c_1',
  firstname: 'A',
  lastname: 'B',
  email: 'a@b.example',
  mode: ['test'],
  totalSpent: 0,
}
const commands = [
  ['--help'],
  ['customers', 'list', '--help'],
  ['customers', 'get', 'c_1', '--json'],
  ['customers', 'list'],
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

const sizeOf = (name) => fs.statSync(path.join(__dirname, '..', 'dist', name)).size

async function warmUp() {
  // Node 22.1 and newer keep compiled code themselves.
  if (scripts.size === 0) return
  const server = await serve()
  const silent = { isTTY: false, columns: 80, write: async () => undefined }
  const env = {
    ...process.env,
    ORAFI_API_KEY: `ora_test_${'0'.repeat(32)}`,
    ORAFI_BASE_URL: `http://127.0.0.1:${server.address().port}`,
  }
  const world = { ...worldOf(process), env, stdout: silent, stderr: silent }
  for (const argv of commands)
    if ((await main(argv, world)) !== 0) throw new Error(`${argv.join(' ')} failed`)
  server.closeAllConnections()
  server.close()
  fs.mkdirSync(cacheFolder, { recursive: true })
  for (const [name, script] of scripts) {
    // What most of the time goes to; the rest would double the size of the package for little.
    const worthKeeping = name === 'start.js' || (name.startsWith('chunk-') && sizeOf(name) > 100_000)
    if (worthKeeping) fs.writeFileSync(path.join(cacheFolder, name), script.createCachedData())
  }
}

warmUp().catch((error) => {
  process.exitCode = 1
  throw error
})
