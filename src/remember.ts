/**
 * A function that remembers its results, for texts that repeat. Bounded, since the texts come from outside: all results
 * are dropped when there are `most`.
 * @param work gives the same result for the same text, and never undefined
 */
export function remember<Result>(most: number, work: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    if (known.size >= most) known.clear()
    const result = work(text)
    known.set(text, result)
    return result
  }
}
