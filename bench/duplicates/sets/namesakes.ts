import { mulberry32 } from '../../../src/sandbox/random.ts'
import { type Chance, pick } from '../errors.ts'
import { lettersOf, type People, type Person, personOf } from '../person.ts'
import { anyProvider, anyWord } from '../places.ts'
import { type Collector, createCollector, type Labelled } from '../records.ts'
import type { SetOptions } from '../sets.ts'

/** Different people of one name, with what such people have to tell them apart: a number, an initial, another provider. */
export function namesakes({ seed, size, people }: SetOptions): readonly Labelled[] {
  const chance = mulberry32(seed)
  const collector = createCollector(seed)
  while (collector.records.length < size) addNamesakes(collector, people, chance)
  return collector.records
}

/** Adds two or three people of one name. */
export function addNamesakes(collector: Collector, people: People, chance: Chance): void {
  const one = personOf(people, chance)
  const { first, last } = one
  const initials =
    chance() < 0.15
      ? pick(
          [
            ['A', 'B'],
            ['J.', 'M.'],
            ['C', 'T'],
          ],
          chance,
        )
      : []
  const seen = new Set<string>()
  for (const [index, email] of localsOf(one, chance).entries()) {
    // Two people with one mailbox would be one person to everyone.
    const bare = email.replace(/[._-](?=.*@)/g, '')
    if (seen.has(bare) || collector.isTaken(email)) continue
    seen.add(bare)
    const initial = initials[index]
    const given = initial === undefined ? first.own : `${first.own} ${initial}`
    const loud = chance() < 0.1
    collector.add(
      { first: loud ? given.toUpperCase() : given, last: last.own, email },
      { person: collector.person(), kind: 'namesake', common: !/\d|^mr/.test(email) },
    )
  }
}

/** Nothing that two people of one name have by coincidence only: never the same word or long number in both. */
function localsOf({ first, last }: Person, chance: Chance): readonly string[] {
  const [f, l] = [lettersOf(first), lettersOf(last)]
  const year = 1955 + Math.floor(chance() * 45)
  const some = (): number => Math.floor(chance() * 100)
  const [a, b] = [anyProvider(chance), anyProvider(chance)]
  const separator = pick(['', '.', '_'], chance)
  const base = `${f}${separator}${l}`
  // An initial that doubles a letter would be a typing error.
  const initials = [...'abcdefghjklmnprstw'].filter((letter) => !l.startsWith(letter) && !f.endsWith(letter))
  const initial = pick(initials, chance)
  const ways: readonly (readonly string[])[] = [
    [`${base}${year}@${a}`, `${base}${year + 1 + Math.floor(chance() * 9)}@${a}`],
    [`${base}@gmail.com`, `${base}@yahoo.com`],
    [`${base}@outlook.com`, `${f}${l}@hotmail.com`],
    [`${base}@${a}`, `${f}${separator}${initial}${separator}${l}@${a}`],
    [`${f}${l}@${a}`, `${l}${f}@${a}`],
    [`${base}@${a}`, `${base}1@${a}`, `${base}2@${a}`],
    [`${base}${some()}@${a}`, `${base}${100 + some() * 9}@${a}`],
    [`${base}${some()}@${a}`, `${base}${some()}@${a}`],
    [`${base}${some()}@${a}`, `${base}${year}@${b}`],
    [`${f.slice(0, 1)}${l}@${a}`, `${f.slice(0, 2)}${l}@${a}`],
    [`${f.slice(0, 1)}${l}${some()}@${a}`, `${f.slice(0, 1)}${l}${some()}@${a}`],
    [`${f}${some()}@${a}`, `${f}${some()}@${a}`],
    [`${anyWord(chance)}${some()}@${a}`, `${anyWord(chance)}${f}@${b}`],
    [`mr${f}${l}@${a}`, `${base}.${initial}@${a}`],
  ]
  return pick(ways, chance)
}
