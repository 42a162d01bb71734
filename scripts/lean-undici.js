// What undici brings along and a call to the API can do without: each module here is replaced by a small one, and
// nothing inside a module is changed. The build fails when a new undici has one of them no longer.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename } from 'node:path'

/** Who asks for it after all is told what is missing. */
const leftOut = (path) => `module.exports = () => { throw new Error('left out: ${basename(path)}') }`

/** By the file's path in undici's `lib`: what stands in its place. */
const standIns = {
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

/** Node's own HTTP client is asked for its default alone: how large the headers of an answer may be (bytes). */
const nodeHttp = 'module.exports = { maxHeaderSize: 16384 }'

/** The parser, with SIMD and without; hardly faster with it on answers like ours, and without it works everywhere. */
const parser = /\/undici\/lib\/llhttp\/llhttp(_simd)?-wasm\.js$/
const parserFile = 'llhttp.wasm'

/** An esbuild plugin; `keep` is handed the name and the bytes of a file that is to stand beside the bundle. */
export const leanUndici = (keep) => ({
  name: 'lean-undici',
  setup({ onLoad, onResolve, onEnd }) {
    const left = new Set(Object.keys(standIns))
    // Bytes in a file of their own: as text in a script they would stand in V8's kept code as well.
    onLoad({ filter: parser }, async ({ path }) => {
      const text = await readFile(path.replace('_simd', ''), 'utf8')
      keep(parserFile, Buffer.from(/wasmBase64 = '([^']+)'/.exec(text)?.[1] ?? '', 'base64'))
      return { contents: `module.exports = require("./${parserFile}")` }
    })
    onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path, external: true }))
    onLoad({ filter: /\/undici\/lib\/.*\.js$/ }, ({ path }) => {
      const name = path.slice(path.lastIndexOf('/lib/') + '/lib/'.length)
      left.delete(name)
      return standIns[name] === undefined ? undefined : { contents: standIns[name](path) }
    })
    onResolve({ filter: /^node:http$/ }, ({ importer }) =>
      importer.includes('/undici/lib/') ? { path: 'node-http', namespace: 'lean-undici' } : undefined,
    )
    onLoad({ filter: /^node-http$/, namespace: 'lean-undici' }, () => ({ contents: nodeHttp }))
    onEnd(() => {
      if (left.size > 0) throw new Error(`undici asks for no ${[...left].join(', ')} any more`)
    })
  },
})
