#!/usr/bin/env node
'use strict'
const { lstatSync, mkdirSync, writeSync } = require('node:fs')
const { enableCompileCache } = require('node:module')
const { isAbsolute, join } = require('node:path')
const process = require('node:process')

process.on('uncaughtException', giveUp)
const isDebug = process.argv.includes('--debug') || /^(?:1|true)$/i.test(process.env.ORAFI_DEBUG ?? '')
if (isDebug) process.setSourceMapsEnabled(true)
const cache = cacheFolder()
if (cache !== undefined) enableCompileCache(cache)
const { main, worldOf } = load()

// Node would exit with 0 if nothing is left to wait for, even though the command is not done.
const neverEnded = () => giveUp(new Error('the command did not finish'))
process.once('beforeExit', neverEnded)
main(process.argv.slice(2), worldOf(process)).then((code) => {
  process.off('beforeExit', neverEnded)
  process.exitCode = code
})

function load() {
  try {
    return { ...require('../dist/main.js'), ...require('../dist/world.js') }
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND' && error.code !== 'ENOENT') throw error
    process.stderr.write(
      'error: orafi is not built: there is no dist/\nhint: run `npm run build` in its folder\n',
    )
    process.exit(1)
  }
}

/**
 * Where Node (from 22.1 on) keeps what it compiled, so that the next start is faster: a folder that nobody but this
 * user can write to, since what is in it is run. Undefined where there is none and none can be made.
 */
function cacheFolder() {
  const { env, platform } = process
  // With NODE_COMPILE_CACHE Node has begun to keep it elsewhere already.
  if (enableCompileCache === undefined || env.NODE_COMPILE_CACHE || env.NODE_DISABLE_COMPILE_CACHE) return
  const home = env.HOME && join(env.HOME, platform === 'darwin' ? 'Library/Caches' : '.cache')
  const caches = platform === 'win32' ? env.LOCALAPPDATA : env.XDG_CACHE_HOME || home
  if (!caches || !isAbsolute(caches)) return
  const folder = join(caches, 'orafi')
  // One level at a time: below /proc a recursive mkdir never returns.
  const found = statOf(folder) ?? made(folder) ?? (made(caches) && made(folder))
  const isOurs = platform === 'win32' || (found?.uid === process.getuid() && (found.mode & 0o022) === 0)
  return found?.isDirectory() && isOurs ? folder : undefined
}

function statOf(path) {
  try {
    return lstatSync(path)
  } catch {
    return undefined
  }
}

function made(folder) {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch {
    // Another start may have made it meanwhile.
  }
  return statOf(folder)
}

/**
 * Prints an uncaught error like every other error, without a stack trace. If no more files can be opened (ulimit -n),
 * code that is loaded on first use fails anywhere, so this uses only what is loaded already.
 */
function giveUp(error) {
  const args = process.argv
  const tooMany = error?.code === 'EMFILE' || error?.code === 'ENFILE'
  const message = tooMany ? 'too many files are open' : `this should not happen: ${error?.message ?? error}`
  const hint = tooMany
    ? 'raise the limit, for example: ulimit -n 1024'
    : 'this is a bug in orafi; run it again with --debug and report the output'
  const reported = { code: 'local_error', message, hint }
  const isJson = args.includes('--json') || args.includes('--ndjson')
  const debug = isDebug ? `debug: ${error?.stack}\n` : ''
  writeSync(
    2,
    debug + (isJson ? `${JSON.stringify({ error: reported })}\n` : `error: ${message}\nhint: ${hint}\n`),
  )
  process.exit(1)
}
