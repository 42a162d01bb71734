import type { Plugin } from 'vitest/config'

const dist = new URL('../../dist/', import.meta.url).pathname

/**
 * Where src/ imports a part of undici it gets the one that ships: bundled and changed by the build. This alone knows
 * how dist/ names it; a part that is not there fails the import.
 */
export const shippedUndici: Plugin = {
  name: 'shipped-undici',
  enforce: 'pre',
  resolveId: (id) => (/^undici(?:\/|$)/.test(id) ? `\0${id}` : undefined),
  load(id) {
    if (!id.startsWith('\0undici')) return undefined
    const name = `${id.slice(1).replaceAll(/[^\w]+/g, '-')}.js`
    return `
      import { createRequire } from 'node:module'
      const { load } = createRequire(${JSON.stringify(dist)})('./load.cjs')
      const shipped = load(${JSON.stringify(name)})
      export default shipped.default ?? shipped`
  },
}
