'use strict'
// Copied to dist/keep.cjs.
const fs = require('node:fs')
const path = require('node:path')
const process = require('node:process')
const v8 = require('node:v8')

/** Code of other builds that was kept so long ago belongs to a version that was replaced (ms). */
const old = 30 * 86_400_000

/**
 * Writes V8's code of a script, the names of the modules that it holds, their length in bytes and a sum of the code:
 * whole or not at all. That it cannot be written is no matter.
 */
module.exports = (file, script, ran, sumOf) => {
  const folder = path.dirname(file)
  const names = Buffer.from([...ran].join('\n'), 'latin1')
  const part = `${file}.${Math.random().toString(36).slice(2)}`
  // The flag that src/api/engine.ts sets: V8 refuses code that was kept under other flags than it starts with.
  if (Number.parseInt(process.versions.node, 10) < 22) v8.setFlagsFromString('--wasm-tiering-budget=1800000')
  try {
    if (!fs.existsSync(file)) forgetOld(folder)
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    const code = script.createCachedData()
    const ending = Buffer.alloc(8)
    ending.writeUInt32LE(names.length)
    ending.writeInt32LE(sumOf(code), 4)
    // On the disk before it has its name.
    fs.writeFileSync(part, Buffer.concat([code, names, ending]), { mode: 0o600, flag: 'wx', flush: true })
    fs.renameSync(part, file)
  } catch {
    fs.rmSync(part, { force: true })
  }
}

function forgetOld(folder) {
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
    const file = path.join(folder, name)
    if (name.startsWith('orafi-') && Date.now() - fs.statSync(file).mtimeMs > old) fs.rmSync(file)
  }
}
