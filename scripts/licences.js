// The licences of the packages that are bundled into dist/, as these ask for.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Writes them into one file; `inputs` are the paths of the bundled modules. Throws for a package without a licence. */
export async function writeLicences(root, inputs, to) {
  const folders = new Set()
  for (const input of inputs) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]
    if (found !== undefined) folders.add(found)
  }
  const texts = []
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'))
    const file = (await readdir(join(root, folder))).find((one) => /^(licen[cs]e|copying)/i.test(one))
    if (license === undefined && file === undefined) throw new Error(`${name} names no licence`)
    const text = file === undefined ? '' : (await readFile(join(root, folder, file), 'utf8')).trim()
    texts.push(`${name} ${version} (${license})\n\n${text}`)
  }
  const rule = `\n\n${'-'.repeat(72)}\n\n`
  await writeFile(to, `orafi contains the following packages.${rule}${texts.join(rule)}\n`)
}
