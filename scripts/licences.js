// The licences of the packages that are bundled into dist/, as these ask for.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Writes them into one file; `inputs` are the paths of the bundled modules. A text that several packages share stands
 * once, below their names and copyrights. Throws for a package without a licence.
 */
export async function writeLicences(root, inputs, to) {
  const folders = new Set()
  for (const input of inputs) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]
    if (found !== undefined) folders.add(found)
  }
  const packages = new Map()
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'))
    const file = (await readdir(join(root, folder))).find((one) => /^(licen[cs]e|copying)/i.test(one))
    if (license === undefined && file === undefined) throw new Error(`${name} names no licence`)
    const text = file === undefined ? '' : await readFile(join(root, folder, file), 'utf8')
    const { copyright, terms } = partsOf(text)
    const title = [`${name} ${version} (${license})`, ...copyright].join('\n')
    packages.set(terms, [...(packages.get(terms) ?? []), title])
  }
  const rule = `\n\n${'-'.repeat(72)}\n\n`
  const texts = Array.from(packages, ([terms, titles]) => `${titles.join('\n\n')}\n\n${terms}`.trim())
  await writeFile(to, `orafi contains the following packages.${rule}${texts.join(rule)}\n`)
}

/** Who holds the rights, line by line, and the terms, without the line breaks that differ between copies. */
function partsOf(text) {
  const paragraphs = text
    .trim()
    .split(/\r?\n\s*\n/)
    .map((one) => one.trim())
  const isCopyright = (one) => /^(\(c\)|copyright)\b/i.test(one)
  const isTitle = (one) => /^(the )?(mit|isc) licen[cs]e( \(mit\))?$/i.test(one)
  const copyright = paragraphs.filter(isCopyright).flatMap((one) => one.split(/\r?\n/))
  const terms = paragraphs.filter((one) => !isCopyright(one) && !isTitle(one))
  return { copyright, terms: terms.map((one) => one.replaceAll(/\s+/g, ' ')).join('\n\n') }
}
