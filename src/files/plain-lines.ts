/**
 * Finds lines of a CSV that hold no quote and end in `\n` or `\r\n`: their delimiters are delimiters. Returned as a
 * function that is asked for growing positions and says where the line that begins there has its `\n`; -1 where it is
 * no such line, or goes on behind the text. Each sign is looked for once, however often it is asked for.
 */
export function createLineFinder(text: string): (start: number) => number {
  const newline = createFinder(text, '\n')
  const carriageReturn = createFinder(text, '\r')
  const quote = createFinder(text, '"')
  return (start) => {
    const end = newline(start)
    return end === text.length || quote(start) < end || carriageReturn(start) < end - 1 ? -1 : end
  }
}

/** Where the sign stands next, from `start` on; the text's length where it does not. */
function createFinder(text: string, sign: string): (start: number) => number {
  let at = -1
  return (start) => {
    if (at >= start) return at
    at = text.indexOf(sign, start)
    if (at < 0) at = text.length
    return at
  }
}
