import { bashCompletion } from './bash.ts'
import type { Reference } from './describe.ts'
import { fishCompletion } from './fish.ts'
import type { Shell } from './shell-names.ts'
import { zshCompletion } from './zsh.ts'

/** What writes the completion script of a shell. */
export const completions: Readonly<Record<Shell, (reference: Reference) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
}
