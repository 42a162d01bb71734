/** Mutants that change nothing that could be seen, and why. */
export const equivalent: readonly {
  readonly file: string
  readonly text: string
  readonly change: string
  readonly why: string
}[] = []
