import { mulberry32 } from '../../../src/sandbox/random.ts'
import { type Chance, pick } from '../errors.ts'
import { otherForms, type Spelled, spelled } from '../people.ts'
import { lettersOf, type People } from '../person.ts'
import { anyProvider, anyWord } from '../places.ts'
import { type Collector, createCollector, type Labelled } from '../records.ts'
import type { SetOptions } from '../sets.ts'

/** Households with addresses made alike. All are different people, at different mailboxes or at one of the family. */
export function relatives({ seed, size, people }: SetOptions): readonly Labelled[] {
  const chance = mulberry32(seed)
  const collector = createCollector(seed)
  while (collector.records.length < size) addHousehold(collector, people, chance)
  return collector.records
}

interface Member {
  readonly first: Spelled
  readonly last: Spelled
  /** `Jr`, or nothing. */
  readonly suffix: string
}

/** Adds a family: brothers and sisters, a couple, parents and children, or a father and a son of one name. */
export function addHousehold(collector: Collector, people: People, chance: Chance): void {
  const members = distinct(household(people, chance))
  const addresses = addressesOf(members, chance)
  const shared = chance() < 0.12
  for (const [index, { first, last, suffix }] of members.entries()) {
    const email = addresses[shared ? 0 : index] ?? ''
    if (!shared && collector.isTaken(email)) continue
    const surname = suffix === '' ? last.own : `${last.own} ${suffix}`
    const kind = shared ? 'family at one mailbox' : 'family'
    collector.add({ first: first.own, last: surname, email }, { person: collector.person(), kind, shared })
  }
}

function household({ names, cultures, siblings }: People, chance: Chance): Member[] {
  const culture = chance() < 0.5 ? pick(cultures, chance) : undefined
  const { first: firsts, last: lasts } = culture ?? names
  const alike: readonly (readonly string[])[] = culture?.siblings.map((pair) => pair.split('~')) ?? siblings
  const [husbands = '', wifes = husbands] = pick(lasts, chance).split('~')
  const [father, mother] = [spelled(husbands), spelled(wifes)]
  const anyone = (last: Spelled): Member => ({ first: spelled(pick(firsts, chance)), last, suffix: '' })
  const pair = pick(alike, chance).map(spelled)
  const dice = chance()
  if (dice < 0.35) return pair.map((first) => ({ first, last: father, suffix: '' }))
  if (dice < 0.45)
    return pair.map((first, index) => ({ first, last: index === 0 ? father : mother, suffix: '' }))
  if (dice < 0.7) return [anyone(father), anyone(mother)]
  if (dice < 0.78) return [anyone(father), { ...anyone(father), last: double(father, pick(lasts, chance)) }]
  if (dice < 0.9)
    return [anyone(father), anyone(mother), ...pair.map((first) => ({ first, last: father, suffix: '' }))]
  const { first } = anyone(father)
  const [old, young] = pick(
    [
      ['Sr', 'Jr'],
      ['', 'Jr.'],
      ['', 'III'],
      ['Snr', 'Jnr'],
    ],
    chance,
  )
  return [
    { first, last: father, suffix: old ?? '' },
    { first, last: father, suffix: young ?? '' },
  ]
}

/** `Smith-Jones`. */
function double(name: Spelled, entry: string): Spelled {
  const other = spelled(entry.split('~')[0] ?? '')
  return { own: `${name.own}-${other.own}`, latin: [`${name.latin[0]}-${other.latin[0]}`] }
}

/** Without members whose given names may be forms of one name, since such two may be one person. */
function distinct(members: readonly Member[]): Member[] {
  const isSame = (one: Member, other: Member): boolean => {
    const names = [one.first.own, ...(otherForms.get(one.first.own) ?? [])]
    const others = [other.first.own, ...(otherForms.get(other.first.own) ?? [])]
    return one.suffix === other.suffix && names.some((name) => others.includes(name))
  }
  return members.filter((one, at) => !members.slice(0, at).some((other) => isSame(one, other)))
}

/** An address for each, all made in one way, and all different. */
function addressesOf(members: readonly Member[], chance: Chance): string[] {
  const family = members[0] === undefined ? '' : lettersOf(members[0].last)
  const provider = anyProvider(chance)
  const word = anyWord(chance)
  const house = Math.floor(chance() * 1000)
  const own = pick(
    [`${family}${house}.example`, `the${family}s${house}.example`, `${family}-home${house}.example`],
    chance,
  )
  const number = pick(
    ['', '', String(Math.floor(chance() * 100)), String(1960 + Math.floor(chance() * 50))],
    chance,
  )
  const joint = chance() < 0.5
  const style = Math.floor(chance() * 10)
  const domain = style < 2 ? own : chance() < 0.2 ? own : provider
  const used = new Set<string>()
  return members.map(({ first, last, suffix }, index) => {
    const f = lettersOf(first)
    const l = joint ? family : lettersOf(last)
    const s = suffix.toLowerCase().replace('.', '')
    const locals = [
      f,
      `${f}${s}`,
      `${f}.${l}${s}${number}`,
      `${f}${l}${s}${number}`,
      `${f.slice(0, 1)}.${l}${number}`,
      `${f.slice(0, 1)}${l}${s}${number}`,
      `the${l}s${index + 1}`,
      `${word}${f}${number}`,
      `${word}${l}.${f.slice(0, 2)}`,
      `${l}_${f}${number}`,
    ]
    // A brother of the same initial takes two letters of his name, then the whole of it.
    const ways = [locals[style] ?? f, `${f.slice(0, 2)}${l}${s}`, `${f}${l}${s}`, `${f}${l}${index + 1}`]
    const local = ways.find((way) => !used.has(way.replace(/\W/g, ''))) ?? `${f}${index}`
    used.add(local.replace(/\W/g, ''))
    return `${local}@${domain}`
  })
}
