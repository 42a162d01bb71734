import { rolldown } from 'rolldown'
import type { Plugin } from 'vitest/config'
import { standInsPlugin } from '../../scripts/stand-ins.js'

/** The parts of undici that src/ imports. */
const parts = ['dispatcher/client', 'core/connect', 'api/api-connect'].map((name) => `undici/lib/${name}.js`)
const bundle = '\0shipped-undici'

/** Where src/ imports a part of undici it gets the one that ships: bundled with the stand-ins of the build. */
export const shippedUndici: Plugin = {
  name: 'shipped-undici',
  enforce: 'pre',
  resolveId: (id) => (parts.includes(id) || id === bundle ? `\0${id.replace('\0', '')}` : undefined),
  async load(id) {
    if (id === bundle) return bundled()
    const part = parts.indexOf(id.slice(1))
    return part < 0 ? undefined : `export { part${part} as default } from ${JSON.stringify(bundle)}`
  },
}

async function bundled(): Promise<string> {
  const entry = 'entry'
  const names = parts.map((path, part) => `export { default as part${part} } from '${path}'`)
  const build = await rolldown({
    input: entry,
    platform: 'node',
    plugins: [
      {
        name: 'parts',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? names.join('\n') : undefined),
      },
      standInsPlugin(),
    ],
  })
  const { output } = await build.generate({ format: 'esm' })
  return output[0].code
}
