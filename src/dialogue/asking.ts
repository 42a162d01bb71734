import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'

/**
 * Where a question would come and nobody can be asked, `--yes` has to be given, or nothing is done
 * (docs/contract.md#asking). `what` is what has to be confirmed. Throws `usage`.
 */
export function checkAskable(
  context: Context,
  { yes }: { readonly yes?: true | undefined },
  what: string,
  more = '',
): void {
  if (yes || context.canAsk) return
  throw new CliError('usage', `${what} has to be confirmed, and there is nobody to ask`, {
    hint: `run it on a terminal, or say --yes${more}`,
  })
}

/** What a person has to type to go on. It is never empty, since Enter alone would confirm then. */
export class ExpectedAnswer {
  readonly #text: string
  /** What the text is: `the e-mail`. */
  readonly called: string

  constructor(text: string, called: string) {
    if (text === '' || text.trim() !== text) throw new Error('a confirmation needs a text that can be typed')
    this.#text = text
    this.called = called
  }

  get text(): string {
    return this.#text
  }
}

/** Asks a person to type a text. Throws `declined`, with `otherwise` as what was not done, for any other answer. */
export async function confirmByTyping(
  context: Context,
  expected: ExpectedAnswer,
  otherwise: string,
): Promise<void> {
  const prompts = await context.prompts()
  const answer = await prompts.typed(`Type ${expected.called} (${expected.text}) to go on: `)
  if (answer !== expected.text) throw new CliError('declined', `the answer does not match; ${otherwise}`)
}
