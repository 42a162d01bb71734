// What undici brings along and a start can do without. Each change names the text that it replaces, and the build
// fails when a new undici has it no longer.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename } from 'node:path'

/** By the file's path in undici's `lib`: what is replaced by what. */
const changes = {
  // Asked for a class that only streams of Node's own client have.
  'core/util.js': [
    ["const { IncomingMessage } = require('node:http')", ''],
    ['constructor === IncomingMessage', "constructor === require('node:http').IncomingMessage"],
  ],
  // Node's default, which undici asks Node's own HTTP client for.
  'dispatcher/client.js': [["const http = require('node:http')", 'const http = { maxHeaderSize: 16384 }']],
}

const parser = /undici\/lib\/llhttp\/llhttp\w*-wasm\.js$/
const parserFile = 'llhttp.wasm'
const check = `module.exports = (fits, message) => {
  if (!fits) throw message instanceof Error ? message : new Error(message ?? 'undici: this should not happen')
}`

/** An esbuild plugin; `keep` is handed the name and the bytes of a file that is to stand beside the bundle. */
export function leanUndici(keep) {
  return {
    name: 'lean-undici',
    setup({ onLoad, onResolve }) {
      onLoad({ filter: /undici\/lib\/(core|dispatcher)\/(util|client)\.js$/ }, async ({ path }) => {
        const name = path.slice(path.lastIndexOf('/lib/') + '/lib/'.length)
        let contents = await readFile(path, 'utf8')
        for (const [text, instead] of changes[name] ?? []) {
          if (!contents.includes(text)) throw new Error(`${name} of undici holds no ${text} any more`)
          contents = contents.replace(text, instead)
        }
        return { contents }
      })
      // HTTP/2 and bodies of forms and blobs, which we never send.
      onLoad({ filter: /undici\/lib\/(dispatcher\/client-h2|web\/fetch\/body)\.js$/ }, ({ path }) => ({
        contents: `module.exports = () => { throw new Error('left out: ${basename(path)}') }`,
      }))
      // Tables of all that HTTP has, made at every start; two of them are asked.
      onLoad({ filter: /undici\/lib\/llhttp\/constants\.js$/ }, ({ path }) => {
        const { ERROR, TYPE } = createRequire(import.meta.url)(path)
        return { contents: JSON.stringify({ ERROR, TYPE }), loader: 'json' }
      })
      // Bytes in a file of their own, instead of base64 in a script; once: without SIMD they work everywhere.
      onLoad({ filter: parser }, async ({ path }) => {
        const text = await readFile(path.replace('llhttp_simd-', 'llhttp-'), 'utf8')
        const [, base64] = /wasmBase64 = '([^']+)'/.exec(text)
        keep(parserFile, Buffer.from(base64, 'base64'))
        return { contents: `module.exports = require("./${parserFile}")` }
      })
      onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path, external: true }))
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
