import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'
import { createEditor, type EditorOptions, type LineOptions } from './editor.ts'

/**
 * Questions on the terminal; a spinner is stopped before. A question may hold text from anywhere: control characters
 * in it, newlines too, are made visible, so that an id or e-mail cannot forge another question.
 */
export interface Prompts {
  /** Asks `question [y/N] `: whether the answer was `y` or `yes`, in capitals or not. Discards what was typed ahead. */
  confirm(question: string): Promise<boolean>
  /**
   * What a person types to go on with what cannot be undone, without white space around it. Discards what was typed
   * ahead; whether it is what was expected is for the caller to say.
   */
  typed(question: string): Promise<string>
  /** A harmless answer without white space around it; empty where nothing was typed. Takes what was typed ahead. */
  ask(question: string): Promise<string>
  /** The same, and nothing of what is typed is shown. */
  secret(question: string): Promise<string>
}

/**
 * Asks one question after the other. Each throws `interrupted` (130) on Ctrl-C, `declined` on Esc and at the end of
 * input (docs/contract.md#asking), and the signal's reason when that aborts. Afterwards the terminal is as it was and
 * the input paused, so that the process can end and Ctrl-C is a signal again.
 */
export function createPrompts(options: EditorOptions): Prompts {
  const editor = createEditor(options)
  const answer = async (question: string, how: LineOptions): Promise<string> => {
    const shown = visible(question)
    const reading = await editor.readLine(/\s$/.test(shown) ? shown : `${shown} `, how)
    if (reading.kind === 'line') return reading.text.trim()
    if (reading.kind === 'interrupted') throw new CliError('interrupted', 'interrupted', { exitCode: 130 })
    throw new CliError('declined', 'no answer was given')
  }
  const typed = (question: string): Promise<string> => answer(question, { echo: true, typedAhead: 'discard' })
  return {
    confirm: async (question) => /^y(es)?$/i.test(await typed(`${question} [y/N]`)),
    typed,
    ask: (question) => answer(question, { echo: true, typedAhead: 'keep' }),
    secret: (question) => answer(question, { echo: false, typedAhead: 'keep' }),
  }
}
