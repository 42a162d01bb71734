import type { Customer } from '../src/api/customer.ts'
import { mulberry32 } from '../src/sandbox/random.ts'
import { type Errors, pick } from './duplicates-errors.ts'
import { type Names, otherForms } from './duplicates-people.ts'
import { addressOf, aliasOf, ascii, exactFormOf, type Place, placeFor } from './duplicates-places.ts'

/** A labelled customer: records with the same number are of one person, one mailbox, or one address as typed. */
export interface Labelled {
  readonly customer: Customer
  readonly person: number
  readonly mailbox: number
  readonly address: number
  /** The person's name without case, accents, spaces and order. */
  readonly form: string
}

export interface SetOptions {
  readonly seed: number
  readonly people: number
  readonly names: Names
  readonly errors: Errors
}

/** A labelled set: people with and without duplicates, and hard negatives. The same options make the same set. */
export function labelledSet(options: SetOptions): Labelled[] {
  const maker = createMaker(options)
  for (let made = 0; made < options.people; made++) {
    const dice = maker.chance()
    if (dice < 0.72) maker.ordinary()
    else if (dice < 0.77) maker.familyAtOneDomain()
    else if (dice < 0.82) maker.familyAtOneMailbox()
    else if (dice < 0.86) maker.twins()
    else if (dice < 0.88) maker.role()
    else if (dice < 0.96) maker.namesakes()
    else maker.fatherAndSon()
  }
  return maker.records
}

/** Siblings with similar names, who are different people. */
const siblings = [
  'Taiwo Kehinde',
  'Hassan Hassana',
  'Mario Maria',
  'Paul Paula',
  'Oluwatobi Oluwatoni',
  'Amin Amina',
  'Chidi Chika',
  'Jayden Kayden',
  'Adeola Adeolu',
  'Daniel Daniela',
  'Eric Erica',
  'Julia Julie',
  'Joan John',
  'Marta Maria',
  'Karin Karen',
].map((pair) => pair.split(' ') as [string, string])

interface Written {
  readonly first: string
  readonly last: string
  readonly email: string
}

function createMaker({ seed, names, errors }: SetOptions) {
  const chance = mulberry32(seed)
  const records: Labelled[] = []
  const taken = new Set<string>()
  let people = 0
  let mailboxes = 0
  const addresses = new Map<string, number>()

  /** Addresses that differ only in case, white space and Unicode form have the same number. */
  function add({ first, last, email }: Written, person: number, mailbox: number): void {
    const typed = email.normalize('NFKC').trim().toLowerCase()
    const address = addresses.get(typed) ?? addresses.size
    addresses.set(typed, address)
    const number = records.length
    const customer = {
      id: `c${seed}x${number}`,
      firstname: first,
      lastname: last,
      email,
      mode: [chance() < 0.8 ? 'test' : 'live'],
      totalSpent: chance() < 0.85 ? 0 : Math.floor(chance() * 50_000) / 100,
      createdAt: new Date(1.7e12 + number * 61_000).toISOString(),
      updatedAt: new Date(1.7e12 + number * 61_000).toISOString(),
    }
    const form = `${person} ${[first, last].map((name) => ascii(name).trim()).sort()}`
    records.push({ customer, person, mailbox, address, form })
  }

  function place(first: string, last: string): Place {
    for (;;) {
      const found = placeFor(first, last, chance)
      const key = `${found.local.replace(/[._-]/g, '')}@${found.domain}`
      if (taken.has(key)) continue
      taken.add(key)
      return found
    }
  }

  /** The mailbox that a person wants, with a number appended if it is taken. */
  function at(local: string, domain: string): Place {
    const key = `${local.replace(/[._-]/g, '')}@${domain}`
    if (taken.has(key)) return at(`${local}${Math.floor(chance() * 100)}`, domain)
    taken.add(key)
    return { local, domain }
  }

  function single(first: string, last: string, where: Place): void {
    add({ first, last, email: addressOf(where) }, people++, mailboxes++)
  }

  /** The name as the person types it another time. */
  function otherName(first: string, last: string): readonly [string, string] {
    const dice = chance()
    if (dice < 0.35) return [first, last]
    if (dice < 0.5) return [first.toUpperCase(), last.toLowerCase()]
    if (dice < 0.6) return [` ${ascii(first)}`, `${ascii(last)} `]
    if (dice < 0.72) return [last, first]
    if (dice < 0.86)
      return chance() < 0.5 ? [errors.typed(first, chance), last] : [first, errors.typed(last, chance)]
    return [pick(otherForms.get(first) ?? [first], chance), last]
  }

  function twin(first: string, last: string, where: Place, person: number, mailbox: number): void {
    const [otherFirst, otherLast] = otherName(first, last)
    const dice = chance()
    const written = (email: string): Written => ({ first: otherFirst, last: otherLast, email })
    if (dice < 0.25) {
      add(written(exactFormOf(addressOf(where), chance)), person, mailbox)
    } else if (dice < 0.5) {
      add(written(aliasOf(where, chance)), person, mailbox)
    } else {
      const near = nearPlace(where)
      if (near !== undefined) add(written(addressOf(near)), person, mailboxes++)
    }
  }

  /** Another mailbox that the same person meant: a mistyped domain or local part, or another separator. */
  function nearPlace({ local, domain }: Place): Place | undefined {
    const dice = chance()
    const near =
      dice < 0.45
        ? { local, domain: errors.domain(domain, chance) }
        : dice < 0.85
          ? { local: errors.typed(local, chance), domain }
          : { local: local.includes('.') ? local.replace('.', chance() < 0.5 ? '_' : '') : local, domain }
    const key = `${near.local}@${near.domain}`
    if (key === `${local}@${domain}` || taken.has(key) || !/^[a-z0-9]/.test(near.local)) return undefined
    if (
      domain === 'gmail.com' &&
      near.local.replace(/\./g, '') === local.replace(/\./g, '') &&
      near.domain === domain
    )
      return undefined
    taken.add(key)
    return near
  }

  function ordinary(): void {
    const first = pick(names.first, chance)
    const last = pick(names.last, chance)
    const where = place(first, last)
    const [person, mailbox] = [people++, mailboxes++]
    add({ first, last, email: addressOf(where) }, person, mailbox)
    if (chance() < 0.4) twin(first, last, where, person, mailbox)
    if (chance() < 0.1) twin(first, last, where, person, mailbox)
  }

  function familyAtOneDomain(): void {
    const last = pick(names.last, chance)
    const domain = `${ascii(last).replace(/[^a-z]/g, '')}-family${Math.floor(chance() * 1000)}.example`
    for (let member = 0; member < 3; member++) {
      const first = pick(names.first, chance)
      single(first, last, at(ascii(first).replace(/[^a-z]/g, ''), domain))
    }
  }

  function differentFirsts(): [string, string] {
    const one = pick(names.first, chance)
    const other = pick(names.first, chance)
    return ascii(one) === ascii(other) ? differentFirsts() : [one, other]
  }

  function sharing(firsts: readonly string[], lasts: readonly string[], where: Place): void {
    const mailbox = mailboxes++
    for (const [index, first] of firsts.entries()) {
      add({ first, last: lasts[index] ?? lasts[0] ?? '', email: addressOf(where) }, people++, mailbox)
    }
  }

  function familyAtOneMailbox(): void {
    const last = pick(names.last, chance)
    sharing(differentFirsts(), [last], place('family', last))
  }

  function twins(): void {
    const last = pick(names.last, chance)
    const pair = pick(siblings, chance)
    if (chance() < 0.5) {
      sharing(pair, [last], place('family', last))
      return
    }
    const domain = pick(['gmail.com', 'yahoo.com', 'outlook.com'], chance)
    const number = chance() < 0.5 ? '' : String(Math.floor(chance() * 100))
    for (const first of pair) single(first, last, at(`${ascii(first)}.${ascii(last)}${number}`, domain))
  }

  function role(): void {
    const domain = `${ascii(pick(names.last, chance)).replace(/[^a-z]/g, '')}${Math.floor(chance() * 1000)}.example`
    const where = at(pick(['info', 'sales', 'office', 'admin', 'support'], chance), domain)
    const [one, two] = differentFirsts()
    const [three, four] = differentFirsts()
    const lasts = Array.from({ length: 4 }, () => pick(names.last, chance))
    const firsts = [...new Map([one, two, three, four].map((first) => [ascii(first), first])).values()]
    sharing(firsts, lasts, where)
  }

  function namesakes(): void {
    const first = pick(names.first, chance)
    const last = pick(names.last, chance)
    const f = ascii(first).replace(/[^a-z]/g, '')
    const l = ascii(last).replace(/[^a-z]/g, '')
    const year = 1960 + Math.floor(chance() * 40)
    const domain = pick(['gmail.com', 'yahoo.com', 'hotmail.com'], chance)
    const ways: readonly (readonly [Place, Place])[] = [
      [at(`${f}.${l}${year}`, domain), at(`${f}.${l}${year + 1}`, domain)],
      [at(`${f}.${l}`, 'gmail.com'), at(`${f}.${l}`, 'yahoo.com')],
      [at(`${f}${l}`, domain), at(`${f}a${l}`, domain)],
      [at(`${f}${l}`, domain), at(`${l}${f}`, domain)],
      [at(`${f}${l}`, domain), at(`${f}${l}1`, domain)],
      [at(`${f.slice(0, 1)}${l}`, domain), at(`${f.slice(0, 2)}${l}`, domain)],
    ]
    for (const where of pick(ways, chance)) single(first, last, where)
  }

  function fatherAndSon(): void {
    const first = pick(names.first, chance)
    const last = pick(names.last, chance)
    const local = `${ascii(first).replace(/[^a-z]/g, '')}.${ascii(last).replace(/[^a-z]/g, '')}`
    const domain = pick(['gmail.com', 'yahoo.com', 'outlook.com', 'icloud.com'], chance)
    if (chance() < 0.3) {
      sharing([first, first], [last, `${last} Jr`], place('family', last))
      return
    }
    single(first, last, at(`${local}1`, domain))
    single(first, last, at(`${local}2`, domain))
  }

  return {
    records,
    chance,
    ordinary,
    familyAtOneDomain,
    familyAtOneMailbox,
    twins,
    role,
    namesakes,
    fatherAndSon,
  }
}
