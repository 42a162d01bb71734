import people from './people.json' with { type: 'json' }
import { mix, mulberry32 } from './random.ts'

/** The name and e-mail of a customer, as typed at checkout. */
export interface Person {
  readonly firstname: string
  readonly lastname: string
  readonly email: string
}

/** The number of customers after which the pattern of repeated and unusual people starts again. */
export const blockSize = 250

const oddPeople = new Map(people.oddPeople.map((person) => [person.slot, person]))
const domains = Object.entries(people.domains).flatMap(([domain, share]) => Array<string>(share).fill(domain))
const mistypedDomains: Readonly<Record<string, string>> = people.mistypedDomains
/** The slots of a block whose person appears again later, with the domain of the e-mail. */
const domainOfSlot = new Map(people.repeats.map(({ slot, domain }) => [slot, domain]))
/** The slots where a person appears again: the slot of the first time, and how the data is typed now. */
const repeatOfSlot = new Map(
  people.repeats.flatMap(({ slot, again }) =>
    again.map((later) => [later.slot, { slot, how: later.how }] as const),
  ),
)

/** Every community as often as its share says, mixed: 7 has no divisor in common with the 25 entries. */
const turns = people.communities
  .flatMap((community) => Array.from({ length: community.share }, (_, nth) => ({ ...community, nth })))
  .map((_, index, all) => at(all, index * 7))

/** Whether the person at this place appears more than once in the shop. */
export function isRepeated(place: number): boolean {
  const slot = place % blockSize
  return domainOfSlot.has(slot) || repeatOfSlot.has(slot)
}

/**
 * The person at a place of the shop. In every block of 250, twenty people appear two or three times, typed a little
 * differently each time; no other two share an address.
 */
export function personAt(place: number, seed: number): Person {
  const slot = place % blockSize
  const repeat = repeatOfSlot.get(slot)
  if (!repeat) return newPerson(place, seed)
  const typeAgain = retypings[repeat.how]
  if (!typeAgain) throw new Error(`people.json has an unknown way of retyping: ${repeat.how}`)
  return typeAgain(newPerson(place - slot + repeat.slot, seed))
}

function newPerson(place: number, seed: number): Person {
  const random = mulberry32(mix(seed, place))
  const domain = domainOfSlot.get(place % blockSize) ?? at(domains, Math.floor(random() * domains.length))
  // A number keeps e-mails unique once all pairs of names are used.
  const number =
    place >= blockSize ? String(place) : random() < 0.3 ? String(10 + Math.floor(random() * 89)) : ''
  const odd = oddPeople.get(place % blockSize)
  if (odd) {
    const { firstname, lastname, local } = odd
    return { firstname, lastname, email: `${local}${place < blockSize ? '' : number}@${domain}` }
  }
  const turn = at(turns, place)
  // Uses every pair of a community's names before repeating one.
  const nth = Math.floor(place / turns.length) * turn.share + turn.nth
  const start = (nth * 7 + seed) % turn.first.length
  const first = at(turn.first, start)
  const last = at(turn.last, Math.floor(nth / turn.first.length) + start * 3 + seed)
  return {
    firstname: first.shown,
    lastname: last.shown,
    email: `${localPart(first.local, last.local, random())}${number}@${domain}`,
  }
}

function localPart(first: string, last: string, chance: number): string {
  if (chance < 0.45) return `${first}.${last}`
  if (chance < 0.65) return `${first}${last}`
  return chance < 0.8 ? `${first}_${last}` : `${last}.${first}`
}

/** How people type their data the next time. */
const retypings: Readonly<Record<string, (person: Person) => Person>> = {
  capitals: ({ firstname, lastname, email }) => ({
    firstname: firstname.toUpperCase(),
    lastname: lastname.toUpperCase(),
    email: email.replace(/(^|@)./g, (start) => start.toUpperCase()),
  }),
  plusTag: (person) => ({ ...person, email: person.email.replace('@', '+orafi@') }),
  // Gmail ignores dots.
  dots: (person) => {
    const [local = '', domain] = person.email.split('@')
    const dotted = local.includes('.') ? local.replaceAll('.', '') : `${local.slice(0, 1)}.${local.slice(1)}`
    return { ...person, email: `${dotted}@${domain}` }
  },
  googlemail: (person) => ({ ...person, email: person.email.replace(/@.*/, '@googlemail.com') }),
  domainTypo: (person) => ({
    ...person,
    email: person.email.replace(/[^@]+$/, (domain) => mistypedDomains[domain] ?? domain),
  }),
  localTypo: (person) => ({ ...person, email: person.email.replace(/^[^@]+/, swapped) }),
  nameTypo: (person) => ({ ...person, firstname: swapped(person.firstname) }),
  swappedNames: ({ firstname, lastname, email }) => ({ firstname: lastname, lastname: firstname, email }),
  spaces: (person) => ({ ...person, firstname: `${person.firstname} ` }),
}

/** Swaps the second and third letter; the first two if those are the same or missing. */
function swapped(text: string): string {
  const letters = Array.from(text.normalize('NFC'))
  const from = letters[1] === letters[2] || letters.length < 3 ? 0 : 1
  const [first = '', second = ''] = letters.slice(from, from + 2)
  return [...letters.slice(0, from), second, first, ...letters.slice(from + 2)].join('')
}

/** The item at an index, which wraps around at the end. */
function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length]
  if (item === undefined) throw new Error('people.json has an empty list')
  return item
}
