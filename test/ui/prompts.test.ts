import { describe, expect, it } from 'vitest'
import { CliError } from '../../src/errors.ts'
import { createPrompts } from '../../src/ui/prompts.ts'
import { realSleep } from '../support/clock.ts'
import { createJob } from '../support/job.ts'
import { openTerminal, until } from './terminal.ts'

const open = (signal = new AbortController().signal, plain = false) => {
  const terminal = openTerminal()
  const shell = createJob()
  const { keyboard: input, output } = terminal
  return {
    ...terminal,
    shell,
    prompts: createPrompts({
      input,
      output,
      job: shell.job,
      signal,
      sleep: realSleep,
      colour: false,
      plain,
      otherwise: 'nothing was deleted',
    }),
    /** Resolves once a question stands on the screen. */
    see: (question: string) => until(() => terminal.written().includes(question)),
  }
}

const declined = expect.objectContaining({ code: 'declined', message: 'nothing was deleted' })
const interrupted = expect.objectContaining({
  code: 'interrupted',
  message: 'interrupted; nothing was deleted',
  exitCode: 130,
})

/** What was answered; to yes or no as a boolean. */
const answerTo = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    (text) => text ?? true,
    (error: unknown) => {
      expect(error).toEqual(declined)
      return false
    },
  )

describe.concurrent('a question', () => {
  it('shows what is typed and gives it without white space around', async () => {
    const { prompts, keyboard, lines } = open()
    const answer = prompts.ask('Last name:')
    keyboard.write(' Okonkwo \r')
    expect(await answer).toBe('Okonkwo')
    expect(await lines()).toEqual(['Last name:  Okonkwo'])
  })

  it.each([
    ['Backspace', 'Okonkwi\x7fo', 'Okonkwo'],
    ['Ctrl-U', 'something else\x15Okonkwo', 'Okonkwo'],
    ['the left arrow', 'Okonko\x1b[Dw', 'Okonkwo'],
    ['letters of any script', '健太 👩🏽‍⚕️ é', '健太 👩🏽‍⚕️ é'],
  ])('knows %s', async (_key, typed, answer) => {
    const { prompts, keyboard } = open()
    const asked = prompts.ask('Name:')
    // One key after the other, as from a keyboard; an arrow is one key.
    for (const key of typed.match(/\x1b\[D|./gu) ?? []) keyboard.write(key)
    keyboard.write('\r')
    expect(await asked).toBe(answer)
  })

  it.each([
    ['y', true],
    ['Y', true],
    ['yes', true],
    [' YES ', true],
    ['', false],
    ['n', false],
    ['yy', false],
    ['yes please', false],
  ])('of yes or no takes %j for %s', async (typed, answer) => {
    const { prompts, keyboard, lines, see } = open()
    const asked = prompts.confirm('Delete 3 customers?')
    await see('[y/N] ')
    keyboard.write(`${typed}\r`)
    expect(await answerTo(asked)).toBe(answer)
    expect((await lines())[0]).toBe(`Delete 3 customers? [y/N] ${typed}`.trimEnd())
  })

  it('shows nothing of a secret, however long, and whatever is corrected in it', async () => {
    const { prompts, keyboard, lines, written } = open()
    const key = `ora_test_${'k'.repeat(400)}`
    const secret = prompts.secret('API key:')
    keyboard.write('wrong')
    keyboard.write('\x15')
    keyboard.write(`${key}zz`)
    keyboard.write('\x7f\x7f')
    keyboard.write('\r')
    expect(await secret).toBe(key)
    expect(await lines()).toEqual(['API key:'])
    expect(written()).not.toMatch(/wrong|kk|zz/)
    expect(written().endsWith('\n')).toBe(true)
  })

  it('is interrupted by Ctrl-C, with 130', async () => {
    for (const ask of ['ask', 'secret', 'confirm', 'typed'] as const) {
      const { prompts, keyboard, isRaw, see } = open()
      const asked = prompts[ask]('Well?')
      await see('Well?')
      keyboard.write('half an answer\x03')
      await expect(asked).rejects.toEqual(interrupted)
      expect(isRaw()).toBe(false)
    }
  })

  it('is declined by Esc, without another key', async () => {
    const { prompts, keyboard, see } = open()
    const asked = prompts.confirm('Well?')
    await see('Well?')
    keyboard.write('\x1b')
    await expect(asked).rejects.toEqual(declined)
  })

  it('is declined by Ctrl-D and by the end of input, a half-typed yes too', async () => {
    const one = open()
    const first = one.prompts.confirm('Well?')
    await one.see('Well?')
    one.keyboard.write('\x04')
    await expect(first).rejects.toEqual(declined)

    const other = open()
    const second = other.prompts.confirm('Well?')
    await other.see('Well?')
    other.keyboard.end('y')
    await expect(second).rejects.toEqual(declined)
    await expect(other.prompts.confirm('And now?')).rejects.toEqual(declined)
  })

  it('begins the error of a signal on a line of its own', async () => {
    const controller = new AbortController()
    const { prompts, written, see } = open(controller.signal)
    const asked = prompts.confirm('Well?')
    await see('Well?')
    controller.abort(new CliError('interrupted', 'interrupted by SIGTERM', { exitCode: 143 }))
    await expect(asked).rejects.toEqual(expect.objectContaining({ exitCode: 143 }))
    expect(written().endsWith('\n')).toBe(true)
  })

  it.each([
    ['ask', 'x'.repeat(5000)],
    ['secret', 'x'.repeat(5000)],
    ['secret', 'x\r'.repeat(5000)],
  ] as const)('(%s) refuses more than anybody types, and what is pasted with it', async (kind, pasted) => {
    const { prompts, keyboard, isRaw, see } = open()
    const asked = prompts[kind]('Well?')
    await see('Well?')
    for (let sent = 0; sent < 20; sent++) keyboard.write(pasted)
    keyboard.write('rm -rf\r')
    await expect(asked).rejects.toThrow('the answer is too long')
    expect(isRaw()).toBe(false)
    expect(keyboard.read()).toBe(null)
  })

  it.each([
    ['Okonkwi\x7fo', 'Okonkwo', 'Name: Okonkwo'],
    ['something else\x15Okonkwo', 'Okonkwo', 'Name: Okonkwo'],
    ['\x7f\x7fOko\x17\x1b[D', 'Oko', 'Name: Oko'],
  ])('in plain words has no escape sequences: %j', async (typed, answer, line) => {
    const { prompts, keyboard, lines, written, see } = open(undefined, true)
    const asked = prompts.typed('Name:')
    await see('Name: ')
    for (const key of typed.match(/\x1b\[D|./gu) ?? []) keyboard.write(key)
    keyboard.write('\r')
    expect(await asked).toBe(answer)
    expect((await lines())[0]).toBe(line)
    expect(written()).not.toContain('\x1b')
  })

  it('is declined when the terminal goes away', async () => {
    const { prompts, keyboard } = open()
    const asked = prompts.ask('Well?')
    keyboard.destroy(new Error('EIO'))
    await expect(asked).rejects.toEqual(declined)
  })

  it('ends with the reason of a signal that comes from elsewhere', async () => {
    const controller = new AbortController()
    const { prompts, keyboard, isRaw } = open(controller.signal)
    const reason = new CliError('interrupted', 'interrupted by SIGTERM', { exitCode: 143 })
    const asked = prompts.ask('Well?')
    controller.abort(reason)
    await expect(asked).rejects.toBe(reason)
    expect(isRaw()).toBe(false)
    expect(keyboard.isPaused()).toBe(true)
    await expect(prompts.ask('And now?')).rejects.toBe(reason)
  })

  it('leaves the terminal as it was, and the input paused', async () => {
    const { prompts, keyboard, isRaw } = open()
    const asked = prompts.ask('Well?')
    await until(isRaw)
    keyboard.write('yes\r')
    await asked
    expect(isRaw()).toBe(false)
    expect(keyboard.isPaused()).toBe(true)
    expect(keyboard.listenerCount('keypress')).toBe(0)
    expect(keyboard.listenerCount('close')).toBe(openTerminal().keyboard.listenerCount('close'))
  })
})

describe.concurrent('a question whose answer cannot be taken back', () => {
  const kinds = ['confirm', 'typed'] as const

  it.each(kinds)('(%s) is not answered by what was typed before it was asked', async (kind) => {
    const { prompts, keyboard, lines, see } = open()
    keyboard.write('yes\rc_1\r3\rhalf')
    const asked = prompts[kind]('Delete c_1?')
    await see('Delete c_1?')
    keyboard.write('n\r')
    expect(await answerTo(asked)).toBe(kind === 'confirm' ? false : 'n')
    expect((await lines()).join('\n')).not.toMatch(/yes|half/)
  })

  it.each(kinds)('(%s) is not answered by what came in the same chunk as an earlier answer', async (kind) => {
    const { prompts, keyboard, see } = open()
    keyboard.write('Ada\ry\ry\rhalf')
    expect(await prompts.ask('Name?')).toBe('Ada')
    const asked = prompts[kind]('Delete Ada?')
    await see('Delete Ada?')
    keyboard.write('n\r')
    expect(await answerTo(asked)).toBe(kind === 'confirm' ? false : 'n')
  })

  it.each(kinds)('(%s) is not answered by a paste that is still arriving when it is asked', async (kind) => {
    const { prompts, keyboard, see } = open()
    const asked = prompts[kind]('Delete 3?')
    for (let piece = 0; piece < 20; piece++) {
      keyboard.write('y\r'.repeat(50))
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    await see('Delete 3?')
    keyboard.write('n\r')
    expect(await answerTo(asked)).toBe(kind === 'confirm' ? false : 'n')
  })

  it.each([
    ['Esc', '\x1b'],
    ['Esc in the chunk of an earlier answer', 'Ada\r\x1b'],
    ['Ctrl-D', '\x04'],
    ['half a letter', Buffer.from([0xf0, 0x9f])],
  ])('still waits after %s that was typed ahead', async (_key, typed) => {
    const { prompts, keyboard, see } = open()
    keyboard.write(typed)
    if (String(typed).startsWith('Ada')) await prompts.ask('Name?')
    const asked = prompts.typed('Delete?')
    await see('Delete?')
    keyboard.write('c_1\r')
    expect(await asked).toBe('c_1')
  })

  it.each(['yes\x03', 'Ada\ryes\r\x03'])(
    'is interrupted by a Ctrl-C that was typed ahead (%j)',
    async (typed) => {
      const { prompts, keyboard, isRaw, written } = open()
      keyboard.write(typed)
      if (typed.startsWith('Ada')) await prompts.ask('Name?')
      await expect(prompts.typed('Delete?')).rejects.toEqual(interrupted)
      expect(written()).not.toContain('Delete?')
      expect(isRaw()).toBe(false)
      expect(keyboard.isPaused()).toBe(true)
    },
  )

  it('is declined, and never shown, where keys come without a pause', async () => {
    const { prompts, keyboard, written, isRaw } = open()
    const typing = setInterval(() => keyboard.write('y\r'), 5)
    await expect(prompts.confirm('Delete?')).rejects.toEqual(declined)
    clearInterval(typing)
    expect(written()).not.toContain('Delete?')
    expect(isRaw()).toBe(false)
  })

  it('is declined when the terminal goes away while it waits for silence', async () => {
    const { prompts, keyboard } = open()
    const asked = prompts.confirm('Delete?')
    keyboard.destroy(new Error('EIO'))
    await expect(asked).rejects.toEqual(declined)
  })

  it('ends with the reason of a signal that comes before it is shown', async () => {
    const controller = new AbortController()
    const { prompts, keyboard, isRaw } = open(controller.signal)
    const asked = prompts.confirm('Delete?')
    controller.abort(new CliError('interrupted', 'interrupted by SIGTERM', { exitCode: 143 }))
    await expect(asked).rejects.toBe(controller.signal.reason)
    expect(isRaw()).toBe(false)
    expect(keyboard.isPaused()).toBe(true)
    expect(keyboard.listenerCount('data')).toBe(0)
  })

  it('drops what is pasted with an answer that is neither yes nor no, also in pieces', async () => {
    const { prompts, keyboard, see } = open()
    const asked = prompts.confirm('Delete?')
    await see('Delete?')
    keyboard.write('ada@x.example\rrm -rf x\r')
    const later = new Promise<void>((resolve) => {
      setTimeout(() => keyboard.write('rm -rf x\r', () => resolve()), 20)
    })
    await expect(asked).rejects.toEqual(declined)
    await later
    expect(keyboard.read()).toBe(null)
  })

  it('leaves harmless questions after it what is typed ahead of these', async () => {
    const { prompts, keyboard, see } = open()
    const asked = prompts.confirm('Go on?')
    await see('Go on?')
    keyboard.write('y\rAda\rObi\r')
    await asked
    expect(await prompts.ask('First name?')).toBe('Ada')
    expect(await prompts.ask('Last name?')).toBe('Obi')
  })
})

describe.concurrent('Ctrl-Z at a question', () => {
  const kinds = ['ask', 'secret', 'confirm', 'typed'] as const

  it.each(kinds)('(%s) gives the terminal back, and asks again after fg, twice', async (kind) => {
    const { prompts, keyboard, shell, isRaw, lines, written, see } = open()
    const asked = prompts[kind]('Well?')
    await see('Well?')
    for (const times of [2, 3]) {
      keyboard.write('\x1a')
      await until(shell.isStopped)
      expect(isRaw()).toBe(false)
      expect(keyboard.isPaused()).toBe(true)
      expect((await lines()).at(-1)).not.toBe('')
      shell.resume()
      await until(() => written().split('Well?').length > times)
      expect(isRaw()).toBe(true)
    }
    keyboard.write('yes\r')
    expect(await answerTo(asked)).toBe(kind === 'confirm' ? true : 'yes')
    expect(isRaw()).toBe(false)
    expect(shell.watchers()).toBe(0)
  })

  it.each(kinds)('(%s) keeps what was typed so far, and drops what came with the key', async (kind) => {
    const { prompts, keyboard, shell, lines, written, see } = open()
    const asked = prompts[kind]('Well?')
    await see('Well?')
    keyboard.write('ye\x1ano\rno\r')
    await until(shell.isStopped)
    shell.resume()
    await until(() => written().split('Well?').length > 2)
    if (kind === 'secret') expect(written()).not.toContain('ye')
    else await until(async () => (await lines()).at(-1)?.endsWith(' ye') === true)
    keyboard.write('s\r')
    expect(await answerTo(asked)).toBe(kind === 'confirm' ? true : 'yes')
  })

  it.each(['confirm', 'typed'] as const)(
    '(%s) takes no answer from what was typed to the shell',
    async (kind) => {
      const { prompts, keyboard, shell, written, see } = open()
      const asked = prompts[kind]('Well?')
      await see('Well?')
      keyboard.write('\x1a')
      await until(shell.isStopped)
      keyboard.write('y\r')
      shell.resume()
      keyboard.write('y\r')
      await until(() => written().split('Well?').length > 2)
      keyboard.write('n\r')
      expect(await answerTo(asked)).toBe(kind === 'confirm' ? false : 'n')
    },
  )

  it('works while a question waits for typed-ahead keys to end, too', async () => {
    const { prompts, keyboard, shell, isRaw, see } = open()
    const asked = prompts.confirm('Well?')
    keyboard.write('\x1a')
    await until(shell.isStopped)
    expect(isRaw()).toBe(false)
    shell.resume()
    await see('Well?')
    keyboard.write('y\r')
    expect(await answerTo(asked)).toBe(true)
  })

  it.each([
    ['kill -TSTP', true],
    ['kill -STOP', false],
  ])('is the same as %s and kill -CONT', async (_name, isTold) => {
    const { prompts, keyboard, shell, isRaw, written, see } = open()
    const asked = prompts.secret('Key?')
    await see('Key?')
    keyboard.write('ab')
    await until(() => keyboard.readableLength === 0)
    if (isTold) {
      await shell.stop()
      expect(isRaw()).toBe(false)
    }
    shell.resume()
    await until(() => written().split('Key?').length > 2)
    keyboard.write('cd\r')
    expect(await asked).toBe('abcd')
  })

  it('is an end, if the command is interrupted meanwhile', async () => {
    const controller = new AbortController()
    const { prompts, keyboard, shell, isRaw, see } = open(controller.signal)
    const asked = prompts.ask('Well?')
    await see('Well?')
    keyboard.write('\x1a')
    await until(shell.isStopped)
    const reason = new CliError('interrupted', 'interrupted by SIGTERM', { exitCode: 143 })
    controller.abort(reason)
    shell.resume()
    await expect(asked).rejects.toBe(reason)
    expect(isRaw()).toBe(false)
  })
})

it('Backspace and Ctrl-Z work on a dumb terminal, too', async () => {
  const { prompts, keyboard, shell, lines, written, see } = open(undefined, true)
  const asked = prompts.ask('Name?')
  await see('Name?')
  keyboard.write('Adx\x7fa\x1a')
  await until(shell.isStopped)
  shell.resume()
  await until(() => written().split('Name?').length > 2)
  keyboard.write('m\r')
  expect(await asked).toBe('Adam')
  expect((await lines())[0]).toBe('Name? Ada')
})

describe.concurrent('a secret', () => {
  it.each(['\r\n\r\nkey\r\n\r\n', '\rkey\r', ' \r key \r'])(
    'may be pasted with blank lines around it: %j',
    async (pasted) => {
      const { prompts, keyboard } = open()
      keyboard.write(pasted)
      expect(await prompts.secret('Key?')).toBe('key')
    },
  )

  it('is all that was pasted, also in pieces, so that nothing is left for the shell', async () => {
    const { prompts, keyboard, written, see, isRaw } = open()
    const asked = prompts.secret('Key?')
    await see('Key?')
    keyboard.write('key\recho ')
    await new Promise((resolve) => setTimeout(resolve, 40))
    keyboard.write('leak\rmore')
    expect((await asked).split('\n')).toEqual(['key', 'echo leak'])
    keyboard.write('and more\r')
    await prompts.discard()
    expect(isRaw()).toBe(false)
    expect(keyboard.readableLength).toBe(0)
    expect(written()).not.toMatch(/leak|more/)
  })

  it('is empty when Enter alone is pressed', async () => {
    const { prompts, keyboard } = open()
    keyboard.write('\r')
    expect(await prompts.secret('Key?')).toBe('')
  })
})

describe.concurrent('text of others in a question', () => {
  const forged = 'c_1\x1b[2K\rDelete 0?\nAnd\u202enow'
  it.each(['ask', 'secret', 'confirm', 'typed'] as const)(
    'is made visible by %s, so that it can neither erase nor forge anything',
    async (kind) => {
      const { prompts, keyboard, see, lines, written } = open()
      const asked = prompts[kind](`Delete ${forged}?`)
      await see('Delete')
      keyboard.write('n\r')
      await answerTo(asked)
      expect((await lines())[0]).toContain('Delete c_1\\x1b[2K\\x0dDelete 0?\\x0aAnd\\u202enow?')
      expect(written()).not.toContain('\x1b[2K\r')
      expect(written()).not.toContain('\u202e')
    },
  )

  it('is made visible where the answer was typed ahead, and the answer too', async () => {
    const { prompts, keyboard, written } = open()
    keyboard.write('one\rtwo\x9b2K\r')
    await prompts.ask('1?')
    await prompts.ask(forged)
    expect(written()).toContain('c_1\\x1b[2K\\x0dDelete 0?\\x0aAnd\\u202enow two\\x9b2K')
  })
})

describe.concurrent('several questions in a row', () => {
  it('lose nothing that was typed or pasted ahead', async () => {
    const { prompts, keyboard, lines } = open()
    keyboard.write('Ada\rLovelace\rada@')
    expect(await prompts.ask('First name:')).toBe('Ada')
    expect(await prompts.ask('Last name:')).toBe('Lovelace')
    const email = prompts.ask('Email:')
    keyboard.write('orafi.app\r')
    expect(await email).toBe('ada@orafi.app')
    expect(await lines()).toEqual(['First name: Ada', 'Last name: Lovelace', 'Email: ada@orafi.app'])
  })

  it('show nothing of a secret that was pasted together with the answer before', async () => {
    const { prompts, keyboard, written } = open()
    keyboard.write('default\rora_test_secret\r')
    expect(await prompts.ask('Profile:')).toBe('default')
    expect(await prompts.secret('API key:')).toBe('ora_test_secret')
    expect(written()).not.toContain('ora_test_secret')
  })

  it('take answers that end in CRLF', async () => {
    const { prompts, keyboard } = open()
    keyboard.write('one\r\ntwo\r\n')
    expect(await prompts.ask('1?')).toBe('one')
    expect(await prompts.ask('2?')).toBe('two')
  })

  it('keep what comes between them', async () => {
    const { prompts, keyboard } = open()
    const first = prompts.ask('1?')
    keyboard.write('one\r')
    await first
    keyboard.write('two\r')
    await new Promise((resolve) => setTimeout(resolve, 2))
    expect(await prompts.ask('2?')).toBe('two')
  })
})
