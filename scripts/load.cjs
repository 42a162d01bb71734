'use strict'
// Copied to dist/load.cjs: hands over what bin/orafi.js needs of the bundle, as fast as this Node can.
//
// Most of a start is V8 compiling. From Node 22.1 on Node keeps compiled code itself; before, the code cache that the
// build made is used, if it was made by this V8 (V8 refuses any other, and then the code is compiled as ever).
const fs = require('node:fs')
const Module = require('node:module')
const path = require('node:path')
const vm = require('node:vm')

/** Where V8's code of a file is kept. */
const codeFile = (name) =>
  path.join(__dirname, `code-cache-${process.versions.v8}-${process.arch}`, `${name}.code`)
/** Scripts as they were compiled, for the build to make the cache of. */
const scripts = new Map()
const modules = new Map()
const nodeKeepsCode = Module.enableCompileCache !== undefined
/** Undefined where Node keeps no code: before 22.1, told not to, or without a folder to write to. */
const keptCode = nodeKeepsCode ? Module.enableCompileCache().directory : undefined

function cachedCode(name) {
  try {
    return fs.readFileSync(codeFile(name))
  } catch {
    return undefined
  }
}

/** Files of which most commands run a good part (scripts/build.js). */
const wellUsed = ['one.js', 'call.js', 'tree.js']

/**
 * Node keeps what V8 compiled when a file was read, and V8 leaves most functions for later: it is told not to, where
 * that is worth the loading of Node's module for it.
 */
function wholly(filename) {
  const v8 = require('node:v8')
  v8.setFlagsFromString('--no-lazy')
  try {
    return require(filename)
  } finally {
    v8.setFlagsFromString('--lazy')
  }
}

/** What a file of dist/ exports: functions that are modules, by their names. */
function read(name) {
  const filename = path.join(__dirname, name)
  if (nodeKeepsCode)
    return keptCode !== undefined && wellUsed.includes(name) ? wholly(filename) : require(filename)
  // The bundle is ASCII, which is read fastest as latin1.
  const source = fs.readFileSync(filename, 'latin1')
  const script = new vm.Script(source, { filename, cachedData: cachedCode(name) })
  scripts.set(name, script)
  return script.runInThisContext()
}

const files = new Map()

function functionsOf(file) {
  const functions = files.get(file) ?? read(file)
  files.set(file, functions)
  return functions
}

/** What every start needs, and in which file other modules are; packages that few need are in files of their own. */
const { where } = functionsOf('first.js')

function moduleNamed(name) {
  const file = where[name] ?? (name.startsWith('src/') ? 'more.js' : name)
  return functionsOf(file)[name]
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
module.exports = { main, worldOf, codeFile, scripts, modules }
