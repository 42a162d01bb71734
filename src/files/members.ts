/** A member of a JSON object: its key, and where its text stands. */
export interface Member {
  readonly key: string
  readonly start: number
  readonly end: number
}

const string = /"[^"\\]*(?:\\.[^"\\]*)*"/y
const space = /\s*/y

/**
 * The members of an object, by where they stand in its text: what is done with them leaves every other character of
 * it alone, numbers that no double can hold among them. `text` must be the JSON of an object.
 */
export function membersOf(text: string): Member[] {
  const members: Member[] = []
  let at = text.indexOf('{') + 1
  while (at < text.length) {
    const start = at + lengthOf(space, text, at)
    const end = memberEnd(text, start)
    if (end > start) members.push({ key: keyAt(text, start), start, end })
    at = end + 1
  }
  return members
}

/** Where the member's comma, or the object's last bracket, stands. */
function memberEnd(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const sign = text[at]
    if (sign === '"') {
      at += lengthOf(string, text, at) - 1
    } else if (sign === '{' || sign === '[') depth++
    else if (depth === 0 && (sign === ',' || sign === '}')) return at
    else if (sign === '}' || sign === ']') depth--
  }
  return text.length
}

function keyAt(text: string, start: number): string {
  return String(JSON.parse(text.slice(start, start + lengthOf(string, text, start))))
}

/** Of what stands at `at`, for which `pattern` is sticky. */
function lengthOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0].length ?? 0
}
