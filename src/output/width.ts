import stringWidth from 'string-width'

/**
 * The most characters of a text that are looked at for a terminal: more than any name, e-mail or id has. Names come
 * from strangers, and measuring or breaking 100,000 letters takes minutes.
 */
const longestShown = 1_000

/**
 * A text as a terminal has it: its first 1,000 characters, with an ellipsis where more follow. TSV, CSV and JSON cut
 * nothing.
 */
export function shortened(text: string): string {
  if (text.length <= longestShown) return text
  // No half of a surrogate pair is left at the end.
  return `${text.slice(0, longestShown - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

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

/**
 * Cuts a text that is `shortened` already to a width in columns, with an ellipsis where something is missing. Never
 * cuts inside a letter.
 */
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

/**
 * A text that is `shortened` already in lines of a width in columns, broken between letters and all but the first
 * indented by two. @param measure how wide a letter is; asked once for each
 */
export function wrapTo(text: string, width: number, measure = widthOf): string[] {
  const lines: string[] = []
  let line = ''
  let taken = 0
  for (const { segment } of segments.segment(text)) {
    const wide = measure(segment)
    if (taken + wide > width && line !== '') {
      lines.push(line)
      line = '  '
      taken = 2
    }
    line += segment
    taken += wide
  }
  return [...lines, line]
}
