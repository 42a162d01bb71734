import { readFile, writeFile } from 'node:fs/promises'
import { arch, cpus, platform, totalmem } from 'node:os'

const file = new URL('./RESULTS.md', import.meta.url)
const title =
  '# What was measured\n\nEach section is written by the bench it names; run that again to replace it.\n'

/**
 * Replaces one section of bench/RESULTS.md, or adds it at the end: the date, the machine, Node's version, then the
 * lines. Other sections stay as they are.
 */
export async function writeSection(name: string, lines: readonly string[]): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => title)
  const [head = '', ...sections] = text.split(/^(?=## )/m)
  const section = `${[`## ${name}`, '', `${new Date().toISOString().slice(0, 10)}, ${machine()}.`, '', ...lines].join('\n').trimEnd()}\n`
  const at = sections.findIndex((one) => one.startsWith(`## ${name}\n`))
  if (at === -1) sections.push(section)
  else sections[at] = section
  await writeFile(file, `${[head, ...sections].map((one) => one.trimEnd()).join('\n\n')}\n`)
}

function machine(): string {
  const cores = cpus()
  const model = cores[0]?.model.trim() || 'CPU'
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${cores.length} × ${model}, ${memory} GiB, ${platform()} ${arch()}, Node ${process.version}`
}
