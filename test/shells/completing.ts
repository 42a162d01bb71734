import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Shell } from '../../src/reference/completion.ts'
import { orafi, temporaryFolder } from '../support/orafi.ts'
import { programInTerminal, type Session } from '../support/pty.ts'

/** What every shell shows before what is typed. */
export const prompt = 'orafi-test> '

interface Start {
  /** Where the script goes, below the home folder: the places that `orafi completion --help` names. */
  readonly script: string
  /** What the shell reads when it starts, and where it looks for that. */
  readonly rc: string
  readonly setUp: string
  readonly args: (home: string) => string[]
}

/**
 * How a shell starts with nothing of the user's. TAB lists what there is at once, as people set it.
 */
const starts: Record<Shell, Start> = {
  bash: {
    script: 'orafi.bash',
    rc: 'bashrc',
    setUp: `bind 'set show-all-if-ambiguous on'; bind 'set bell-style none'; source ~/orafi.bash; PS1='${prompt}'`,
    args: (home) => ['--noprofile', '--rcfile', join(home, 'bashrc'), '-i'],
  },
  zsh: {
    script: '.zfunc/_orafi',
    rc: '.zshrc',
    setUp: `fpath=(~/.zfunc $fpath); autoload -Uz compinit; compinit -u -D; PROMPT='${prompt}'`,
    args: () => ['-d', '-i'],
  },
  fish: {
    script: '.config/fish/completions/orafi.fish',
    rc: '.config/fish/config.fish',
    setUp: `set -g fish_greeting; function fish_prompt; echo -n '${prompt}'; end`,
    args: () => ['-i'],
  },
}

export interface CompletingShell extends Session {
  /** Whether completing ever started the program, which would make everybody wait who presses TAB. */
  started(): Promise<boolean>
}

/**
 * A shell at its prompt, in a folder that holds `people.csv` only, with the completion of orafi in its place. The
 * `orafi` there only notes that it was started (fish completes nothing that is not there).
 */
export async function openShell(shell: Shell): Promise<CompletingShell> {
  const home = await temporaryFolder()
  const { script, rc, setUp, args } = starts[shell]
  const { stdout } = await orafi(`completion ${shell}`)
  const files = {
    [script]: stdout,
    [rc]: `cd ~/shop; ${setUp}\n`,
    'shop/people.csv': '',
    'state/runs/20261124-081535-aaaa.ndjson': '',
    'state/runs/20261125-101010-bbbb.ndjson': '',
    'state/runs/20261125-101010-bbbb.lock': '',
  }
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(home, file)), { recursive: true })
    await writeFile(join(home, file), text)
  }
  const program = join(home, 'bin', 'orafi')
  await mkdir(dirname(program))
  await writeFile(program, '#!/bin/sh\n: > ~/started\n', { mode: 0o755 })
  const PATH = `${dirname(program)}:${process.env.PATH ?? ''}`
  const env = { PATH, HOME: home, ZDOTDIR: home, ORAFI_STATE_DIR: join(home, 'state'), LANG: 'C.UTF-8' }
  const session = programInTerminal(shell, args(home), env, { columns: 100, rows: 40 })
  onTestFinished(() => session.kill())
  await session.see(prompt.trimEnd())
  return { ...session, started: async () => (await readdir(home)).includes('started') }
}
