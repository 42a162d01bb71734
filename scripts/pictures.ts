// `npm run pictures`: terminal sessions as SVG for the README, made from the real program in a real terminal.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from '@lydell/node-pty'
import xterm, { type IBufferCell, type Terminal } from '@xterm/headless'

const root = new URL('..', import.meta.url).pathname
const columns = 80
const cell = { width: 8.4, height: 18 }

/** What is typed, each line once the screen shows what it waits for. */
interface Scene {
  readonly name: string
  /** What is to be seen, for those who cannot. */
  readonly title: string
  readonly rows: number
  readonly steps: readonly { readonly until: string; readonly type: string }[]
}

const scenes: readonly Scene[] = [
  {
    name: 'list',
    title: 'A table of customers on a terminal',
    rows: 20,
    steps: [{ until: '$ ', type: 'orafi customers list --spent ABOVE500USDT --all\r' }],
  },
  {
    name: 'delete',
    title: 'A customer is shown, confirmed by e-mail, and deleted',
    rows: 16,
    steps: [
      { until: '$ ', type: 'orafi customers delete cmsb8s7a500006a50yu5k3lgx --live\r' },
      { until: 'to continue:', type: 'esi.darko@hotmail.com\r' },
    ],
  },
  {
    name: 'review',
    title: 'A group of duplicates side by side, with its differences marked',
    rows: 24,
    steps: [
      { until: '$ ', type: 'orafi customers duplicates --plan plan.json --review\r' },
      { until: 'q save and leave', type: 'd' },
    ],
  },
]

const colours = ['#24292f', '#cf222e', '#116329', '#9a6700', '#0969da', '#8250df', '#1b7c83', '#6e7781']

async function play({ title, rows, steps }: Scene): Promise<{ svg: string; text: string }> {
  const home = await mkdtemp(join(tmpdir(), 'orafi-picture-'))
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  const shell = spawn('bash', ['--norc', '--noprofile'], {
    cols: columns,
    rows,
    name: 'xterm-256color',
    cwd: home,
    env: { PATH: process.env.PATH ?? '', HOME: home, PS1: '$ ', ORAFI_SANDBOX: '1', TERM: 'xterm-256color' },
  })
  let changed = (): void => undefined
  shell.onData((data) => terminal.write(data, () => changed()))
  const shows = (text: string): Promise<void> =>
    new Promise((resolve) => {
      changed = () => {
        if (screenOf(terminal).includes(text)) resolve()
      }
      changed()
    })
  await shows('$ ')
  shell.write(`orafi() { ${process.execPath} ${join(root, 'bin', 'orafi.js')} "$@"; }; clear\r`)
  await new Promise((resolve) => setTimeout(resolve, 500))
  for (const { until, type } of steps) {
    await shows(until)
    shell.write(type)
  }
  await new Promise((resolve) => setTimeout(resolve, 2000))
  const picture = { svg: svgOf(terminal, title), text: screenOf(terminal).trimEnd() }
  const ended = new Promise((resolve) => shell.onExit(resolve))
  shell.kill()
  await ended
  await rm(home, { recursive: true, force: true, maxRetries: 5 })
  return picture
}

function screenOf(terminal: Terminal): string {
  const { active } = terminal.buffer
  return Array.from(
    { length: terminal.rows },
    (_, row) => active.getLine(row)?.translateToString(true) ?? '',
  ).join('\n')
}

/** A run of cells that look alike, as a piece of SVG text at its column. */
function lineOf(terminal: Terminal, row: number): string {
  const line = terminal.buffer.active.getLine(row)
  let text = ''
  for (let column = 0; column < columns; column++) {
    const one = line?.getCell(column)
    const characters = one?.getChars() ?? ''
    if (one === undefined || characters.trim() === '') continue
    const x = (column * cell.width + 12).toFixed(1)
    text += `<tspan x="${x}"${styleOf(one)}>${escaped(characters)}</tspan>`
  }
  const y = row * cell.height + 28
  return text === '' ? '' : `<text y="${y}" xml:space="preserve">${text}</text>`
}

function styleOf(one: IBufferCell): string {
  const colour = one.isFgPalette() ? colours[one.getFgColor() % colours.length] : undefined
  return `${colour === undefined ? '' : ` fill="${colour}"`}${one.isBold() ? ' font-weight="bold"' : ''}${one.isDim() ? ' opacity="0.6"' : ''}`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function svgOf(terminal: Terminal, title: string): string {
  const width = Math.round(columns * cell.width + 24)
  const rows = Array.from({ length: terminal.rows }, (_, row) => lineOf(terminal, row))
  const height = (rows.findLastIndex((row) => row !== '') + 1) * cell.height + 24
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14" fill="#24292f">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" rx="6" fill="#f6f8fa"/>
${rows.filter((row) => row !== '').join('\n')}
</svg>
`
}

for (const scene of scenes) {
  const { svg, text } = await play(scene)
  await writeFile(join(root, 'docs', 'pictures', `${scene.name}.svg`), svg)
  console.log(`--- ${scene.name}\n${text}`)
}
process.exit(0)
