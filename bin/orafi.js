#!/usr/bin/env node
'use strict'
const { writeSync } = require('node:fs')
const process = require('node:process')

process.on('uncaughtException', giveUp)
const { main, worldOf } = built()

main(process.argv.slice(2), worldOf(process)).then((code) => {
  process.exitCode = code
})

function built() {
  try {
    return require('../dist/load.cjs')
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND' && error.code !== 'ENOENT') throw error
    process.stderr.write(
      'error: orafi is not built: there is no dist/\nhint: run `npm run build` in its folder\n',
    )
    process.exit(1)
  }
}

/**
 * What nobody caught: said like every other error, without a stack trace. Where no more files can be opened (ulimit -n)
 * code that is loaded when it is first used fails anywhere, so this uses nothing that has to be loaded.
 */
function giveUp(error) {
  const args = process.argv
  const tooMany = error?.code === 'EMFILE' || error?.code === 'ENFILE'
  const message = tooMany ? 'too many files are open' : `this should not happen: ${error?.message ?? error}`
  const hint = tooMany
    ? 'raise the limit, for example: ulimit -n 1024'
    : 'run it again with --debug and report what it shows'
  const told = { code: 'local_error', message, hint }
  const isJson = args.includes('--json') || args.includes('--ndjson')
  const debug = args.includes('--debug') ? `debug: ${error?.stack}\n` : ''
  writeSync(
    2,
    debug + (isJson ? `${JSON.stringify({ error: told })}\n` : `error: ${message}\nhint: ${hint}\n`),
  )
  process.exit(1)
}
