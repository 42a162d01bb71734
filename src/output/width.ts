import stringWidth from 'string-width'

/**
 * The most characters of a text that a terminal shows: more than any real name, e-mail or id. Texts are untrusted, and
 * measuring or breaking 100,000 letters takes minutes.
 */
const longestShown = 1_000

/**
 * A text for a terminal: its first 1,000 characters, with an ellipsis if more follow. TSV, CSV and JSON are not
 * shortened.
 */
export function shortened(text: string): string {
  if (text.length <= longestShown) return text
  // Removes half of a surrogate pair at the end.
  return `${text.slice(0, longestShown - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/**
 * The width of a text in terminal columns: two for East Asian wide characters and emoji (a family is one emoji), none
 * for combining marks.
 *
 * Arabic and Hebrew count like other letters. Terminals that reorder bidirectional lines may swap two adjacent cells of
 * them. Isolating each cell (U+2068 … U+2069) would prevent that, but other terminals draw these characters as boxes,
 * and they would be copied along with a name.
 */
export function widthOf(text: string): number {
  return stringWidth(text)
}

const segments = new Intl.Segmenter()

/**
 * Cuts a `shortened` text to a width in columns, with an ellipsis if something is missing. Never cuts inside a letter.
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
 * Wraps a `shortened` text to a width in columns: broken between letters, lines after the first indented by two.
 * @param measure the width of a letter; called once for each
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
