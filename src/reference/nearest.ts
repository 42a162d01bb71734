import leven from 'leven'

/** The most letters that are put right. */
const mostWrong = 3

/**
 * The word that was probably meant; undefined where none is near. A word that differs by more letters in length alone
 * is not compared, so that it does not matter how long a text was typed. @param distanceOf counts wrong letters
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
