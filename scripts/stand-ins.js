/**
 * What packages load and nothing here uses: HTTP/2, bodies of forms and Node's own HTTP client (undici), schemas and
 * migrations (conf), programs as subcommands (commander), colours (cli-table3), eighty spinners (ora). Left in, it is a
 * third of a start. By the path below node_modules, or by package and import.
 */
const standIns = {
  'undici/lib/dispatcher/client-h2.js': 'module.exports = undefined',
  'undici/lib/web/fetch/body.js': 'module.exports = {}',
  'undici: node:http': 'module.exports = { maxHeaderSize: 16384 }',
  'ajv/dist/2020.js': 'exports.Ajv2020 = undefined',
  'ajv-formats/dist/index.js': 'module.exports = undefined',
  'semver/index.js': 'module.exports = {}',
  'commander: node:child_process': 'module.exports = {}',
  '@colors/colors/safe.js': 'module.exports = undefined',
  'cli-spinners/spinners.json':
    'module.exports = { dots: { interval: 80, frames: [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"] }, line: { interval: 130, frames: [..."-\\\\|/"] } }',
}

/** A rolldown plugin that puts them in place; at the end `unused` holds those that no package asked for. */
export function standInsPlugin() {
  const unused = new Set(Object.keys(standIns))
  const packagePath = (id = '') => /.*\/node_modules\/(.+)$/.exec(id)?.[1] ?? ''
  return {
    name: 'stand-ins',
    unused,
    async resolveId(source, importer) {
      if (importer === undefined) return undefined
      const resolved = await this.resolve(source, importer, { skipSelf: true })
      const keys = [packagePath(resolved?.id), `${packagePath(importer).split('/')[0]}: ${source}`]
      const key = keys.find((one) => Object.hasOwn(standIns, one))
      return key && `\0${key}`
    },
    load(id) {
      const key = id.slice(1)
      if (!id.startsWith('\0') || !Object.hasOwn(standIns, key)) return undefined
      unused.delete(key)
      return { code: standIns[key], moduleType: 'js' }
    },
  }
}
