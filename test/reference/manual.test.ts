import { expect, test } from 'vitest'
import { buildWholeProgram } from '../../src/program.ts'
import { describe } from '../../src/reference/describe.ts'
import { manual } from '../../src/reference/manual.ts'

const program = await buildWholeProgram({
  columns: 80,
  out: () => undefined,
  open() {
    throw new Error('describing runs no command')
  },
})
const page = manual(describe(program))

test('the man page has the sections that people look for, in their order', () => {
  const sections = [...page.matchAll(/^\.SH (.*)$/gm)].map(([, title]) => title?.replaceAll(/[\\"]/g, ''))
  const wanted = [
    'NAME',
    'SYNOPSIS',
    'DESCRIPTION',
    'COMMANDS',
    'GLOBAL OPTIONS',
    'EXIT STATUS',
    'ENVIRONMENT',
    'FILES',
  ]
  expect(sections.filter((title) => wanted.includes(title ?? ''))).toEqual(wanted)
})

test('every command and its options stand in the man page', () => {
  for (const { usage, options } of describe(program).commands) {
    expect(page).toContain(`.SS ${usage.replaceAll('-', '\\-')}`)
    for (const { flags } of options) expect(page).toContain(flags.replaceAll('-', '\\-'))
  }
})

test('the man page is plain ASCII, and no line of text is taken for a request', () => {
  expect(page).toMatch(/^[\x20-\x7e\n]*$/)
  expect(page.split('\n').filter((line) => /^'/.test(line))).toEqual([])
  expect(
    page.split('\n').filter((line) => /^\.(?!TH|SH|SS|PP|TP|nf|fi|RS|RE|B|I|RI|nh|ad)/.test(line)),
  ).toEqual([])
})
