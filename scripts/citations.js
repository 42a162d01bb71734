// Part of `npm run check`: whether every page, and every section of a page, that comments and pages refer to exists, and
// whether no comment refers to what its reader cannot open. Works in the folder in which it is started.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'

/** A page named from the root, and one that a link of a page names from where that is. */
const named = /(?<!\]\(|[\w./-])(docs\/[\w-]+\.md)(?:#([\w-]*))?/g
const linked = /\]\(([\w./-]*)(?:#([\w-]*))?\)/g
/** References that lead nowhere: a promise without its page, an issue by number or title. */
const vague =
  /\bcontract\b(?!\.md)|\bAPI[\s*/]+facts\b|\bissue\b[\s*/,’']*(?:["“\d#)]|s\b)|\((?:the )?issue\b/
const comment = /\/\*[\s\S]*?\*\/|(?<=^|\s)(?:\/\/|#).*(?:\n\s*(?:\/\/|#).*)*/gm

const wrong = []
const anchors = new Map()
const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...filesOf('docs', /\.md$/)]
const code = ['src', 'test', 'bench', 'scripts'].flatMap((folder) => filesOf(folder, /\.(?:[cm]?[jt]s|sh)$/))

for (const file of [...pages.filter((page) => existsSync(page)), ...code]) {
  // Its test plants what is wrong.
  if (file === 'test/citations.test.ts') continue
  const text = readFileSync(file, 'utf8')
  const report = (index, problem) =>
    wrong.push(`${file}:${text.slice(0, index).split('\n').length}: ${problem}`)
  const check = (index, page, anchor) => {
    if (!existsSync(page)) report(index, `there is no ${page}`)
    else if (anchor !== undefined && !anchorsOf(page).has(anchor)) report(index, `${page} has no #${anchor}`)
  }
  for (const { index, 1: page, 2: anchor } of text.matchAll(named)) check(index, page, anchor)
  if (file.endsWith('.md')) {
    for (const { index, 1: page, 2: anchor } of text.matchAll(linked))
      check(index, page === '' ? file : join(dirname(file), page), anchor)
    continue
  }
  for (const { index, 0: words } of text.matchAll(comment)) {
    const found = vague.exec(words)
    if (found !== null) report(index + found.index, 'cite a section of docs/ that can be opened')
  }
}
for (const line of wrong) console.error(line)
if (wrong.length > 0) process.exitCode = 1

/** The anchors that GitHub gives to the headings of a page; of equal ones the second has -1 at its end. */
function anchorsOf(page) {
  if (!anchors.has(page)) {
    const found = new Set()
    const prose = readFileSync(page, 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '')
    for (const [, heading] of prose.matchAll(/^#+ (.+)$/gm)) {
      const name = heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
        .replaceAll(' ', '-')
      let anchor = name
      for (let again = 1; found.has(anchor); again++) anchor = `${name}-${again}`
      found.add(anchor)
    }
    anchors.set(page, found)
  }
  return anchors.get(page)
}

function filesOf(folder, named) {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder, { recursive: true })
  return names
    .filter((name) => named.test(name) && !name.includes('node_modules'))
    .map((name) => join(folder, name))
}
