// Bundles src/ into dist/: what is loaded at every start in one file, what a command loads for itself in others.
import { rm } from 'node:fs/promises'
import { build } from 'esbuild'

await rm(new URL('../dist', import.meta.url), { recursive: true, force: true })
await build({
  absWorkingDir: new URL('..', import.meta.url).pathname,
  entryPoints: ['src/main.ts', 'src/world.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.18',
  minifySyntax: true,
  minifyWhitespace: true,
  // A fault that ends the process shows its line of code, which should not be the whole program.
  lineLimit: 200,
  sourcemap: false,
  logLevel: 'warning',
  // Packages written for CommonJS ask for require, which ES modules do not have.
  banner: { js: "import{createRequire as $r}from'node:module';const require=$r(import.meta.url);" },
})
