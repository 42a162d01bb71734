import { createPaint } from './columns.ts'
import { widthOf } from './width.ts'

/**
 * A message for a terminal: wrapped between words, and the words that warn have colour. Ids, URLs and commands are never
 * broken, so that they can be copied (docs/contract.md#messages).
 * @param text visible(), maybe of several lines
 * @param columns the width of the terminal; undefined or 0 if unknown
 */
export function renderMessage(text: string, columns: number | undefined, colour: boolean): string {
  const lines = text.split('\n').map((line) => wrapped(line, columns || 80))
  const paint = createPaint(colour)
  return lines
    .join('\n')
    .replace(/\b(?:LIVE|DELETE)\b/g, (found) => paint.danger(found))
    .replace(/^error:/, (found) => paint.danger(found))
    .replace(/^warning:/, (found) => paint.difference(found))
    .replace(/(?<=^|\n)(?:hint|note):/g, (found) => paint.label(found))
}

const word = String.raw`(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+`
/**
 * Commands in a text. After a colon, up to the end of the clause. In a sentence the words of the command, and then flags
 * with their values, words in capitals or quotes, and those that have a digit or a sign.
 */
const command = new RegExp(
  [
    String.raw`(?<=: )(?:[A-Z_]+=\S+ )*orafi(?:'[^']*'|"[^"]*"|\\.|[,.](?=\S)|[^;,.()'"\\·\n])*`,
    String.raw`\borafi(?: [a-z]+\b(?!['’])){1,2}(?: --?[a-z-]+(?:[ =]${word})?| (?=['"A-Z]|\S*[\d@/=])${word})*`,
  ].join('|'),
  'g',
)

/** Longer words are not measured, which would take long; no screen is as wide. */
const longestMeasured = 1_000

/** A line wrapped to a width, with its indentation; a word that is wider has a line of its own. */
function wrapped(line: string, width: number): string {
  if (line.length <= width && widthOf(line) <= width) return line
  const indent = /^ */.exec(line)?.[0] ?? ''
  return `${indent}${wrappedWords(line.trimStart(), width - indent.length).replaceAll('\n', `\n${indent}`)}`
}

function wrappedWords(line: string, width: number): string {
  // A space inside a command is not a place to break: NUL, which visible() texts do not contain, stands for it.
  const words = line.replace(
    command,
    (found) => found.trimEnd().replaceAll(' ', '\0') + (/ *$/.exec(found)?.[0] ?? ''),
  )
  let taken = 0
  let text = ''
  for (const [index, each] of words.split(' ').entries()) {
    const wide = each.length > longestMeasured ? each.length : widthOf(each.replaceAll('\0', ' '))
    const fits = index > 0 && taken + 1 + wide <= width
    text = index === 0 ? each : fits ? `${text} ${each}` : `${text.trimEnd()}\n${each}`
    taken = fits ? taken + 1 + wide : wide
  }
  return text.replaceAll('\0', ' ')
}
