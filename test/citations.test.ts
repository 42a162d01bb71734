import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from './support/orafi.ts'

const script = new URL('../scripts/citations.js', import.meta.url).pathname

const page = `# A page

## Ids from a \`file\`, and more

\`\`\`sh
# not a heading
\`\`\`

## Twice

## Twice
`

/** What the check says of a project with these files beside docs/page.md, and how it ends. */
async function check(
  files: Record<string, string>,
): Promise<{ exitCode?: number | undefined; stderr: string }> {
  const folder = await temporaryFolder()
  for (const [file, text] of Object.entries({ 'docs/page.md': page, ...files })) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), text)
  }
  return execa(process.execPath, [script], { cwd: folder, reject: false })
}

describe('comments cite sections that exist', () => {
  test('a project with valid citations passes', async () => {
    const { exitCode, stderr } = await check({
      'src/a.ts': [
        '/** Why (docs/page.md#ids-from-a-file-and-more; docs/page.md). */',
        "export const contract = 'the contract, or issue 15'",
        '// docs/page.md#twice-1',
      ].join('\n'),
      'README.md': 'See [the page](docs/page.md#twice) and [what follows](#more).\n\n## More\n',
      'docs/other.md': '[ids](page.md#a-page), [home](../README.md), [away](https://example.com/x.md#y)\n',
    })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  })

  test('a missing page or section is an error, in code, in prose and in links', async () => {
    const { exitCode, stderr } = await check({
      'README.md': '[x](docs/page.md#more)',
      'docs/other.md': '[x](#more)\n\n[x](docs/page.md)',
      'src/a.ts': '\n/** Why (docs/page.md#thrice). */',
      'test/b/c.ts': '// docs/page.md#twice-2',
      'bench/a.js': '// docs/page.md#not-a-heading',
      'scripts/a.cjs': '// docs/paper.md#twice',
    })
    expect(exitCode).toBe(1)
    expect(stderr.split('\n')).toEqual([
      'README.md:1: docs/page.md has no #more',
      'docs/other.md:1: docs/other.md has no #more',
      'docs/other.md:3: there is no docs/docs/page.md',
      'src/a.ts:2: docs/page.md has no #thrice',
      'test/b/c.ts:1: docs/page.md has no #twice-2',
      'bench/a.js:1: docs/page.md has no #not-a-heading',
      'scripts/a.cjs:1: there is no docs/paper.md',
    ])
  })

  test('a comment that cites something readers cannot open is an error', async () => {
    const comments = [
      '/** Why (contract, "Requests"). */',
      'const a = 1 // as the contract says',
      '/** Form 1 of the API\n * facts. */',
      '// what the API\n// facts say',
      '/** Checked first (issue "Bulk", 1). */',
      '/** Sent once (issue\n * "Each row once"). */',
      '// the order of issue, "Whom to keep"',
      '// see issue 15',
      '# (issue #15)',
    ]
    const files = comments.map((comment, index) => [`src/${index}.ts`, `\n${comment}\n`])
    const { exitCode, stderr } = await check(Object.fromEntries(files))
    expect(exitCode).toBe(1)
    expect(stderr.split('\n').sort()).toEqual(
      comments.map((_, index) => `src/${index}.ts:2: cite a section of docs/ that can be opened`),
    )
  })
})
