import anyAscii from 'any-ascii'

/** A folded word in Latin letters, as an address has it: `щербаков` is `shcherbakov`, `محمد` is `mhmd`, `文静` is `wenjing`. */
export function inLatin(word: string): string {
  if (/^[a-z0-9]*$/.test(word)) return word
  const known = remembered.get(word)
  if (known !== undefined) return known
  if (remembered.size >= mostRemembered) remembered.clear()
  const latin = anyAscii(word)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '')
  remembered.set(word, latin)
  return latin
}

/** A bounded cache, since names repeat. */
const remembered = new Map<string, string>()
const mostRemembered = 20_000

/** Whether a word has its vowels, unlike one in Arabic or Hebrew letters. */
export function hasVowels(word: string): boolean {
  return !/[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/.test(word)
}

/**
 * The consonants of a word in Latin letters, since Arabic and Hebrew are written without vowels and every language
 * writes sounds in its own way: `mohammed`, `muhamad` and `mhmd` are alike. A vowel at the start counts as `a`.
 */
export function consonants(word: string): string {
  const sounds = word
    .replace(/ph/g, 'f')
    .replace(/c(?=[eiy])/g, 's')
    .replace(/[ckq]+h?/g, 'k')
    .replace(/z/g, 's')
    .replace(/[wu]/g, 'v')
    .replace(/(?<=[^aeiouyv])h/g, '')
  return `${/^[aeiouy]/.test(sounds) ? 'a' : ''}${sounds.replace(/[aeiouyv]/g, '')}`.replace(/(.)\1+/g, '$1')
}
