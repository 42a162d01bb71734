import type { ErrorCode } from '../errors.ts'

/**
 * An exit code of a command, with its meaning there if that is more specific than the usual one, and the `error.code` if
 * the exit code has several.
 */
export type Exit = number | readonly [exit: number, meaning: string, code?: ErrorCode]

/** Documentation of a command besides its description, arguments and options. */
export interface Guide {
  /** Two or more command lines to copy. */
  readonly examples: readonly string[]
  /** Exit codes besides those of every command (0, 1, 2 and the interrupted ones). */
  readonly exits?: readonly Exit[]
  /** What `--json` prints. */
  readonly json?: string
  /** Further paragraphs, separated by empty lines. */
  readonly notes?: string
}

/** The exit codes of commands that send requests. */
export const requestExits: readonly Exit[] = [4, 5]

const guideKey = Symbol('guide')

/** Attaches the documentation of a command, for its help, the man page, docs/ and `orafi commands`. */
export function guide(command: object, guide: Guide): void {
  Object.assign(command, { [guideKey]: guide })
}

/** The documentation attached to a command; empty if there is none. */
export function guideOf(command: object): Guide {
  const { [guideKey]: guide = { examples: [] } } = command as { readonly [guideKey]?: Guide }
  return guide
}
