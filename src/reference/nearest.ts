import leven from 'leven'

/** The word that was probably meant; undefined where none is near. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((word) => ({ word, distance: leven(typed, word) }))
    .filter(({ word, distance }) => distance <= 3 && distance <= Math.max(typed.length, word.length) * 0.6)
    .sort((a, b) => a.distance - b.distance)
  return best?.word
}
