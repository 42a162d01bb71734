import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { orafi, temporaryFolder } from '../support/orafi.ts'
import { programInTerminal, type Session } from '../support/pty.ts'

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

/** What every shell shows before what is typed. */
export const prompt = 'orafi-test> '

/**
 * How a shell starts with nothing of the user's, and loads a script. TAB lists what there is at once, as people set it.
 * There is no `orafi` to be started: who answers is the script alone.
 */
const starts: Record<Shell, { args: string[]; setUp: (script: string) => string }> = {
  bash: {
    args: ['--norc', '--noprofile', '-i'],
    setUp: (script) =>
      `bind 'set show-all-if-ambiguous on'; bind 'set bell-style none'; source ${script}; PS1='${prompt}'`,
  },
  zsh: {
    args: ['-f', '-i'],
    setUp: (script) => `autoload -Uz compinit; compinit -u -D; source ${script}; PROMPT='${prompt}'`,
  },
  fish: {
    args: ['--no-config', '-i'],
    setUp: (script) =>
      `source ${script}; function fish_prompt; echo -n '${prompt}'; end; set -g fish_greeting`,
  },
}

/** A shell at its prompt, in a folder of its own that holds `people.csv`, with the completion of orafi loaded. */
export async function openShell(shell: Shell): Promise<Session> {
  const home = await temporaryFolder()
  const script = join(home, 'completion')
  const { stdout } = await orafi(`completion ${shell}`)
  await writeFile(script, stdout)
  await writeFile(join(home, 'people.csv'), '')
  const runs = join(home, 'state', 'runs')
  await mkdir(runs, { recursive: true })
  for (const id of ['20261124-081535-aaaa', '20261125-101010-bbbb'])
    await writeFile(join(runs, `${id}.ndjson`), '')
  await writeFile(join(runs, '20261125-101010-bbbb.lock'), '')
  const { args, setUp } = starts[shell]
  const env = { HOME: home, ORAFI_STATE_DIR: join(home, 'state'), LANG: 'C.UTF-8', XDG_CONFIG_HOME: home }
  const session = programInTerminal(shell, args, env, { columns: 100, rows: 40 })
  onTestFinished(() => session.kill())
  session.type(`cd ${home}; clear; ${setUp(script)}; clear\r`)
  await session.see(`\n${prompt}`).catch(() => session.see(prompt))
  return session
}
