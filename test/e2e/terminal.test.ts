import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import { harmless, startApi } from '../support/api.ts'
import { beside, bin, freshEnvironment } from '../support/binary.ts'
import { inTerminal, programInTerminal } from '../support/pty.ts'
import { openShop } from '../support/shop.ts'
import { until } from '../ui/terminal.ts'

const list = 'customers list --sandbox --mode live --spent ABOVE500USDT'.split(' ')

describe('on a real terminal', () => {
  test.each([60, 80, 200])(
    'of %i columns the table fits, no id is cut, and an e-mail only in the middle',
    async (columns) => {
      const env = await freshEnvironment()
      const { ended, screen } = inTerminal([...list, '--all'], env, { columns })
      expect(await ended).toBe(0)
      const lines = screen().split('\n')
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns)
      expect(screen()).toMatch(/cmsb8s7a500006a50yu5k3lgx/)
      expect(screen()).toContain('esi.darko@hotmail.com')
      const long = 'damilola.akinwande-fatokun.omotola-adekunbi@example.org'
      expect(screen()).toMatch(columns === 200 ? long : /damil\S*…\S*ekunbi@example\.org/)
    },
  )

  test('a delete shows the record, says LIVE, and wants the e-mail typed', async () => {
    const env = await freshEnvironment()
    const terminal = inTerminal(
      ['customers', 'delete', 'cmsb8s7a500006a50yu5k3lgx', '--sandbox', '--live'],
      env,
    )
    await terminal.see('Type the e-mail (esi.darko@hotmail.com) to continue:')
    expect(terminal.screen()).toContain('SANDBOX, LIVE')
    terminal.type('esi.darko@hotmail.com\r')
    expect(await terminal.ended).toBe(0)
    expect(terminal.screen()).toContain('1 deleted (SANDBOX, LIVE)')
  })

  test.each([
    ['Ctrl-C', '\x03', 130],
    ['Esc', '\x1b', 7],
    ['Ctrl-D', '\x04', 7],
    ['Enter', '\r', 7],
  ])('%s at the question of a delete ends it, and nothing is deleted', async (_key, typed, code) => {
    const env = await freshEnvironment()
    const id = 'cmsb8s7a500006a50yu5k3lgx'
    const terminal = inTerminal(['customers', 'delete', id, '--sandbox', '--live'], env)
    await terminal.see('to continue:')
    terminal.type(typed)
    expect(await terminal.ended).toBe(code)
    expect(terminal.screen()).toContain('nothing was deleted')
    expect(await beside(`customers get ${id} --sandbox --live`, env)).toMatchObject({ code: 0 })
  })

  test('the terminal is closed at a question: the command ends, and Node does not crash', async () => {
    const env = await freshEnvironment()
    const terminal = inTerminal(['sandbox', 'reset', '--sandbox'], env)
    await terminal.see('[y/N]')
    terminal.close()
    // Whatever comes first, the signal or the end of the input.
    expect(await terminal.ended).toBe(129)
  })

  test('SIGQUIT in a review leaves the terminal as it was', async () => {
    const env = await freshEnvironment({ ORAFI_SANDBOX: '1' })
    const script = `cd; "$0" "$1" customers duplicates --plan p.json --review & echo pid $!; fg; echo "$?"; stty -a`
    const shell = programInTerminal('bash', ['-m', '-c', script, process.execPath, bin], env)
    await shell.see('q save and leave')
    process.kill(Number(/pid (\d+)/.exec(shell.raw())?.[1]), 'SIGQUIT')
    await shell.ended
    expect(shell.raw()).toMatch(/\x1b\[\?1049l.*131.* icanon .* echo /s)
  })

  /** Every kind of prompt: how to reach it, what is typed before Ctrl-Z, what ends it, and how. */
  const prompts = {
    'yes or no': { line: 'sandbox reset', shows: '[y/N]', typed: 'ye', rest: 's\r', code: 0 },
    'no answer': { line: 'sandbox reset', shows: '[y/N]', typed: '', rest: '\x03', code: 130 },
    'the e-mail of what is deleted': {
      line: 'customers delete cmsb8s7a500006a50yu5k3lgx --live',
      shows: 'to continue:',
      typed: 'esi.darko',
      rest: '@hotmail.com\r',
      code: 0,
    },
    'a text': { line: 'customers create', shows: 'First name:', typed: 'Ada', rest: '\x1b', code: 7 },
    'a key': { line: 'login', shows: '(hidden):', typed: 'ora_', rest: 'test_no-key\r', code: 2 },
    'a question beside a pipe': {
      before: 'echo cmsb8s7a500006a50yu5k3lgx |',
      line: 'customers delete - --live',
      shows: 'to continue:',
      typed: 'esi',
      rest: '\r',
      code: 7,
    },
    'the review of duplicates': {
      line: 'customers duplicates --plan plan.json --review',
      shows: 'q save and leave',
      typed: '',
      rest: 'q',
      code: 0,
    },
  }

  test.each(Object.entries(prompts))(
    'Ctrl-Z at the prompt for %s gives the shell its terminal, and fg brings it back',
    async (kind, { line, shows, typed, rest, code, ...more }) => {
      const sandbox: Record<string, string> = kind === 'a key' ? {} : { ORAFI_SANDBOX: '1' }
      const env = await freshEnvironment({ ...sandbox, NO_COLOR: '1' })
      const before = 'before' in more ? more.before : ''
      const script = `cd; set -m; ${before} "$0" "$1" ${line}; stty -a; fg; exit $?`
      const shell = programInTerminal('bash', ['-c', script, process.execPath, bin], env, { rows: 40 })
      await shell.see(shows)
      shell.type(`${typed}\x1a`)
      // `stty` says that the shell has its terminal back as it was.
      await until(
        () =>
          shell
            .raw()
            .split(/[^-]icanon.*[^-]echo\b/s)[1]
            ?.includes(shows) === true,
      )
      if (kind !== 'a key') await until(() => shell.screen().endsWith(typed))
      shell.type(rest)
      expect(await shell.ended).toBe(code)
    },
  )

  /** The deletion of one of three customers, whose preview is loading until the server is told to answer. */
  async function deletionThatLoads() {
    let answer: () => void = () => undefined
    const told = new Promise<void>((resolve) => {
      answer = resolve
    })
    const shop = await openShop(2, { latencyMs: 1, sleep: () => told })
    const ada = { firstname: 'Ada', lastname: 'Obi', email: 'ada@x.example', mode: ['test'] as const }
    const { id } = await shop.store.create(ada)
    const env = await freshEnvironment({ ORAFI_API_KEY: shop.test.key ?? '', ORAFI_BASE_URL: shop.url })
    const terminal = inTerminal(['customers', 'delete', id], env)
    await terminal.see(`getting ${id}`)
    /** Types and sees the terminal itself echo it: it waits there, since nobody reads yet. */
    const typeAhead = async (text: string): Promise<void> => {
      const shown = (): number => terminal.raw().split('y').length
      const before = shown()
      terminal.type(text)
      await until(() => shown() - before >= text.split('y').length - 1)
    }
    return { shop, terminal, typeAhead, answer }
  }

  test.each([
    ['a line', 'y\n'],
    ['half a line', 'y'],
    ['pages of lines', 'y\n'.repeat(1900)],
  ])(
    '%s typed while the preview is loading deletes nothing: the question still waits',
    async (_what, typed) => {
      const { shop, terminal, typeAhead, answer } = await deletionThatLoads()
      await typeAhead(typed)
      answer()
      await terminal.see('[y/N]')
      expect(shop.store.count).toBe(3)
      // Had anything of it been kept, this would be too late to decline, or end a line that says y.
      terminal.type('\r')
      expect(await terminal.ended).toBe(7)
      expect(terminal.screen()).toContain('nothing was deleted')
      expect(shop.store.count).toBe(3)
    },
  )

  test('an answer typed once the question is shown is taken, whatever was typed before', async () => {
    const { shop, terminal, typeAhead, answer } = await deletionThatLoads()
    await typeAhead('nay\nn\n')
    answer()
    await terminal.see('[y/N]')
    terminal.type('y\r')
    expect(await terminal.ended).toBe(0)
    expect(shop.store.count).toBe(2)
  })

  test.each([
    ['y\r', 0, 1],
    ['\r', 7, 2],
    ['\x1b', 7, 2],
    ['\x04', 7, 2],
    ['\x03', 130, 2],
  ])('a delete of what stands in a pipe is asked about on the terminal: %j', async (typed, code, left) => {
    const shop = await openShop()
    const ada = { firstname: 'Ada', lastname: 'Obi', mode: ['test'] as const }
    await shop.store.create({ ...ada, email: 'a@b.co' })
    await shop.store.create({ ...ada, email: 'other@b.co' })
    const env = await freshEnvironment({ ORAFI_API_KEY: shop.test.key ?? '', ORAFI_BASE_URL: shop.url })
    const line = `printf 'a@b.co\\n' | "$0" "$1" customers delete --ids-from -`
    const terminal = programInTerminal('/bin/sh', ['-c', line, process.execPath, bin], env)
    await terminal.see('Delete 1 customer? [y/N]')
    expect(terminal.screen()).toContain('a@b.co')
    terminal.type(typed)
    expect(await terminal.ended).toBe(code)
    expect(shop.store.count).toBe(left)
  })

  test.each([
    ['2\r', 'y\r', 0, 1],
    // What is typed ahead is no answer.
    ['2\ry\r', '\r', 7, 2],
  ])(
    'several customers with an e-mail from a pipe are chosen from on the terminal: %j, then %j',
    async (typed, answer, code, left) => {
      const shop = await openShop()
      const bo = { firstname: 'Bo', lastname: 'Ek', email: 'a@b.co', mode: ['test'] as const }
      await shop.store.create(bo)
      const { id } = await shop.store.create(bo)
      const env = await freshEnvironment({ ORAFI_API_KEY: shop.test.key ?? '', ORAFI_BASE_URL: shop.url })
      const line = `printf 'a@b.co\\n' | "$0" "$1" customers delete -`
      const terminal = programInTerminal('/bin/sh', ['-c', line, process.execPath, bin], env)
      await terminal.see('Which to delete? [1-2, all; Enter for none]')
      terminal.type(typed)
      await terminal.see('Delete 1 customer? [y/N]')
      terminal.type(answer)
      expect(await terminal.ended).toBe(code)
      expect(shop.store.count).toBe(left)
      expect((await beside(`customers get ${id}`, env)).code === 3).toBe(left === 1)
    },
  )

  test('a key is asked for without showing it, and kept', async () => {
    const shop = await openShop(3)
    const env = await freshEnvironment({ ORAFI_BASE_URL: shop.url })
    const key = shop.test.key ?? ''
    const terminal = inTerminal(['login'], env)
    await terminal.see('key')
    terminal.type(`${key}\r`)
    expect(await terminal.ended).toBe(0)
    expect(terminal.screen()).not.toContain(key)
    expect(terminal.screen()).toContain(env.ORAFI_CONFIG_DIR ?? '-')
    const who = inTerminal(['whoami'], env)
    expect(await who.ended).toBe(0)
    expect(who.screen()).toContain(`ora_test_…${key.slice(-4)}`)
    expect(who.screen()).not.toContain(key)
  })

  test('create asks for what is missing', async () => {
    const env = await freshEnvironment()
    const terminal = inTerminal(['customers', 'create', '--sandbox', '--firstname', 'Ada'], env)
    await terminal.see('Last name:')
    terminal.type('Obi\r')
    await terminal.see('E-mail:')
    terminal.type('ada@x.example\r')
    expect(await terminal.ended).toBe(0)
    expect(terminal.screen()).toContain('Created customer')
  })

  test('create takes several answers pasted at once', async () => {
    const env = await freshEnvironment()
    const terminal = inTerminal(['customers', 'create', '--sandbox'], env)
    await terminal.see('First name:')
    terminal.type('Ada\rObi\rada@x.example\r')
    expect(await terminal.ended).toBe(0)
    expect(terminal.screen()).toContain('Created customer')
  })

  test.each([
    ['xterm-256color', /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] listing customers/],
    ['linux', /[-\\|/] listing customers/],
  ])(
    'on TERM=%s something turns while a request takes its time, and is gone when it is done',
    async (TERM, turning) => {
      let answer = (): void => undefined
      const shop = await openShop(3, {
        latencyMs: 1,
        sleep: () => new Promise((resolve) => (answer = resolve)),
      })
      const env = await freshEnvironment({
        ORAFI_API_KEY: shop.test.key ?? '',
        ORAFI_BASE_URL: shop.url,
        TERM,
      })
      const terminal = inTerminal(['customers', 'list'], env)
      await until(() => turning.test(terminal.raw()))
      answer()
      expect(await terminal.ended).toBe(0)
      expect(terminal.screen()).not.toContain('listing')
    },
  )

  test.each([
    [429, 'rate limited, continuing in 1 s'],
    [503, 'the API answered 503, attempt 2 of 4, next in 1 s'],
  ])(
    'a %i is waited for in sight, counting down, on one line that is gone in the end',
    async (status, last) => {
      const api = await startApi([harmless('c_1')])
      let asked = 0
      api.instead = () => (asked++ === 0 ? { status, headers: { 'retry-after': '2' } } : undefined)
      const env = await freshEnvironment({ ORAFI_API_KEY: api.test.key ?? '', ORAFI_BASE_URL: api.url })
      const terminal = inTerminal(['customers', 'get', 'c_1'], env, { columns: 60 })
      await terminal.see(last.replace('1 s', '2 s'))
      expect((await terminal.see(last)).split('\n')).toHaveLength(1)
      expect(await terminal.ended).toBe(0)
      expect(terminal.screen()).not.toMatch(/ s$|next|continuing/m)
    },
  )

  test('NO_COLOR leaves no colour on the screen', async () => {
    const env = await freshEnvironment()
    const coloured = inTerminal(list, env)
    await coloured.ended
    expect(coloured.raw()).toContain('\x1b[')
    const plain = inTerminal(list, { ...env, NO_COLOR: '1' })
    await plain.ended
    expect(plain.raw()).not.toMatch(/\x1b\[[\d;]*m/)
  })
})
