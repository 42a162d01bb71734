// Builds dist/ from src/ and the packages it uses: bundled by rolldown, minified by esbuild (docs/decisions.md, "Start-up").
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'
import { rolldown } from 'rolldown'
import { standInsPlugin } from './stand-ins.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')

/** Files with all that these modules import: what every start runs, what every command runs, what an API call runs. */
const groups = [
  { name: 'start', test: /\/src\/(main|world)\.ts$/, priority: 3 },
  { name: 'command', test: /\/src\/(command-line|api\/customers)\.ts$/, priority: 2 },
  { name: 'call', test: /\/src\/(session|api\/client)\.ts$/, priority: 1 },
]

/** Licences of the packages that are bundled into dist/. Throws for a package without one. */
async function licencesOf(moduleIds) {
  const folders = new Set()
  for (const id of moduleIds) {
    const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0]
    if (folder !== undefined) folders.add(folder)
  }
  const texts = []
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
    const file = (await readdir(folder)).find((one) => /^(licen[cs]e|copying)/i.test(one))
    if (license === undefined && file === undefined) throw new Error(`${name} has no licence`)
    const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8')
    texts.push(`${name} ${version} (${license})\n\n${text.trim()}`)
  }
  return `${texts.join(`\n\n${'-'.repeat(72)}\n\n`)}\n`
}

const standIns = standInsPlugin()
const bundle = await rolldown({
  cwd: root,
  input: { main: 'src/main.ts', world: 'src/world.ts' },
  platform: 'node',
  plugins: [standIns],
  // Such as an import() of what is loaded anyway.
  onLog(level, log) {
    if (level === 'warn') throw new Error(log.message)
  },
})
const { output } = await bundle.generate({
  dir: dist,
  format: 'cjs',
  sourcemap: true,
  esModule: false,
  // Lets publint see that a file is CommonJS, whatever words of a message begin a line.
  banner: 'Object.defineProperty(exports, "__esModule", { value: true })',
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
  codeSplitting: { groups },
})
if (standIns.unused.size > 0) throw new Error(`no package loads ${[...standIns.unused].join(', ')} any more`)

await rm(dist, { recursive: true, force: true })
await mkdir(dist)
const chunks = output.filter(({ type }) => type === 'chunk')
for (const { fileName, code, map } of chunks) {
  // esbuild carries the map on to src/. The bundler's runtime has none.
  const mapped = map === null ? code : `${code}\n//# sourceMappingURL=${map.toUrl()}`
  const minified = await transform(mapped, {
    format: 'cjs',
    platform: 'node',
    target: 'node20.18',
    minifySyntax: true,
    minifyWhitespace: true,
    // An error that ends the process is shown with its line of code, which should not be the whole program.
    lineLimit: 200,
    sourcemap: 'external',
    sourcesContent: false,
    sourcefile: fileName,
  })
  await writeFile(join(dist, fileName), `${minified.code}//# sourceMappingURL=${fileName}.map\n`)
  await writeFile(join(dist, `${fileName}.map`), minified.map)
}
await writeFile(join(dist, 'package.json'), '{"type":"commonjs"}\n')
await writeFile(join(dist, 'LICENCES.txt'), await licencesOf(chunks.flatMap(({ moduleIds }) => moduleIds)))
console.log(`built dist/: ${chunks.length} files`)
