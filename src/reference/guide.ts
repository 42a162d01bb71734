/** An exit code that a command may end with, and what it means there, where that says more than its usual meaning. */
export type Exit = number | readonly [exit: number, meaning: string]

/** What is told of a command besides its arguments and options, which commander knows. */
export interface Guide {
  /** Command lines to copy, two or more. */
  readonly examples: readonly string[]
  /** Exit codes besides those that every command may end with (0, 1, 2 and the interrupted ones). */
  readonly exits?: readonly Exit[]
  /** What `--json` prints. */
  readonly json?: string
  /** What else is worth knowing: paragraphs, an empty line between them. */
  readonly notes?: string
}

/** The exit codes of whatever sends requests. */
export const requestExits: readonly Exit[] = [4, 5]

const told = Symbol('guide')

/** Keeps with a command what is told of it: its help, the man page, docs/ and `orafi commands` read it from there. */
export function guide(command: object, guide: Guide): void {
  Object.assign(command, { [told]: guide })
}

/** What is told of a command; nothing, where nothing was. */
export function guideOf(command: object): Guide {
  const { [told]: guide = { examples: [] } } = command as { readonly [told]?: Guide }
  return guide
}
