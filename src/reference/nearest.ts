import leven from 'leven'

/** The maximum edit distance of a suggestion. */
const mostWrong = 3

/**
 * The known word closest to a mistyped one; undefined if none is close. Words that differ too much in length are not
 * compared, so that a long text costs nothing. @param distanceOf the edit distance
 */
export function nearest(typed: string, known: readonly string[], distanceOf = leven): string | undefined {
  const [best] = known
    .filter((word) => Math.abs(word.length - typed.length) <= mostWrong)
    .map((word) => ({ word, distance: distanceOf(typed, word) }))
    .filter(
      ({ word, distance }) => distance <= mostWrong && distance <= Math.max(typed.length, word.length) * 0.6,
    )
    .sort((a, b) => a.distance - b.distance)
  return best?.word
}
