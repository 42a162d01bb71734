/** Words that belong to the last name that follows them. */
const particles = new Set(
  'van von der den de del della di da dos das do du la le lo los las bin ibn bint ben al el ul abu abd mc mac o st san santa ter ten te zu zur zum af av'.split(
    ' ',
  ),
)

/** Words after the last name. They stay with it, and are no last name by themselves. */
const suffixes = /^(?:jr|sr|jnr|snr|ii|iii|iv|phd|md|esq|mba|bsc|msc|cpa|dds|rn|oon|mfr|gcfr|gcon)\.?$/i

/**
 * Splits a whole name into the two that Orafi requires. The last word is the last name, together with the particles
 * before it (van der, bin, al-) and the suffixes after it (Jr.); `Obi, Ada` is turned; honorifics stay where they are. A
 * single word is a first name.
 */
export function splitName(text: string): { readonly firstname: string; readonly lastname: string } {
  const [before = '', after, ...more] = text.replace(/[\s,]+$/, '').split(/\s*[,،]\s*/)
  if (after !== undefined && !isSuffix(after)) {
    const isTurned = before !== '' && more.every(isSuffix)
    // Three parts may be a company, or a name and a place.
    return isTurned ? { firstname: after, lastname: [before.trim(), ...more].join(', ') } : unsplit(text)
  }
  const words = text.trim().split(/\s+/)
  let start = words.length - 1
  while (start > 1 && isSuffix(words[start] ?? '')) start--
  while (start > 1 && isParticle(words[start - 1] ?? '')) start--
  if (words.length === 1) return unsplit(text)
  return { firstname: words.slice(0, start).join(' '), lastname: words.slice(start).join(' ') }
}

function unsplit(text: string): { firstname: string; lastname: string } {
  return { firstname: text.trim(), lastname: '' }
}

function isParticle(word: string): boolean {
  return particles.has(word.toLowerCase().replace(/['’.-]$/, ''))
}

function isSuffix(text: string): boolean {
  return text.split(/\s+/).every((word) => suffixes.test(word))
}
