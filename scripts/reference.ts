// `npm run docs`: writes what the docs say of the command line, from the command tree; the picture of the rooms, from
// the imports; the JSON Schema of plans, from the one that reads them; the shell code of the completion scripts; and the
// letters of other alphabets. With --check it writes nothing and fails where something is stale.
import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import { toJsonSchema } from '@valibot/to-json-schema'
import { planDefinitions, planSchema } from '../src/duplicates/plan-schema.ts'
import { buildWholeProgram } from '../src/program.ts'
import { shellNames } from '../src/reference/completion.ts'
import { describe } from '../src/reference/describe.ts'
import { manual } from '../src/reference/manual.ts'
import { between, helpPage, tables } from '../src/reference/markdown.ts'
import { latinTable } from './latin.ts'

const root = new URL('..', import.meta.url)

const program = await buildWholeProgram({
  columns: 80,
  out: () => undefined,
  open() {
    throw new Error('describing runs no command')
  },
})

/** What `orafi … --help` prints on a terminal of 80 characters. */
function help(words: readonly string[]): string {
  const command = words.reduce<CommandUnknownOpts | undefined>(
    (parent, word) => parent?.commands.find((one) => one.name() === word),
    program,
  )
  return command?.helpInformation() ?? ''
}

const reference = describe(program)

/** A page with the tables that it has markers for. */
async function withTables(file: string): Promise<string> {
  let page = await readFile(new URL(file, root), 'utf8')
  for (const [name, table] of Object.entries(tables(reference))) page = between(page, name, table)
  return page
}

/** Which room of src/ imports which. What everything may import is left out. */
function picture(): string {
  const leaves = '^src/(errors|exact|email|loopback|shell-word|text-set|visible|world|version|globals)\\.ts$'
  const depcruise = fileURLToPath(new URL('node_modules/.bin/depcruise', root))
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'mermaid', '--collapse', '^src/[^/]+']
  const text = execFileSync(depcruise, [...args, '--include-only', '^src', '--exclude', leaves, 'src'], {
    encoding: 'utf8',
    cwd: root,
  })
  return `\`\`\`mermaid\n${text.trim()}\n\`\`\``
}

const commands = `# Commands

The help of every command, written by \`npm run docs\`. \`orafi commands --json\` has the same as data.

${helpPage(reference, help)}`

/** What `orafi --help` prints on 80 columns, so that no start has to make it. */
const rootHelp = program.helpInformation().split('\n')

/** The parts of the completion scripts that are the same for all commands. */
const shellParts: Record<string, readonly string[]> = {}
for (const shell of shellNames) {
  const file = new URL(`src/reference/completion.${shell}`, root)
  shellParts[shell] = (await readFile(file, 'utf8')).split('\n')
}

const schemaOfPlans = toJsonSchema(planSchema, {
  target: 'draft-2020-12',
  typeMode: 'output',
  ignoreActions: ['readonly'],
  definitions: planDefinitions,
  // What JSON Schema says of a check by a function is in the metadata beside it.
  overrideSchema: ({ valibotSchema, jsonSchema }) =>
    valibotSchema.type === 'custom' ? jsonSchema : undefined,
})

const files: Record<string, string> = {
  'src/root-help.json': `${JSON.stringify(rootHelp, undefined, 2)}\n`,
  'src/reference/completion.json': `${JSON.stringify(shellParts, undefined, 2)}\n`,
  'man/orafi.1': manual(reference),
  'docs/commands.md': commands,
  'docs/architecture.md': between(
    await readFile(new URL('docs/architecture.md', root), 'utf8'),
    'imports',
    picture(),
  ),
  'docs/plan.schema.json': `${JSON.stringify(schemaOfPlans, undefined, 2)}\n`,
  'src/duplicates/latin.json': `${JSON.stringify(latinTable(), undefined, 2)}\n`,
  'docs/contract.md': await withTables('docs/contract.md'),
  'README.md': await withTables('README.md'),
}

const stale: string[] = []
for (const [file, text] of Object.entries(files)) {
  const path = new URL(file, root)
  if ((await readFile(path, 'utf8').catch(() => '')) !== text) {
    stale.push(file)
    if (!process.argv.includes('--check')) await writeFile(path, text)
  }
}
if (process.argv.includes('--check') && stale.length > 0) {
  console.error(`stale: ${stale.join(', ')}; npm run docs writes them anew`)
  process.exitCode = 1
} else if (stale.length > 0) console.log(`written: ${stale.join(', ')}`)
