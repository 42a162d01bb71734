import { CliError } from '../errors.ts'
import { renderMessage } from '../output/message.ts'
import { visible } from '../visible.ts'
import { createEditor, discard, type EditorOptions, type LineOptions } from './editor.ts'

/**
 * Prompts on the terminal. A question may contain untrusted text: control characters in it, also newlines, are made
 * visible, so that an id or e-mail cannot forge another question.
 */
export interface Prompts {
  /**
   * Asks `question [y/N] `; throws `declined` unless the answer is `y` or `yes`. Discards what was typed ahead, and what
   * was pasted with an answer that is neither yes nor no.
   */
  confirm(question: string): Promise<void>
  /**
   * Asks for a text to confirm what cannot be undone, and returns it trimmed; the caller compares it. Discards what was
   * typed ahead.
   */
  typed(question: string): Promise<string>
  /** Asks for a text and returns it trimmed, maybe empty. Accepts what was typed ahead. */
  ask(question: string): Promise<string>
  /** As `ask`, without showing what is typed; with all lines that were pasted. */
  secret(question: string): Promise<string>
  /** Discards what was typed since, so that the rest of what was pasted does not reach the shell. */
  discard(): Promise<void>
}

export interface PromptOptions extends EditorOptions {
  readonly colour: boolean
  /** What a question that is not answered leaves as it was: `nothing was deleted`. */
  readonly otherwise: string
}

/**
 * Each prompt throws `interrupted` (130) on Ctrl-C, `declined` on Esc and at the end of input, and the signal's reason
 * when it aborts (docs/contract.md#asking); the message says `otherwise`. Afterwards the terminal is restored and the
 * input paused, so that the process can exit and Ctrl-C is a signal again.
 */
export function createPrompts(options: PromptOptions): Prompts {
  const { otherwise } = options
  const editor = createEditor(options)
  const discardRest = async (): Promise<void> => {
    if ((await discard(options)) === undefined) options.input.setRawMode?.(false)
  }
  const answer = async (question: string, how: LineOptions): Promise<string> => {
    const shown = renderMessage(visible(question), options.output.columns, options.colour)
    const reading = await editor.readLine(/\s$/.test(shown) ? shown : `${shown} `, how)
    if (reading.kind === 'line') return reading.text.trim()
    if (reading.kind === 'tooLong') {
      await discardRest()
      throw new CliError('declined', `the answer is too long; ${otherwise}`)
    }
    if (reading.kind === 'interrupted')
      throw new CliError('interrupted', `interrupted; ${otherwise}`, { exitCode: 130 })
    throw new CliError('declined', otherwise)
  }
  const typed = (question: string): Promise<string> => answer(question, { echo: true, typedAhead: 'discard' })
  return {
    async confirm(question) {
      const reply = await typed(`${question} [y/N]`)
      if (/^y(es)?$/i.test(reply)) return
      // Something else was pasted by mistake.
      if (!/^(no?)?$/i.test(reply)) await discardRest()
      throw new CliError('declined', otherwise)
    },
    typed,
    ask: (question) => answer(question, { echo: true, typedAhead: 'keep' }),
    secret: (question) => answer(question, { echo: false, typedAhead: 'keep' }),
    discard: discardRest,
  }
}
