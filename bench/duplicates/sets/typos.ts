import { mulberry32 } from '../../../src/sandbox/random.ts'
import { type Chance, type Errors, pick } from '../errors.ts'
import { formOf, givenNamesOf, isDecidable, latinOf, type Person, personOf, written } from '../person.ts'
import { createCollector, type Labelled, type Written } from '../records.ts'
import type { SetOptions } from '../sets.ts'

/** People who are typed once to three times, with one to four errors over names and e-mail. */
export function typos({ seed, size, people, errors }: SetOptions): readonly Labelled[] {
  const chance = mulberry32(seed)
  const collector = createCollector(seed)
  const givenNames = givenNamesOf(people)
  for (let made = 0; made < size; made++) {
    const one = personOf(people, chance)
    const right = written(one)
    const person = collector.person()
    if (collector.isTaken(right.email) || !collector.add(right, { person, kind: 'right' })) continue
    if (chance() < 0.5) continue
    for (let times = 1 + Math.floor(chance() * 2); times > 0; times--) {
      const count = 1 + Math.floor(chance() * 4)
      const again = mistyped(one, count, errors, chance)
      if (!isDecidable(one, again, givenNames) || isTooFar(one, again)) continue
      collector.add(again, { person, kind: errorsIn(count) })
    }
  }
  return collector.records
}

/** The kind of a record with so many errors. */
export function errorsIn(count: number): string {
  return count === 1 ? '1 error' : `${count} errors`
}

/** The record with a number of errors, spread over both names and the e-mail. */
export function mistyped(person: Person, count: number, errors: Errors, chance: Chance): Written {
  let { first, last } = laidOut(person, chance)
  let local = person.local.text
  let domain = person.domain
  for (let made = 0; made < count; made++) {
    const where = chance()
    if (where < 0.2 && first.length > 2) first = errors.typed(first, chance)
    else if (where < 0.45 && last.length > 1) last = errors.typed(last, chance)
    else if (where < 0.85) local = errors.typed(local, chance)
    else domain = errors.domain(domain, chance)
  }
  return { first, last, email: `${local}@${domain}` }
}

/** The names in the two fields of a form: mostly right, else swapped, missing, split otherwise, in another form. */
function laidOut(person: Person, chance: Chance): Pick<Written, 'first' | 'last'> {
  const { first: given, middle, last: family } = person
  const right = written(person)
  const dice = chance()
  if (dice < 0.08) return { first: right.last, last: right.first }
  if (dice < 0.12) return { first: '', last: right.last }
  if (dice < 0.15) return { first: right.first, last: '' }
  if (dice < 0.19) return { first: `${right.first} ${right.last}`, last: '' }
  if (dice < 0.22) return { first: '', last: `${right.first} ${right.last}` }
  if (dice < 0.26 && middle !== undefined) return { first: given.own, last: `${middle.own} ${family.own}` }
  if (dice < 0.3) return { first: given.own, last: family.own }
  if (dice < 0.33) return { first: `${given.own.charAt(0)}${pick(['', '.'], chance)}`, last: family.own }
  if (dice < 0.38) return { first: formOf(given, chance), last: family.own }
  if (dice < 0.43) return { first: latinOf(given), last: latinOf(family) }
  return { first: right.first, last: right.last }
}

/** Nothing is left of an address if it has no letter, or begins with a separator. */
function isTooFar(person: Person, { email }: Written): boolean {
  return !/^[a-z0-9]/.test(email) || email.length < person.domain.length
}
