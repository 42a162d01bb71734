import { readFile } from 'node:fs/promises'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { createClock } from './support/clock.ts'
import { orafi, temporaryFolder, words } from './support/orafi.ts'

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')

/** What a terminal does with the line of a question: no text. */
const cursorMoves = /\x1b\[\d*[GJ]|\r/g

test('the first session of the README prints what it shows', async () => {
  const [, text = ''] = /## One minute in the sandbox\n\n```console\n([\s\S]*?)```/.exec(readme) ?? []
  const home = await temporaryFolder()
  // It stands when the command waits for what was typed ahead, too.
  const clock = { ...createClock(Date.UTC(2026, 10, 24, 9, 54, 49), { stands: true }), sleep: async () => {} }
  const printed: string[] = []
  for (const [prompt, line = ''] of text.matchAll(/^\$ (.*)\n/gm)) {
    printed.push(printed.length < 2 ? prompt : `\n${prompt}`)
    if (line.startsWith('export ')) continue
    const [command = '', filter] = line.split(' | ')
    const [, ...args] = words(command)
    let screen = ''
    const seen = { stdout: 0, stderr: 0 }
    const { code } = await orafi(args, {
      home,
      clock,
      env: { ORAFI_SANDBOX: '1', TERM: 'dumb' },
      tty: filter === undefined,
      stdin: 'y\n',
      onOutput(soFar) {
        for (const name of ['stdout', 'stderr'] as const) {
          screen += soFar[name].slice(seen[name])
          seen[name] = soFar[name].length
        }
      },
    })
    expect([line, code]).toEqual([line, 0])
    const [program = '', ...rest] = words(filter ?? 'cat')
    const { stdout } = await execa(program, rest, { input: screen })
    printed.push(`${stdout.replaceAll(cursorMoves, '')}\n`)
  }
  expect(printed.join('')).toBe(text)
})
