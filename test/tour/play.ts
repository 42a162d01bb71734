import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { bin } from '../support/binary.ts'
import { testTime } from '../support/orafi.ts'
import { programInTerminal, type Session } from '../support/pty.ts'
import { openShop } from '../support/shop.ts'
import { type Step, steps } from './steps.ts'

const prompt = '$'
/** The shell prints it before each prompt; nothing of it is shown. */
const promptMark = '\x1b]0;tour\x07'

/**
 * Plays the tour in a shell in a real terminal, against a sandbox over HTTP. Returns the screen after every step; what is
 * different in every run (times, runs, the port) is replaced by something of the same width.
 */
export async function play(columns: number, chosen: readonly Step[] = steps): Promise<string> {
  let changes = 0
  const shop = await openShop(250, { now: () => testTime + 1000 * changes++ })
  // Not in the folder for temporary files of this machine: the screens show it, and its length decides where they wrap.
  const home = await mkdtemp('/tmp/orafi-tour-')
  onTestFinished(() => rm(home, { recursive: true, force: true }))
  const env = {
    HOME: home,
    ORAFI_CONFIG_DIR: join(home, 'config'),
    ORAFI_STATE_DIR: join(home, 'state'),
    ORAFI_BASE_URL: shop.url,
    TZ: 'UTC',
    LANG: 'C.UTF-8',
  }
  await writeFile(join(home, 'people.csv'), people)
  await writeFile(
    join(home, 'rc'),
    `PROMPT_COMMAND="printf '\\033]0;tour\\007'"; PS1='${prompt} '; orafi() { '${process.execPath}' '${bin}' "$@"; }; cd '${home}'\n`,
  )
  const shell = programInTerminal('bash', ['--noprofile', '--rcfile', join(home, 'rc'), '-i'], env, {
    columns,
    rows: 30,
  })
  await shell.until(isIdle, 'a prompt')
  const screens: string[] = []
  for (const step of chosen) screens.push(`=== ${step.what}\n${steady(await take(shell, step))}\n`)
  shell.kill()
  return screens.join('\n')
}

const people = `First Name,Last Name,Email
Wanjiru,Otieno,wanjiru.otieno@example.com
Chukwuemeka,Anyanwu,chukwuemeka_anyanwu95@gmail.com
Fatoumata Binta,Diallo-Traoré,fatoumata.binta.diallo-traore@entreprise.example
,Mensah,k.mensah@example.com
`

function isIdle(screen: string): boolean {
  return screen.split('\n').at(-1) === prompt
}

async function take(shell: Session, { type, until }: Step): Promise<string> {
  if (isIdle(shell.screen())) shell.clear()
  const before = shell.raw().length
  shell.type(type)
  if (until === undefined) {
    const isDone = (): boolean => shell.raw().includes(promptMark, before)
    return shell.until((screen) => isDone() && isIdle(screen), 'a prompt')
  }
  // The text may be wrapped.
  const isShown = (screen: string): boolean => until.test(screen.replace(/\s+/g, ' '))
  return shell.until((screen) => shell.raw().length > before && isShown(screen), String(until))
}

/** What is different in every run, and what stands for it in the stored screens. */
const varying: readonly (readonly [RegExp, string])[] = [
  [/\b\d{8}-\d{6}-[a-z0-9]{4}\b/g, '20261126-101500-k3f9'],
  [/127\.0\.0\.1:\d{5}/g, '127.0.0.1:44444'],
  [/\/tmp\/orafi-tour-\w{6}/g, '/home/ada/.orafi-files'],
  [/\b20\d\d-\d\d-\d\d \d\d:\d\d\b/g, '2026-11-26 10:15'],
  [/\bin \d+\.\d+ s\b/g, 'in 0.050 s'],
]

function steady(screen: string): string {
  return varying.reduce((text, [what, by]) => text.replaceAll(what, by), screen)
}
