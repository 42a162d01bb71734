// What undici brings along and a start can do without. Each change names the text that it replaces, and the build
// fails when a new undici has it no longer.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename } from 'node:path'

/** The parser is compiled beside the main thread while the connection is made. */
const compileBeside = `let compiled
WebAssembly.compile(require('../llhttp/llhttp_simd-wasm.js')).then((module) => { compiled = module }, () => {})`

/**
 * V8 compiles the parser's main function, which takes milliseconds, when it is first called: that is done with no bytes
 * and a parser of its own when the request has left, instead of when the answer is there.
 */
const callOnceAhead = `setImmediate(() => {
  const { llhttp_alloc, llhttp_execute, llhttp_free } = llhttpInstance.exports
  const parser = llhttp_alloc(constants.TYPE.RESPONSE)
  llhttp_execute(parser, 0, 0)
  llhttp_free(parser)
})`

/** By the file's path in undici's `lib`: what is replaced by what. */
const changes = {
  // Asked for a class that only streams of Node's own client have.
  'core/util.js': [
    ["const { IncomingMessage } = require('node:http')", ''],
    ['constructor === IncomingMessage', "constructor === require('node:http').IncomingMessage"],
  ],
  // Node's default, which undici asks Node's own HTTP client for.
  'dispatcher/client.js': [["const http = require('node:http')", 'const http = { maxHeaderSize: 16384 }']],
  'dispatcher/client-h1.js': [
    ['let extractBody', `let extractBody\n${compileBeside}`],
    ['mod = new WebAssembly.Module(', 'mod = compiled ?? new WebAssembly.Module('],
    ['llhttpInstance = lazyllhttp()', `llhttpInstance = lazyllhttp()\n${callOnceAhead}`],
  ],
}

/** By the same path: what is left of a module. */
const leftOut = (path) => `module.exports = () => { throw new Error('left out: ${basename(path)}') }`
const replaced = {
  // HTTP/2 and bodies of forms and blobs, which we never send.
  'dispatcher/client-h2.js': leftOut,
  'web/fetch/body.js': leftOut,
  // The names of a hundred headers, sorted into a tree at every start. One that is not among them is put into small
  // letters when it comes, which all are now.
  'core/constants.js': () => 'module.exports = { headerNameLowerCasedRecord: Object.create(null) }',
  'core/tree.js': () => 'module.exports = { tree: { lookup: () => undefined } }',
  // Tables of all that HTTP has, made at every start; two of them are asked.
  'llhttp/constants.js': (path) => {
    const { ERROR, TYPE } = createRequire(import.meta.url)(path)
    return `module.exports = ${JSON.stringify({ ERROR, TYPE })}`
  },
}

const parser = /undici\/lib\/llhttp\/llhttp\w*-wasm\.js$/
const parserFile = 'llhttp.wasm'
const check = `module.exports = (fits, message) => {
  if (!fits) throw message instanceof Error ? message : new Error(message ?? 'undici: this should not happen')
}`

/** The contents of a file of undici as the bundle has it; undefined for its own. */
async function contentsOf(path) {
  const name = path.slice(path.lastIndexOf('/lib/') + '/lib/'.length)
  if (replaced[name] !== undefined) return { contents: replaced[name](path) }
  if (changes[name] === undefined) return undefined
  let contents = await readFile(path, 'utf8')
  for (const [text, instead] of changes[name]) {
    if (!contents.includes(text)) throw new Error(`${name} of undici holds no ${text} any more`)
    contents = contents.replace(text, () => instead)
  }
  return { contents }
}

/** An esbuild plugin; `keep` is handed the name and the bytes of a file that is to stand beside the bundle. */
export function leanUndici(keep) {
  return {
    name: 'lean-undici',
    setup({ onLoad, onResolve }) {
      // Bytes in a file of their own, instead of base64 in a script; once: without SIMD they work everywhere.
      onLoad({ filter: parser }, async ({ path }) => {
        const text = await readFile(path.replace('llhttp_simd-', 'llhttp-'), 'utf8')
        const [, base64] = /wasmBase64 = '([^']+)'/.exec(text)
        keep(parserFile, Buffer.from(base64, 'base64'))
        return { contents: `module.exports = require("./${parserFile}")` }
      })
      onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path, external: true }))
      onLoad({ filter: /\/undici\/lib\/.*\.js$/ }, ({ path }) => contentsOf(path))
      // Node's assert brings a comparer and a differ; undici only asks whether something is so.
      onResolve({ filter: /^node:assert$/ }, ({ importer }) =>
        /\/undici\/lib\/(core|dispatcher|handler|util|api)\//.test(importer)
          ? { path: 'check', namespace: 'lean-undici' }
          : undefined,
      )
      onLoad({ filter: /^check$/, namespace: 'lean-undici' }, () => ({ contents: check }))
    },
  }
}
