'use strict'
// Copied to dist/load.cjs: hands over what bin/orafi.js needs of the bundle, as fast as this Node can.
//
// Most of a start is V8 compiling. From Node 22.1 on Node keeps compiled code itself; before, the code cache that the
// build made is used, if it was made by this V8 (V8 refuses any other, and then the code is compiled as ever).
const fs = require('node:fs')
const Module = require('node:module')
const path = require('node:path')
const vm = require('node:vm')

const cacheFolder = path.join(__dirname, `code-cache-${process.versions.v8}-${process.arch}`)
/** Scripts as they were compiled, for the build to make the cache of. */
const scripts = new Map()
const modules = new Map()
const nodeKeepsCode = Module.enableCompileCache !== undefined
if (nodeKeepsCode) Module.enableCompileCache()

function cachedCode(name) {
  try {
    return fs.readFileSync(path.join(cacheFolder, name))
  } catch {
    return undefined
  }
}

/** What a file of dist/ exports: functions that are modules, by their names. */
function read(name) {
  const filename = path.join(__dirname, name)
  if (nodeKeepsCode) return require(filename)
  // The bundle is ASCII, which is read fastest as latin1.
  const source = fs.readFileSync(filename, 'latin1')
  const script = new vm.Script(source, { filename, cachedData: cachedCode(name) })
  scripts.set(name, script)
  return script.runInThisContext()
}

/** Files that hold many modules, in the order in which commands need them (scripts/build.js). */
const unread = ['first.js', 'start.js', 'call.js', 'more.js']
const functions = {}

function moduleNamed(name) {
  while (functions[name] === undefined && unread.length > 0) {
    // Packages that few need are in files of their own.
    if (unread.length === 1 && !name.startsWith('src/')) break
    Object.assign(functions, read(unread.shift()))
  }
  return functions[name] ?? read(name)[name]
}

/** A module of ours, a bundled package or the bytes of a file; everything else is Node's own. */
function load(name) {
  if (name.endsWith('.wasm')) return fs.readFileSync(path.join(__dirname, name))
  if (!name.startsWith('src/') && !name.endsWith('.js')) return require(name)
  const loaded = modules.get(name)
  if (loaded !== undefined) return loaded.exports
  const module = { exports: {} }
  modules.set(name, module)
  moduleNamed(name)(module, module.exports, load)
  return module.exports
}

const { main } = load('src/main.ts')
const { worldOf } = load('src/world.ts')
module.exports = { main, worldOf, cacheFolder, scripts, modules }
