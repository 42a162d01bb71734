import type { Customer } from '../../../src/api/customer.ts'
import { mulberry32 } from '../../../src/sandbox/random.ts'
import { type Chance, type Errors, pick } from '../errors.ts'
import {
  formOf,
  givenNamesOf,
  isDecidable,
  lettersOf,
  type People,
  type Person,
  personOf,
  written,
} from '../person.ts'
import { aliasOf, anyProvider, exactFormOf } from '../places.ts'
import { type Collector, createCollector, type Labelled, type Written } from '../records.ts'
import type { SetOptions } from '../sets.ts'
import { addNamesakes } from './namesakes.ts'
import { addHousehold } from './relatives.ts'
import { errorsIn, mistyped } from './typos.ts'

/**
 * An account as it may be: about 8 % of the records are duplicates; one person in ten is of a family, and three in a hundred
 * have a namesake; some mailboxes are of teams, and some addresses are typed instead of one.
 */
export function mixed({ seed, size, people, errors }: SetOptions): readonly Labelled[] {
  const chance = mulberry32(seed)
  const collector = createCollector(seed)
  const givenNames = givenNamesOf(people)
  while (collector.records.length < size) {
    const dice = chance()
    if (dice < 0.9) addOrdinary({ collector, people, errors, givenNames, chance })
    else if (dice < 0.95) addHousehold(collector, people, chance)
    else if (dice < 0.966) addNamesakes(collector, people, chance)
    else if (dice < 0.97) addTeam(collector, people, chance)
    else addPlaceholder(collector, people, chance)
  }
  return collector.records
}

interface Adding {
  readonly collector: Collector
  readonly people: People
  readonly errors: Errors
  readonly givenNames: ReadonlySet<string>
  readonly chance: Chance
}

function addOrdinary({ collector, people, errors, givenNames, chance }: Adding): void {
  const one = personOf(people, chance)
  const right = written(one)
  const person = collector.person()
  if (collector.isTaken(right.email) || !collector.add(right, { person, kind: 'right' }, history(chance)))
    return
  let more = chance()
  while (more < 0.085) {
    const count = 1 + Math.floor(chance() ** 2 * 4)
    const [again, kind] = repeated(one, count, errors, chance)
    if (isDecidable(one, again, givenNames)) collector.add(again, { person, kind }, history(chance))
    more = chance() / 3
  }
}

function repeated(one: Person, count: number, errors: Errors, chance: Chance): [Written, string] {
  const right = written(one)
  const place = { local: one.local.text, domain: one.domain }
  const names = { first: chance() < 0.15 ? formOf(one.first, chance) : right.first, last: right.last }
  const dice = chance()
  if (dice < 0.3) return [{ ...names, email: exactFormOf(right.email, chance) }, 'exact']
  if (dice < 0.5) return [{ ...names, email: aliasOf(place, chance) }, 'alias']
  // The name alone, at two providers, may be two people.
  if (dice > 0.85 && /[a-z]{6}\d{3}|\d{4}/.test(place.local) && place.local !== lettersOf(one.first))
    return [{ ...names, email: `${place.local}@${otherProvider(place.domain, chance)}` }, 'other provider']
  return [mistyped(one, count, errors, chance), errorsIn(count)]
}

function otherProvider(domain: string, chance: Chance): string {
  const other = anyProvider(chance)
  return other === domain ? otherProvider(domain, chance) : other
}

/** `info@` of a firm, with the people who work there, or of a school or a club. */
function addTeam(collector: Collector, people: People, chance: Chance): void {
  const firm = lettersOf(personOf(people, chance).last)
  const role = pick(['info', 'sales', 'office', 'admin', 'support', 'contact', 'accounts'], chance)
  const email = `${role}@${firm}${Math.floor(chance() * 1000)}.example`
  for (let members = 2 + Math.floor(chance() ** 4 * 40); members > 0; members--)
    addSharing(collector, people, chance, email, 'team')
}

function addPlaceholder(collector: Collector, people: People, chance: Chance): void {
  const email = pick(
    ['none@none.com', 'test@test.com', 'noemail@noemail.com', 'na@na.com', 'x@x.com'],
    chance,
  )
  addSharing(collector, people, chance, email, 'placeholder')
}

/** A person at a mailbox of many. Nobody could tell two of one name apart there. */
function addSharing(collector: Collector, people: People, chance: Chance, email: string, kind: string): void {
  const { first, last } = written(personOf(people, chance))
  collector.add({ first, last, email }, { person: collector.person(), kind, shared: true }, history(chance))
}

/** Most have spent nothing; some were seen in live mode. */
function history(chance: Chance): Partial<Customer> {
  return {
    mode: [chance() < 0.8 ? 'test' : 'live'],
    totalSpent: chance() < 0.85 ? 0 : Math.floor(chance() * 50_000) / 100,
  }
}
