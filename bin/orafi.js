#!/usr/bin/env node
'use strict'
const process = require('node:process')
const { main, worldOf } = require('../dist/load.cjs')

main(process.argv.slice(2), worldOf(process)).then((code) => {
  process.exitCode = code
})
