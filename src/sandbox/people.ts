import { communities, oddPeople, type Person, shares } from './names.ts'
import { mix, mulberry32 } from './random.ts'
import { blockSize, plannedDomain, repeatOf, typedAgain } from './repeats.ts'

/** Providers, and the example domains that belong to nobody. */
const domains = [
  ...Array<string>(10).fill('gmail.com'),
  ...Array<string>(4).fill('yahoo.com'),
  ...Array<string>(3).fill('outlook.com'),
  ...['hotmail.com', 'hotmail.com', 'icloud.com', 'icloud.com'],
  ...['example.com', 'example.org', 'example.net'],
]

interface Name {
  readonly shown: string
  /** Letters a to z: the name in an e-mail address. */
  readonly latin: string
}

/** Letters that Unicode does not take apart into a Latin letter and a mark. */
const letters: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  ß: 'ss',
  ɔ: 'o',
  ɛ: 'e',
  æ: 'ae',
  ı: 'i',
  đ: 'd',
}

/** Every community as often as its share says, in an order that mixes them. */
const turns = mixed(
  shares.flatMap(([name, share]) =>
    Array.from({ length: share }, (_, nth) => ({
      first: communities[name].first.map(readName),
      last: communities[name].last.map(readName),
      nth,
      share,
    })),
  ),
)

/**
 * The person at a place of the shop. In every block of 250, twenty people stand
 * two or three times, each time typed a little differently; nobody else has the
 * address of another.
 */
export function personAt(place: number, seed: number): Person {
  const repeat = repeatOf(place)
  return repeat ? typedAgain(newPerson(repeat.of, seed), repeat.how) : newPerson(place, seed)
}

function newPerson(place: number, seed: number): Person {
  const random = mulberry32(mix(seed, place))
  const domain = plannedDomain(place) ?? pick(domains, random())
  // A number in the address keeps people apart once the pairs of names have been used up.
  const number =
    place >= blockSize ? String(place) : random() < 0.3 ? String(10 + Math.floor(random() * 89)) : ''
  const odd = oddPeople.get(place % blockSize)
  if (odd)
    return {
      firstname: odd[0],
      lastname: odd[1],
      email: `${odd[2]}${place < blockSize ? '' : number}@${domain}`,
    }
  const [first, last] = namesAt(place, seed)
  return {
    firstname: first.shown,
    lastname: last.shown,
    email: `${local(first.latin, last.latin, random())}${number}@${domain}`,
  }
}

/** Walks through all pairs of a community's names before one comes again. */
function namesAt(place: number, seed: number): readonly [Name, Name] {
  const turn = turns[place % turns.length] ?? turns[0]
  if (!turn) throw new Error('the shop has no names')
  const nth = Math.floor(place / turns.length) * turn.share + turn.nth
  const round = Math.floor(nth / turn.first.length)
  const first = (nth * 7 + seed) % turn.first.length
  return [at(turn.first, first), at(turn.last, round + first * 3 + seed)]
}

function local(first: string, last: string, chance: number): string {
  if (chance < 0.45) return `${first}.${last}`
  if (chance < 0.65) return `${first}${last}`
  return chance < 0.8 ? `${first}_${last}` : `${last}.${first}`
}

function readName(text: string): Name {
  const [shown = text, latin] = text.split('=')
  return { shown: shown.replaceAll('_', ' '), latin: lettersOnly(latin ?? shown) }
}

function lettersOnly(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replace(/[øłßɔɛæıđ]/g, (letter) => letters[letter] ?? letter)
    .replace(/[^a-z]/g, '')
}

/** Every seventh of what there is, until all have been taken: 25 and 7 have no divisor in common. */
function mixed<Item>(items: readonly Item[]): readonly Item[] {
  return items.flatMap((_, index) => items.slice((index * 7) % items.length).slice(0, 1))
}

function pick<Item>(items: readonly Item[], chance: number): Item {
  return at(items, Math.floor(chance * items.length))
}

/** The item at an index that may run past the end: then from the beginning again. */
function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length]
  if (item === undefined) throw new Error('an empty list of names')
  return item
}
