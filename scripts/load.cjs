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
  const source = `(function(module){${fs.readFileSync(filename, 'latin1')}})`
  const script = new vm.Script(source, { filename, cachedData: cachedCode(name) })
  scripts.set(name, script)
  const file = { exports: {} }
  script.runInThisContext()(file)
  return file.exports
}

/** What every start needs, our other modules, and packages in files of their names. */
const start = read('start.js')
let more

function moduleNamed(name) {
  if (start[name] !== undefined) return start[name]
  if (!name.startsWith('src/')) return read(name)[name]
  more ??= read('more.js')
  return more[name]
}

function load(name) {
  const loaded = modules.get(name)
  if (loaded !== undefined) return loaded.exports
  const module = { exports: {} }
  modules.set(name, module)
  moduleNamed(name)(module, module.exports, (id) =>
    id.startsWith('node:') || Module.isBuiltin(id) ? require(id) : load(id),
  )
  return module.exports
}

const { main } = load('src/main.ts')
const { worldOf } = load('src/world.ts')
module.exports = { main, worldOf, cacheFolder, scripts, modules }
