import stringWidth from 'string-width'

/**
 * The columns that a text takes on a terminal: two for East Asian wide characters and emoji (a family is one
 * emoji), none for combining marks.
 *
 * Arabic and Hebrew are counted like other letters and written in the order they are typed in. Most terminals draw
 * them so; those that reorder a line may swap two such cells that stand side by side. Isolating each cell
 * (U+2068 … U+2069) would prevent it there, but other terminals draw these characters as boxes, which moves the
 * columns of everybody, and they would be copied along with a name. So nothing is added.
 */
export function widthOf(text: string): number {
  return stringWidth(text)
}

const segments = new Intl.Segmenter()

/** Cuts a text to a width in columns, with an ellipsis where something is missing. Never cuts inside a letter. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let cut = ''
  let taken = 0
  for (const { segment } of segments.segment(text)) {
    taken += widthOf(segment)
    if (taken > width - 1) break
    cut += segment
  }
  return `${cut.trimEnd()}…`
}
