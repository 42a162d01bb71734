/** Numbers from 0 (included) to 1 (excluded). */
export type Chance = () => number

/** Typing errors of people. There are two generators: one for tuning, and one for reporting. */
export interface Errors {
  readonly name: string
  /** One typing error in a word. */
  typed(word: string, chance: Chance): string
  /** A well-known domain, mistyped. */
  domain(domain: string, chance: Chance): string
}

export function pick<Item>(items: readonly Item[], chance: Chance): Item {
  const item = items[Math.floor(chance() * items.length)]
  if (item === undefined) throw new RangeError('nothing to pick from')
  return item
}

const alphabet = [...'abcdefghijklmnopqrstuvwxyz']

/** Any letter added, dropped, replaced, or swapped with the next. */
export const uniformErrors: Errors = {
  name: 'uniform edits',
  typed(word, chance) {
    if (word === '') return word
    const at = Math.floor(chance() * word.length)
    const before = word.slice(0, at)
    switch (Math.floor(chance() * 4)) {
      case 0:
        return before + pick(alphabet, chance) + word.slice(at)
      case 1:
        return before + word.slice(at + 1)
      case 2:
        return before + pick(alphabet, chance) + word.slice(at + 1)
      default:
        return at + 1 < word.length
          ? before + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2)
          : before
    }
  },
  domain(domain, chance) {
    const dot = domain.indexOf('.')
    return this.typed(domain.slice(0, dot), chance) + domain.slice(dot)
  },
}

const keyboard = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm']

function besides(letter: string): string[] {
  const row = keyboard.findIndex((keys) => keys.includes(letter))
  const at = keyboard[row]?.indexOf(letter) ?? 0
  const near = [
    keyboard[row]?.[at - 1],
    keyboard[row]?.[at + 1],
    keyboard[row + 1]?.[at],
    keyboard[row - 1]?.[at],
  ]
  return near.filter((key) => key !== undefined)
}

/** Names as written by someone who heard them, or read them from paper. */
const heard: readonly (readonly [RegExp, string])[] = [
  [/ph/, 'f'],
  [/ck/, 'k'],
  [/ie/, 'ei'],
  [/ou/, 'u'],
  [/th/, 't'],
  [/sh/, 'sch'],
  [/ll/, 'l'],
  [/nn/, 'n'],
  [/ss/, 's'],
  [/tt/, 't'],
  [/y$/, 'ie'],
  [/ee/, 'i'],
  [/rn/, 'm'],
  [/c(?=[aou])/, 'k'],
  [/z/, 's'],
  [/w/, 'v'],
]

const mistypedDomains: Readonly<Record<string, readonly string[]>> = {
  'gmail.com': [
    'gmial.com',
    'gmai.com',
    'gamil.com',
    'gmail.co',
    'gmail.con',
    'gnail.com',
    'gmaill.com',
    'gmal.com',
    'gmail.cm',
    'gmail.om',
  ],
  'yahoo.com': [
    'yahooo.com',
    'yaho.com',
    'yahho.com',
    'yhoo.com',
    'yahoo.con',
    'yahoo.co',
    'yaoo.com',
    'tahoo.com',
  ],
  'hotmail.com': [
    'hotmial.com',
    'hotmal.com',
    'hotmil.com',
    'hotmai.com',
    'hotmaill.com',
    'hormail.com',
    'hotmail.con',
    'homail.com',
  ],
  'outlook.com': ['outlok.com', 'outloook.com', 'oultook.com', 'outlook.con', 'outllok.com', 'putlook.com'],
  'icloud.com': ['iclod.com', 'icoud.com', 'icluod.com', 'icloud.con', 'iclould.com'],
}

/** Realistic errors: neighbouring keys, doubled and dropped letters, swaps, sounds. */
export const humanErrors: Errors = {
  name: 'keys and sounds',
  typed(word, chance) {
    if (word === '') return word
    const at = Math.floor(chance() * word.length)
    const letter = word[at] ?? ''
    const before = word.slice(0, at)
    switch (Math.floor(chance() * 6)) {
      case 0:
        return before + letter + word.slice(at)
      case 1:
        return before + word.slice(at + 1)
      case 2:
        return before + (besides(letter.toLowerCase())[0] ?? letter) + word.slice(at + 1)
      case 3:
        return before + (besides(letter.toLowerCase())[1] ?? letter) + letter + word.slice(at + 1)
      case 4: {
        const sound = heard.find(([sounds]) => sounds.test(word))
        return sound === undefined ? before + word.slice(at + 1) : word.replace(...sound)
      }
      default:
        return at + 1 < word.length ? before + (word[at + 1] ?? '') + letter + word.slice(at + 2) : before
    }
  },
  domain(domain, chance) {
    const known = mistypedDomains[domain]
    return known === undefined ? domain : pick(known, chance)
  },
}
