import table from './latin.json' with { type: 'json' }

/** A folded word in Latin letters, as an address has it: `щербаков` is `shcherbakov`, `محمد` is `mhmd`, `文静` is `wenjing`. */
export function inLatin(word: string): string {
  if (/^[a-z0-9]*$/.test(word)) return word
  const known = remembered.get(word)
  if (known !== undefined) return known
  if (remembered.size >= mostRemembered) remembered.clear()
  const latin = Array.from(word.normalize('NFC'), latinOf).join('')
  remembered.set(word, latin)
  return latin
}

/** A bounded cache, since names repeat. */
const remembered = new Map<string, string>()
const mostRemembered = 20_000

const blocks = new Map<number, readonly string[]>()

function latinOf(letter: string): string {
  if (/[a-z0-9]/.test(letter)) return letter
  const code = letter.codePointAt(0) ?? 0
  if (code >= firstSyllable && code <= lastSyllable) return syllable(code - firstSyllable)
  const block = code >>> 8
  const letters = blocks.get(block) ?? rowOf(block)
  blocks.set(block, letters)
  return letters[code & 255] ?? ''
}

/** A row of the table, which `npm run docs` writes (see `scripts/latin.ts`). */
function rowOf(block: number): readonly string[] {
  const rows: Readonly<Record<string, string>> = table
  return rows[block.toString(16)]?.split(' ') ?? []
}

const firstSyllable = 0xac00
const lastSyllable = 0xd7a3
const initials = 'g kk n d tt r m b pp s ss  j jj ch k t p h'.split(' ')
const vowels = 'a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i'.split(' ')
const finals = ' k k k n n n t l l l l l l l l m p p t t ng t t k t p t'.split(' ')

/** A Korean syllable by the official romanisation. @param number from 0, in the order of Unicode */
function syllable(number: number): string {
  const initial = initials[Math.floor(number / (21 * 28))]
  const vowel = vowels[Math.floor(number / 28) % 21]
  return `${initial}${vowel}${finals[number % 28]}`
}

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
