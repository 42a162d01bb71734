/** Words that belong to the last name that follows them, without their punctuation. */
const particles = new Set(
  'van von der den de del della di da dos das do du la le lo los las bin ibn bint ben al el ul abu abd mc mac o st san santa ter ten te zu zur zum af av بن ابن بنت أبو ابو آل ال عبد'.split(
    ' ',
  ),
)

/** Words between two parts of a last name. */
const conjunctions = new Set(['y', 'e'])

/** `Abd al-Rahman` and `عبد الله` are one name. */
const unfinished = /^(?:abd|عبد)$/i

/** Words after the last name. They stay with it, and are no last name by themselves. */
const suffixes =
  /^(?:(?:jr|sr|jnr|snr|ii|iii|iv|phd|md|esq|mba|bsc|msc|cpa|dds|rn|oon|mfr|gcfr|gcon)\.?|\(.*\))$/i

/** Two people, a company, or a name and something else. */
const notOneName =
  /[&/;|+=<>@#_\d]|\s[-–—]|(?<!\S)(?:and|und|et|inc|ltd|llc|llp|plc|gmbh|limited|corp|corporation|ltda|enterprises?)(?![^\s.,])/i

/** Longer texts are not names, and would take long to divide; characters. */
const longestName = 1_000

/**
 * Splits a whole name into the two that Orafi requires. The last word is the last name, together with the particles
 * before it (van der, bin, al-) and what follows it (Jr., a text in brackets); `Obi, Ada` is turned; honorifics stay where
 * they are. A single word, and what may not be the name of one person, is a first name.
 */
export function splitName(text: string): { readonly firstname: string; readonly lastname: string } {
  if (text.length > longestName || notOneName.test(text)) return unsplit(text)
  const [before = '', after, ...more] = text.replace(/[\s,]+$/, '').split(/\s*[,،]\s*/)
  if (after !== undefined && !isSuffix(after)) {
    const isTurned = before !== '' && more.every(isSuffix)
    // Three parts may be a company, or a name and a place.
    return isTurned ? { firstname: after, lastname: [before.trim(), ...more].join(', ') } : unsplit(text)
  }
  const words = wordsOf(text)
  let start = words.length - 1
  while (start > 0 && isSuffix(words[start] ?? '')) start--
  while (start > 1) {
    const previous = words[start - 1] ?? ''
    if (isParticle(previous)) start--
    else if (start > 2 && conjunctions.has(previous.toLowerCase())) start -= 2
    else break
  }
  if (start < 1 || words.slice(0, start).every((word) => unfinished.test(word))) return unsplit(text)
  return { firstname: words.slice(0, start).join(' '), lastname: words.slice(start).join(' ') }
}

function unsplit(text: string): { firstname: string; lastname: string } {
  return { firstname: text.trim(), lastname: '' }
}

/** The words of a name; a text in brackets is one. */
function wordsOf(text: string): readonly string[] {
  return text.trim().match(/\([^()]*\)|\S+/g) ?? []
}

function isParticle(word: string): boolean {
  return particles.has(word.toLowerCase().replace(/['’.-]$/, ''))
}

function isSuffix(text: string): boolean {
  return wordsOf(text).every((word) => suffixes.test(word))
}
