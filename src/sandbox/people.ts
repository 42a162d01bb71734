import people from './people.json' with { type: 'json' }
import { mix, mulberry32 } from './random.ts'

/** Who a customer is, as typed at checkout. */
export interface Person {
  readonly firstname: string
  readonly lastname: string
  readonly email: string
}

/** The shop's pattern repeats itself every so many customers. */
export const blockSize = 250

const oddPeople = new Map(people.oddPeople.map((person) => [person.slot, person]))
const domains = Object.entries(people.domains).flatMap(([domain, share]) => Array<string>(share).fill(domain))
const mistypedDomains: Readonly<Record<string, string>> = people.mistypedDomains
/** The slots in a block where somebody stands who comes again, with the domain of the address. */
const domainOfSlot = new Map(people.repeats.map(({ slot, domain }) => [slot, domain]))
/** The slots where somebody comes again: the first slot, and how it is typed this time. */
const repeatOfSlot = new Map(
  people.repeats.flatMap(({ slot, again }) =>
    again.map((later) => [later.slot, { slot, how: later.how }] as const),
  ),
)

/** Every community as often as its share says, in an order that mixes them: 25 and 7 have no divisor in common. */
const turns = people.communities
  .flatMap((community) => Array.from({ length: community.share }, (_, nth) => ({ ...community, nth })))
  .map((_, index, all) => at(all, index * 7))

/** Does somebody stand at this place, for the first time or again, who stands there twice? */
export function isRepeated(place: number): boolean {
  const slot = place % blockSize
  return domainOfSlot.has(slot) || repeatOfSlot.has(slot)
}

/**
 * The person at a place of the shop. In every block of 250, twenty people stand two or three times, each time typed a
 * little differently; nobody else has the address of another.
 */
export function personAt(place: number, seed: number): Person {
  const slot = place % blockSize
  const repeat = repeatOfSlot.get(slot)
  if (!repeat) return newPerson(place, seed)
  const typeAgain = retypings[repeat.how]
  if (!typeAgain) throw new Error(`people.json names no way of typing: ${repeat.how}`)
  return typeAgain(newPerson(place - slot + repeat.slot, seed))
}

function newPerson(place: number, seed: number): Person {
  const random = mulberry32(mix(seed, place))
  const domain = domainOfSlot.get(place % blockSize) ?? at(domains, Math.floor(random() * domains.length))
  // A number in the address keeps people apart once the pairs of names have been used up.
  const number =
    place >= blockSize ? String(place) : random() < 0.3 ? String(10 + Math.floor(random() * 89)) : ''
  const odd = oddPeople.get(place % blockSize)
  if (odd) {
    const { firstname, lastname, local } = odd
    return { firstname, lastname, email: `${local}${place < blockSize ? '' : number}@${domain}` }
  }
  const turn = at(turns, place)
  // Walks through all pairs of a community's names before one comes again.
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

/** How people type themselves the next time. */
const retypings: Readonly<Record<string, (person: Person) => Person>> = {
  capitals: ({ firstname, lastname, email }) => ({
    firstname: firstname.toUpperCase(),
    lastname: lastname.toUpperCase(),
    email: email.replace(/(^|@)./g, (start) => start.toUpperCase()),
  }),
  plusTag: (person) => ({ ...person, email: person.email.replace('@', '+orafi@') }),
  // Gmail takes an address for the same one whatever dots it has.
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

/** The second and the third letter changed places; the first two where they are alike. */
function swapped(text: string): string {
  const letters = Array.from(text.normalize('NFC'))
  const from = letters[1] === letters[2] || letters.length < 3 ? 0 : 1
  const [first = '', second = ''] = letters.slice(from, from + 2)
  return [...letters.slice(0, from), second, first, ...letters.slice(from + 2)].join('')
}

/** The item at an index that may run past the end: then from the beginning again. */
function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length]
  if (item === undefined) throw new Error('people.json has an empty list')
  return item
}
