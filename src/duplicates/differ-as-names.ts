import { changed, firstDifference, typingErrors, without } from '../customers/typing.ts'
import { areTwoNames } from './compare-names.ts'
import type { Fields } from './fields.ts'
import type { Frequencies } from './frequencies.ts'
import { consonants, hasVowels, inLatin } from './latin.ts'

/**
 * Whether two local parts differ as the names do: `julia.silva` and `julie.silva`, each with the matching name, `tsmith` and
 * `ksmith`, are two people and no typing error.
 */
export function differAsNames(a: Fields, b: Fields, frequencies: Frequencies): boolean {
  const [own, others] = [without(a.names, b.names), without(b.names, a.names)]
  const common = a.names.filter((name) => b.names.includes(name)).map(inLatin)
  // A name that is mistyped is nobody else's; short names are near each other by chance.
  const areNames = (one: string, other: string): number =>
    areNear(one, other) ? areTwoNames(one, other, frequencies) : 1
  const isError = (one: string, other: string): boolean =>
    Math.min(one.length, other.length) > 4 && areNames(one, other) < 0.5
  return a.names.some((one) =>
    b.names.some((other) => {
      if (!(own.includes(one) || others.includes(other))) return false
      // Nobody makes the same error twice.
      if (isReplaced([a.local, b.local], [one, other])) return true
      if (isError(one, other)) return false
      if (haveBeginnings([a.local, b.local], [one, other], common, areNames(one, other) < 1)) return true
      return own.includes(one) && others.includes(other) && isSameChange([one, other], [a.local, b.local])
    }),
  )
}

function areNear(one: string, other: string): boolean {
  return typingErrors(one, other, 2) <= 2
}

/**
 * Whether two local parts differ in the beginnings of two names (`t` and `k`, `titi` and `taiwo`), at either end or after a
 * name that both have.
 * @param mayBeError whether one name may be the other one mistyped, so that each beginning has to be of one of them only
 */
function haveBeginnings(
  [a, b]: readonly [string, string],
  names: readonly [string, string],
  common: readonly string[],
  mayBeError: boolean,
): boolean {
  const start = firstDifference(a, b)
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1
  for (let from = start; from >= Math.max(0, start - 3); from--) {
    if (from > 0 && end > 0 && !common.some((name) => name.length > 1 && a.slice(0, from).endsWith(name)))
      continue
    const [ofA, ofB] = [a.slice(from, a.length - end), b.slice(from, b.length - end)]
    if (ofA === '' || ofB === '' || !starts(names[0], ofA) || !starts(names[1], ofB)) continue
    if (!mayBeError || !(starts(names[1], ofA) || starts(names[0], ofB))) return true
  }
  return false
}

/** Whether the one name stands where the other one does. */
function isReplaced([a, b]: readonly [string, string], names: readonly [string, string]): boolean {
  const [one, other] = [inLatin(names[0]), inLatin(names[1])]
  return one !== other && a.includes(one) && a.replace(one, other) === b
}

/** Whether a name starts with some letters in Latin. Alef and ayin are any vowel, which is not written. */
function starts(name: string, letters: string): boolean {
  const plain = (text: string): string => text.replace(/[yj]/g, 'i')
  const written = /^[\u0622-\u0627\u0639\u05d0\u05e2]/.test(name) ? letters.replace(/^[aeiou]+/, '') : letters
  return plain(inLatin(name)).startsWith(plain(written))
}

/**
 * Whether the letters that are replaced in two names are replaced in the local parts. Names of other alphabets have several
 * spellings in Latin letters.
 */
function isSameChange(names: readonly [string, string], locals: readonly [string, string]): boolean {
  const [one, other] = [inLatin(names[0]), inLatin(names[1])]
  if (!names.every(hasVowels)) {
    const inNames = changed(consonants(one), consonants(other))
    const inLocals = changed(consonants(locals[0]), consonants(locals[1]))
    return inNames.length <= 4 && [...inLocals].every((letter) => inNames.includes(letter))
  }
  const inNames = changed(one, other)
  if (inNames === '>' || inNames.length > 6) return false
  const inLocals = changed(...locals)
  const isLatin = names.every((name) => /^[a-z]*$/.test(name))
  // A coincidence, unless the names are in the local parts.
  if (isLatin) return inNames === inLocals && (locals[0].includes(one) || locals[1].includes(other))
  return [...inNames].every((letter) => inLocals.includes(letter))
}
