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
export function shortened(text: string, most = longestShown): string {
  if (text.length <= most) return text
  // Removes half of a surrogate pair at the end.
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`
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
  return isNarrow.test(text) ? text.length : stringWidth(text)
}

/** Most texts, and what joins them in a line; measuring these is slow if there are many. */
const isNarrow = /^[ -~\u00a0-\u00ac\u00ae-\u017f…→]*$/

const segments = new Intl.Segmenter()

function lettersOf(text: string): string[] {
  if (/^[ -~]*$/.test(text)) return [...text]
  return Array.from(segments.segment(text), ({ segment }) => segment)
}

/** The first letters that fit a width in columns. */
function fitting(letters: readonly string[], width: number): string[] {
  let left = width
  const end = letters.findIndex((letter) => {
    left -= widthOf(letter)
    return left < 0
  })
  return end === -1 ? [...letters] : letters.slice(0, end)
}

/**
 * Cuts a `shortened` text to a width in columns, with an ellipsis if something is missing. Never cuts inside a letter.
 */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  return `${fitting(lettersOf(text), width - 1)
    .join('')
    .trimEnd()}…`
}

/**
 * Shortens a `shortened` e-mail in the middle of its local part, whose ends and whose domain tell addresses apart:
 * `temit…bakare@yahoo.com`. A domain that leaves less than seven columns is shortened in the same way.
 */
export function middleOf(email: string, width: number): string {
  const at = email.lastIndexOf('@')
  const [local, domain] = at === -1 ? [email, ''] : [email.slice(0, at), email.slice(at)]
  const domainWidth = Math.min(widthOf(domain), width - Math.min(widthOf(local), at === -1 ? width : 7))
  return middleCut(local, width - domainWidth) + middleCut(domain, domainWidth)
}

function middleCut(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  const letters = lettersOf(text)
  const start = fitting(letters, Math.floor((width - 1) / 2)).join('')
  const end = fitting(letters.reverse(), Math.ceil((width - 1) / 2)).reverse()
  return `${start}…${end.join('')}`
}

function isBreak(mark: string, next: string): boolean {
  return /\s/.test(mark) || (/[,;@.+_/-]/.test(mark) && !/\d/.test(next))
}

/**
 * Wraps a `shortened` text to a width in columns: after a blank or a mark if that leaves half a line, else between
 * letters. Nothing is lost.
 * @param indent of the lines after the first; ASCII
 */
export function wrapTo(text: string, width: number, indent = '  '): string[] {
  const lines: string[] = []
  let line: string[] = []
  let taken = 0
  for (const letter of lettersOf(text)) {
    const wide = widthOf(letter)
    // A blank may stand beyond the end of a line, where nobody sees it, but not at the start of the next.
    if (taken + wide > width && line.length > 0 && (letter !== ' ' || taken > width)) {
      // Not inside a number.
      const mark = line.findLastIndex((each, index) => isBreak(each, line[index + 1] ?? letter)) + 1
      const rest = widthOf(line.slice(mark).join(''))
      const fits = mark > 0 && rest * 2 <= width && indent.length + rest + wide <= width
      const next = fits ? line.splice(mark) : []
      lines.push(line.join(''))
      line = [indent, ...next]
      taken = indent.length + (fits ? rest : 0)
    }
    line.push(letter)
    taken += wide
  }
  return [...lines, line.join('')]
}

/** Lines of words. A no-break space keeps two of them together, and is printed as a space. */
export function flowedWords(text: string, width: number): string[] {
  return flowed(text.split(' '), ' ', width).map((line) => line.replaceAll('\u00a0', ' '))
}

/** Lines of parts, as many in each as fit; a part that is too wide is broken. */
export function flowed(parts: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const part of parts) {
    const longer = line === '' ? part : `${line}${separator}${part}`
    if (line !== '' && widthOf(longer) > width) {
      lines.push(...wrapTo(line, width))
      line = part
    } else line = longer
  }
  return [...lines, ...wrapTo(line, width)]
}
