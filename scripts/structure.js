// `npm run structure`: draws which room imports which into docs/structure.md, from the code's own imports. With --check
// it writes nothing and fails when the picture is stale.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'

// What everything may import tells nothing.
const leaves = '^src/(errors|exact|shell-word|text-set|visible|world|version|trace|globals)\\.ts$'
const picture = execFileSync(
  'npx',
  [
    ...['depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'mermaid'],
    ...['--collapse', '^src/[^/]+', '--include-only', '^src', '--exclude', leaves, 'src'],
  ],
  { encoding: 'utf8' },
)
const text = `# The structure

Which room imports which, drawn from the imports by \`npm run structure\`. What everything may import (errors, exact
numbers, visible text, words for a shell, tables of texts, the world) is left out. The rules that hold it so are in
\`.dependency-cruiser.cjs\`; what each room is for stands in CONTRIBUTING.md.

\`\`\`mermaid
${picture.trim()}
\`\`\`
`
const file = new URL('../docs/structure.md', import.meta.url)
if (!process.argv.includes('--check')) writeFileSync(file, text)
else if (readFileSync(file, 'utf8') !== text) {
  console.error('stale: docs/structure.md; run `npm run structure`')
  process.exitCode = 1
}
