import { remember } from '../remember.ts'
import table from './latin.json' with { type: 'json' }
import surnames from './surnames.json' with { type: 'json' }

/** A folded word in Latin letters, as an address has it: `щербаков` is `shcherbakov`, `محمد` is `mhmd`, `文静` is `wenjing`. */
export function inLatin(word: string): string {
  return /^[a-z0-9]*$/.test(word) ? word : transliterated(word)
}

/** Names repeat. */
const transliterated = remember(20_000, (word) => {
  const latin = Array.from(word.normalize('NFC'), latinOf).join('')
  // The shortest vowel is not written: `መኮንን` is Mekonen or Mekonnen.
  return /^\p{Script=Ethiopic}/u.test(word) ? latin.replace(/([b-df-hj-np-tv-z])(?=\1$)/, '$1e') : latin
})

const surnameTable = new Map(Object.entries(surnames).map(([name, forms]) => [name, forms.split(' ')]))

/** How surnames are spelled in ways that do not follow from their letters: Lee, Choi, Wong. */
export function surnameSpellings(name: string): readonly string[] {
  return surnameTable.get(name) ?? []
}

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

/** How a name of another alphabet is found in Latin letters; nothing is found of one that is in Latin or Chinese ones. */
export interface Patterns {
  readonly whole: RegExp
  /** Nothing but the name. */
  readonly only: RegExp
  /** Its first sound, and the vowels around it. */
  readonly beginning: RegExp
}

/**
 * Finds a name of another alphabet in Latin letters, however its sounds are written and whichever vowels are; Greek names
 * may end in s. A sound that was read is not tried in another way (`(?=(…))\1`), so that no text takes long.
 */
export const patternsOf = remember(20_000, (name): Patterns => {
  if (/^[a-z0-9\p{Script=Han}]/u.test(name)) return { whole: never, only: never, beginning: never }
  const [alphabet, others] = alphabets.find(([letters]) => letters.test(name)) ?? []
  const latin = inLatin(name)
  const sounds = latin.match(/shch|[cdgkpstz]h|[kt]s|mp|nt|gk|(?<=[ae])y|([b-df-hj-np-tvxz])\1*/g) ?? []
  const used = sounds.filter((sound) => sound !== 'y' || others?.y !== undefined).slice(0, mostSounds)
  const letters = used.map((sounded, at) => {
    const isEnd = at === used.length - 1 && latin.endsWith(sounded)
    const sound = sounded.replace(/^(.)\1+$/, '$1')
    const letter = others?.[sound] ?? spellings[sound] ?? `${sound}{1,2}`
    // An h at the end is silent, and what comes twice may be the start of the next name.
    const written = !isEnd ? letter : sound === 'h' ? 'h?' : letter.replaceAll('{1,2}', '')
    // Vowels that are not written may stand between two of one letter: Mamdouh, Mekonnen.
    const twice = sound === sounded ? '' : `(?:${letter})[aeiouyw]*(?:${written})?[aeiouyw]*|`
    const isArticle = at === 0 && name.startsWith('ال')
    return `(?=((?:${twice}(?:${written})[aeiouyw]*)${isArticle ? '?' : ''}))\\${at + 1}`
  })
  // What follows may be the next name.
  const end = /[aeiou]$/.test(latin) ? '(?:h(?![a-z]))?' : ''
  const ofGreek = alphabet === greek && used.at(-1) !== 's' ? 's?' : ''
  const whole = `[aeiouyjw]*${letters.join('')}${end}${ofGreek}`
  return {
    whole: used.length < 2 ? never : new RegExp(whole),
    only: used.length < 2 ? never : new RegExp(`^(?:${whole})$`),
    beginning: new RegExp(`^[aeiouyjw]*${letters[0] ?? ''}$`),
  }
})

const never = /(?!)/
const greek = /\p{Script=Greek}/u
const indian =
  /[\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}]/u
/** A bound for names that are made to take long. */
const mostSounds = 12

/** How the sounds of names are written, beside their own letter once or twice. Vowels are left out. */
const spellings: Readonly<Record<string, string>> = {
  shch: 's[ch]{1,3}',
  sh: 's?ch|sh?',
  ch: 't?c?h|x',
  kh: '[ck]?h|[kx]',
  gh: 'gh?',
  zh: 'zh?|j',
  th: 'th?|s{1,2}',
  dh: 'dh?|z|th',
  ph: 'ph?|f',
  ks: 'ks|x',
  ts: 't?[sz]|c',
  g: 'gh?|d?j|h',
  h: 'k?h|ch|x',
  j: 'd?j{1,2}|g{1,2}',
  k: 'k{1,2}|ch?|q',
  q: 'q|k{1,2}|g',
  f: 'f{1,2}|ph',
  s: 's{1,2}h?|c|z',
  d: 'd{1,2}|z',
  x: 'x|k?s',
}

/** Letters that are written in other ways as well in names of one alphabet: Kim and Gim, Evangelos, Joseph. */
const alphabets: readonly (readonly [RegExp, Readonly<Record<string, string>>])[] = [
  [
    /\p{Script=Hangul}/u,
    { g: '[gk]{1,2}', b: '[bp]', d: '[dt]{1,2}', j: 'j{1,2}|ch', ch: 'ch|j', r: '[rl]', l: '[rl]{1,2}' },
  ],
  [
    greek,
    {
      g: '(?:n?g|h)?',
      ch: 'c?h|x',
      mp: 'm?[bp]',
      nt: 'n?[dt]',
      gk: 'n?g?k?',
      x: 'x|k?s',
      y: '[fv]?',
      v: '[bv]{1,2}',
    },
  ],
  [
    indian,
    {
      m: 'm{1,2}|n{1,2}g?',
      c: 'ch{1,2}|c|s',
      ch: 'ch{1,2}',
      v: '[bv]?',
      s: 's{1,2}h?|c',
      ks: 'ksh?|x',
      k: 'k{1,2}h?|g{1,2}',
      t: 't{1,2}h?|d{1,2}|k',
      p: 'p{1,2}|b{1,2}',
      h: 'h?',
      j: 'j{1,2}h?|z|g',
    },
  ],
  [/\p{Script=Hebrew}/u, { v: '[bv]?', f: 'f|ph?', kh: 'c?h|[ck]', y: '' }],
]
