import { CliError } from '../errors.ts'
import { createEditor, type EditorOptions } from './editor.ts'

/** Questions on the terminal. Their text is visible already; a spinner is stopped before. */
export interface Prompts {
  /** Asks `question [y/N] `: whether the answer was `y` or `yes`, in capitals or not. */
  confirm(question: string): Promise<boolean>
  /** The answer without white space around it; empty where nothing was typed. */
  ask(question: string): Promise<string>
  /** The same, and nothing of what is typed is shown. */
  secret(question: string): Promise<string>
}

/**
 * Asks one question after the other. What was typed or pasted ahead of a question is kept for it.
 * Each throws `interrupted` (130) on Ctrl-C, `declined` on Esc and at the end of input (contract, "Global
 * options"), and the signal's reason when that aborts. Afterwards the terminal is as it was and the input paused,
 * so that the process can end and Ctrl-C is a signal again.
 */
export function createPrompts(options: EditorOptions): Prompts {
  const editor = createEditor(options)
  const answer = async (question: string, echo: boolean): Promise<string> => {
    const reading = await editor.readLine(question, echo)
    if (reading.kind === 'line') return reading.text.trim()
    if (reading.kind === 'interrupted') throw new CliError('interrupted', 'interrupted', { exitCode: 130 })
    throw new CliError('declined', 'no answer was given')
  }
  return {
    confirm: async (question) => /^y(es)?$/i.test(await answer(`${question} [y/N] `, true)),
    ask: (question) => answer(spaced(question), true),
    secret: (question) => answer(spaced(question), false),
  }
}

function spaced(question: string): string {
  return /\s$/.test(question) ? question : `${question} `
}
