'use strict'
// Becomes dist/load.cjs: hands over what bin/orafi.js needs of the bundle, as fast as this Node can.
//
// Most of a start is V8 compiling. Of the files that most commands use, V8's code is kept as it was after they had
// run: it holds what is run, and nothing else. For its own V8 the build keeps it, and it is shipped. Any other V8
// refuses that, so what it compiled is kept in a folder of caches. Files that few commands use are left to Node's
// compile cache, where there is one (from Node 22.1 on): it keeps what V8 compiles when a file is read, and V8 leaves
// most functions for later.
const fs = require('node:fs')
const vm = require('node:vm')

const shipped = `${__dirname}/code-cache-${process.versions.v8}-${process.arch}`
const isShipped = fs.existsSync(shipped)
const caches = isShipped ? undefined : folderOfCaches()
/** Of the source that kept code belongs to V8 checks the length alone. */
const build = 'the build puts its own here'
/** Files of which most commands run a good part (scripts/build.js). */
const wellUsed = ['first.js', 'one.js', 'call.js', 'tree.js']
/** Scripts by their files, each with the modules that had run when its code was kept, and those that run now. */
const scripts = new Map()
const modules = new Map()
const files = new Map()
let nodeKeeps = false

/** Undefined where Node is told to keep nothing, and where there is no place to keep it. */
function folderOfCaches() {
  const { env, platform } = process
  if (env.NODE_DISABLE_COMPILE_CACHE) return undefined
  if (env.NODE_COMPILE_CACHE) return env.NODE_COMPILE_CACHE
  const home = env.HOME && `${env.HOME}/${platform === 'darwin' ? 'Library/Caches' : '.cache'}`
  const base = platform === 'win32' ? env.LOCALAPPDATA : env.XDG_CACHE_HOME || home
  return base && `${base}/orafi`
}

function keptFile(name) {
  return `${caches}/orafi-${build}-${process.versions.v8}-${process.arch}-${name}.code`
}

function bytesOf(file) {
  try {
    return fs.readFileSync(file)
  } catch {
    return undefined
  }
}

/**
 * A sum over one word in sixty-four. V8 does not look whether code is damaged, and ends the process where it is; a
 * block that the disk lost shows in it.
 */
function sumOf(code) {
  let sum = code.length
  for (let at = 0; at + 4 <= code.length; at += 256) sum = (Math.imul(sum, 31) + code.readInt32LE(at)) | 0
  return sum
}

/** V8's code of a file and the modules that had run by then, as scripts/keep.cjs writes them. */
function keptCode(name) {
  if (isShipped) return { code: bytesOf(`${shipped}/${name}.code`), ran: [] }
  const bytes = caches && bytesOf(keptFile(name))
  const names = bytes?.length > 8 ? bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8) : -1
  const code = names > 0 ? bytes.subarray(0, names) : undefined
  if (code === undefined || sumOf(code) !== bytes.readInt32LE(bytes.length - 4)) return { ran: [] }
  return { code, ran: bytes.latin1Slice(names, bytes.length - 8).split('\n') }
}

function readByNode(filename) {
  if (!nodeKeeps && caches !== undefined) letNodeKeep()
  nodeKeeps = true
  return require(filename)
}

/** Node would make the folder for everybody to look into. */
function letNodeKeep() {
  const { enableCompileCache } = require('node:module')
  if (enableCompileCache === undefined) return
  try {
    fs.mkdirSync(caches, { recursive: true, mode: 0o700 })
    enableCompileCache(caches)
  } catch {
    // Without a place nothing is kept.
  }
}

/** What a file of dist/ exports: functions that are modules, by their names. */
function read(name) {
  const filename = `${__dirname}/${name}`
  if (!wellUsed.includes(name)) return readByNode(filename)
  // The bundle is ASCII, which is read fastest as latin1.
  const source = fs.readFileSync(filename, 'latin1')
  const { code, ran } = keptCode(name)
  const script = new vm.Script(source, { filename, cachedData: code })
  scripts.set(name, { script, ran, now: [] })
  return script.runInThisContext()
}

function functionsOf(file) {
  const functions = files.get(file) ?? read(file)
  files.set(file, functions)
  return functions
}

/** What every start needs, and in which file other modules are; packages that few need are in files of their own. */
const { where } = functionsOf('first.js')

function moduleNamed(name) {
  const file = where[name] ?? (name.startsWith('src/') ? 'more.js' : name)
  const functions = functionsOf(file)
  scripts.get(file)?.now.push(name)
  return functions[name]
}

/** A module of ours, a bundled package or the bytes of a file; everything else is Node's own. */
function load(name) {
  if (name.endsWith('.wasm')) return fs.readFileSync(`${__dirname}/${name}`)
  if (!name.startsWith('src/') && !name.endsWith('.js')) return require(name)
  const loaded = modules.get(name)
  if (loaded !== undefined) return loaded.exports
  const module = { exports: {} }
  modules.set(name, module)
  moduleNamed(name)(module, module.exports, load)
  return module.exports
}

/** V8 forgets code that was not run for long. */
const shortRun = 10

/** Keeps V8's code where there is none, and where more was run by now than it holds. */
function keepCode() {
  if (caches === undefined || process.uptime() > shortRun) return
  for (const [name, { script, ran, now }] of scripts) {
    if (script.cachedDataRejected === false && now.every((module) => ran.includes(module))) continue
    require('./keep.cjs')(keptFile(name), script, new Set([...ran, ...now]), sumOf)
  }
}

const { main } = load('src/main.ts')
const { worldOf } = load('src/world.ts')
module.exports = {
  async main(argv, world) {
    const code = await main(argv, world)
    keepCode()
    return code
  },
  worldOf,
  load,
  scripts,
  shipped,
  modules,
}
