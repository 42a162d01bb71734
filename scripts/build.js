// Builds dist/ from src/ and the packages it uses (docs/decisions.md, "Start-up").
//
// Every module of ours becomes a function in one of a few files that runs when it is first used: `--help` runs the few
// that it needs. Packages are bundled, each loaded when one of ours asks for it. All of it is CommonJS, of which V8's
// compiled code can be kept (dist/load.cjs).
import { createHash } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'
import { leanUndici } from './lean-undici.js'
import { writeLicences } from './licences.js'
import { runQuietly } from './run.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const common = { platform: 'node', target: 'node20.18', minifySyntax: true, minifyWhitespace: true }
const commonJs = { ...common, format: 'cjs', supported: { 'dynamic-import': false } }

/** What packages bring for options that nobody sets here: schemas and migrations of conf, colours of cli-table3. */
const leftOut = {
  '@colors/colors/safe': './scripts/no-schema.js',
  'ajv/dist/2020.js': './scripts/no-schema.js',
  'ajv-formats': './scripts/no-schema.js',
  semver: './scripts/no-schema.js',
}

/**
 * The files that hold modules, ours and those of packages: what `--version` and `--help` run, what parsing one command
 * runs more, what a call to the API runs more, what the whole command tree runs more, and everything else of ours.
 */
const levels = ['first.js', 'one.js', 'call.js', 'tree.js', 'more.js']

/** A function that loads a module when it is first called. */
const lazily = 'var $lazy=(load)=>{let held;return()=>held??=load()};'

/** Imports of other modules and of Node's own become lazy: `var import_x = require("…")`, and every use of it. */
function withLazyImports(code) {
  const imported = /\b(import_\w+)=(require\("[^"]+"\)|__toESM\(require\("[^"]+"\)(?:,1)?\))(?=[,;])/g
  const variables = Array.from(code.matchAll(imported), ([, variable]) => variable)
  const declared = code.replaceAll(imported, (_, variable, module) => `${variable}=$lazy(()=>${module})`)
  return variables.reduce(
    (text, variable) =>
      text
        .replaceAll(new RegExp(`\\bnew ${variable}\\.([\\w$]+)`, 'g'), `new (${variable}().$1)`)
        .replaceAll(new RegExp(`\\b${variable}(?=\\.)`, 'g'), `${variable}()`),
    declared,
  )
}

/**
 * The last step: shorter names inside a module (what it exports and asks for keeps its own), and lines of a bounded
 * length, since a fault that ends the process shows its line of code, which should not be the whole program.
 */
async function finished(code) {
  return (await transform(code, { ...common, minifyIdentifiers: true, lineLimit: 200 })).code
}

/** The file in dist/ that holds a package. */
function fileNameOf(id) {
  return `${id.replaceAll(/[^\w]+/g, '-')}.js`
}

/** What esbuild writes before a module: helpers, which stand once before all of them here. */
const helpers = /^[\s\S]*?(?=var \w+_exports=\{\};)/

async function allHelpers() {
  const sample = 'import a from "a";import * as b from "b";export const c=()=>[a,b.d,import("e")]'
  const { code } = await transform(sample, commonJs)
  return helpers.exec(code)?.[0] ?? ''
}

/** Our own modules by their paths from the root, as CommonJS, and the packages they import. */
async function ownModules() {
  const modules = new Map()
  const packages = new Set()
  const entries = await readdir(join(root, 'src'), { recursive: true })
  for (const path of entries.filter((entry) => /(?<!\.d)\.(ts|json)$/.test(entry)).sort()) {
    const file = join('src', path)
    const text = await readFile(join(root, file), 'utf8')
    const { code } = await transform(text, { ...commonJs, loader: extname(path).slice(1), sourcefile: file })
    const own = code.replace(helpers, '').replace(/0&&\(module\.exports=\{[^}]*\}\);\s*$/, '')
    const resolved = own.replaceAll(/require\("([^"]+)"\)/g, (whole, id) => {
      if (id.startsWith('.')) return `require("${join(dirname(file), id)}")`
      if (id.startsWith('node:')) return whole
      packages.add(id)
      return `require("${fileNameOf(id)}")`
    })
    modules.set(file, await finished(withLazyImports(resolved)))
  }
  return { modules, packages: [...packages].sort() }
}

/** Of some eighty spinners, the one that ora turns and the one it turns where there is no Unicode. */
const oneSpinner = {
  name: 'one-spinner',
  setup({ onLoad }) {
    onLoad({ filter: /cli-spinners\/spinners\.json$/ }, async ({ path }) => {
      const { dots, line } = JSON.parse(await readFile(path, 'utf8'))
      return { contents: JSON.stringify({ dots, line }), loader: 'json' }
    })
  },
}

/** The packages, bundled; what several of them share is in files of its own. */
async function packageModules(packages) {
  const bytes = new Map()
  const { outputFiles, metafile } = await build({
    ...common,
    absWorkingDir: root,
    entryPoints: packages.map((id) => ({ in: id, out: fileNameOf(id).slice(0, -'.js'.length) })),
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    metafile: true,
    write: false,
    logLevel: 'warning',
    plugins: [leanUndici((name, content) => bytes.set(name, content)), oneSpinner],
    alias: leftOut,
  })
  const modules = new Map()
  for (const { path, text } of outputFiles) {
    const { code } = await transform(withoutChildProcess(text), commonJs)
    modules.set(basename(path), await finished(code.replaceAll(/require\("\.\/([^"]+)"\)/g, 'require("$1")')))
  }
  return { modules, bytes, metafile }
}

/** Commander loads this for subcommands that are programs of their own, of which we have none. */
function withoutChildProcess(text) {
  return text.replaceAll(/\bchildProcess\s*=\s*[^;,\n]*?"node:child_process"\)/g, 'childProcess = {}')
}

/**
 * A file of dist/: modules as functions by their names, so that one read and one script bring many. It is a module for
 * Node's own loader, and a script whose value is the same (scripts/load.cjs).
 */
function fileOf(modules, more = [], prelude = '') {
  const functions = modules.map(([name, code]) => `${JSON.stringify(name)}(module,exports,require){${code}}`)
  const all = [...functions, ...more].join(',\n')
  return `(typeof module=="undefined"?{}:module).exports=(()=>{${prelude}return{${all}}})()\n`
}

/** Writes all modules: into the files that `levelOf` names, and packages of no level into files of their own. */
async function writeModules(own, packages, levelOf) {
  const prelude = `${await allHelpers()}${lazily}\n`
  const all = [...own, ...packages]
  const where = all.map(([name]) => [name, levelOf(name)]).filter(([, level]) => level !== 'more.js')
  const places = JSON.stringify(Object.fromEntries(where))
  await writeLoader(all, prelude, places)
  for (const level of levels) {
    const modules = all.filter(([name]) => levelOf(name) === level)
    const index = level === 'first.js' ? [`where:${places}`] : []
    await writeFile(join(dist, level), fileOf(modules, index, prelude))
  }
  for (const [name, code] of packages) {
    if (levelOf(name) === undefined) await writeFile(join(dist, name), fileOf([[name, code]]))
  }
}

/** Writes what loads the files, with a name for what they hold. */
async function writeLoader(...parts) {
  const build = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
  const text = await readFile(join(root, 'scripts', 'load.cjs'), 'utf8')
  await writeFile(join(dist, 'load.cjs'), await finished(text.replace('the build puts its own here', build)))
}

/** A text as JavaScript, in ASCII, as all of dist/ is. */
async function literal(text) {
  return (await transform(JSON.stringify(text), common)).code.replace(/;?\s*$/, '')
}

await rm(dist, { recursive: true, force: true })
await mkdir(dist, { recursive: true })
const own = await ownModules()
const bundled = await packageModules(own.packages)
await writeFile(join(dist, 'package.json'), '{"type":"commonjs"}\n')
for (const [name, content] of bundled.bytes) await writeFile(join(dist, name), content)
await copyFile(join(root, 'scripts', 'keep.cjs'), join(dist, 'keep.cjs'))
const last = (name) => (own.modules.has(name) ? levels.at(-1) : undefined)
await writeModules(own.modules, bundled.modules, last)
// The help of all, as the program itself says it.
const help = runQuietly(root, 'bin/orafi.js', '--help')
own.modules.set('src/root-help.ts', `exports.rootHelp=${await literal(help)}`)
await writeModules(own.modules, bundled.modules, last)
// Run once to see what each level runs, then again as it will be, to keep the code.
const loaded = JSON.parse(runQuietly(root, 'scripts/warm-up.cjs'))
for (const name of bundled.modules.keys()) await rm(join(dist, name))
const levelOf = (name) => levels[loaded.findIndex((names) => names.includes(name))] ?? last(name)
await writeModules(own.modules, bundled.modules, levelOf)
runQuietly(root, 'scripts/warm-up.cjs', '--keep')
await writeLicences(root, Object.keys(bundled.metafile.inputs), join(dist, 'LICENCES.txt'))
console.log(`built ${relative(root, dist)}/: ${own.modules.size} modules, ${own.packages.length} packages`)
