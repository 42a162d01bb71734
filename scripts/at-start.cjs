'use strict'
// Prints which modules of dist/ a start needs, those that every help needs among them (scripts/build.js).
const process = require('node:process')
const { main, worldOf, modules } = require('../dist/load.cjs')

const silent = { isTTY: false, columns: 80, write: async () => undefined }
const world = { ...worldOf(process), stdout: silent, stderr: silent, env: {} }
main(['--help'], world).then(() => process.stdout.write(JSON.stringify([...modules.keys()])))
