#!/usr/bin/env node
'use strict'
const process = require('node:process')
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
