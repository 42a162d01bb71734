import type { Customer } from '../../src/api/customer.ts'

/** A labelled customer: records with the same number are of one person, one mailbox, or one address as typed. */
export interface Labelled {
  readonly customer: Customer
  readonly person: number
  readonly mailbox: number
  readonly address: number
  /** The person's name without case, accents, spaces and order. */
  readonly form: string
  /** What kind of person this is, or how the record differs from the person's first: `family`, `4 errors`. */
  readonly kind: string
}

/** A record before it is labelled. */
export interface Written {
  readonly first: string
  readonly last: string
  readonly email: string
}

export interface Label {
  readonly person: number
  readonly kind: string
  /** Whether other people may use the mailbox too. */
  readonly shared?: boolean
  /** Whether somebody else of this name may have the same text before the @, at another domain. */
  readonly common?: boolean
}

/** The mailbox of an address by what is known of the providers, without asking what is measured. */
function mailboxOf(address: string): string {
  const at = address.lastIndexOf('@')
  const domain = address.slice(at + 1)
  const local = address.slice(0, at).replace(/(?<=.)\+.*/, '')
  if (domain === 'gmail.com' || domain === 'googlemail.com') return `${local.replaceAll('.', '')}@gmail.com`
  return `${local}@${domain === 'me.com' ? 'icloud.com' : domain}`
}

/** Collects records with their labels. */
export interface Collector {
  readonly records: readonly Labelled[]
  /** Numbers a new person. */
  person(): number
  /** Whether the mailbox has records already. */
  isTaken(email: string): boolean
  /**
   * Adds a record; false if nobody could tell it from another person's: the mailbox, or the name and the text before the @,
   * are the other's.
   */
  add(written: Written, label: Label, more?: Partial<Customer>): boolean
}

export function createCollector(seed: number): Collector {
  const records: Labelled[] = []
  const addresses = new Map<string, number>()
  const mailboxes = new Map<string, number>()
  const owners = new Map<string, number>()
  const looks = new Map<string, number>()
  let people = 0
  const typed = (email: string): string => email.normalize('NFKC').trim().toLowerCase()
  const numberOf = (numbers: Map<string, number>, key: string): number => {
    const number = numbers.get(key) ?? numbers.size
    numbers.set(key, number)
    return number
  }
  return {
    records,
    person: () => people++,
    isTaken: (email) => mailboxes.has(mailboxOf(typed(email))),
    add({ first, last, email }, { person, kind, shared = false, common = false }, more = {}) {
      const address = typed(email)
      const mailbox = mailboxOf(address)
      // -1 stands for several people.
      const owner = shared ? -1 : person
      if ((owners.get(mailbox) ?? owner) !== owner) return false
      const keys = looksOf(first, last, mailbox, shared)
      if ((looks.get(keys[common ? 1 : 0]) ?? person) !== person) return false
      owners.set(mailbox, owner)
      for (const key of keys) looks.set(key, looks.get(key) ?? person)
      const number = records.length
      const date = new Date(1.7e12 + number * 61_000).toISOString()
      records.push({
        customer: {
          id: `c${seed}x${number}`,
          firstname: first,
          lastname: last,
          email,
          mode: ['test'],
          totalSpent: 0,
          createdAt: date,
          updatedAt: date,
          ...more,
        },
        person,
        mailbox: numberOf(mailboxes, mailbox),
        address: numberOf(addresses, address),
        form: `${person} ${[...wordsOf(first), ...wordsOf(last)].sort().join(' ')}`,
        kind,
      })
      return true
    },
  }
}

/** First and last name, or all in a shared mailbox, and the text before the @ without separators; and the same with the domain. */
function looksOf(first: string, last: string, mailbox: string, shared: boolean): readonly [string, string] {
  const all = [...wordsOf(first), ...wordsOf(last)]
  const names = (shared ? all : [wordsOf(first)[0], wordsOf(last).at(-1)]).sort()
  const at = mailbox.lastIndexOf('@')
  const looks = `${names.join(' ')} ${mailbox.slice(0, at).replace(/[._-]/g, '')}`
  return [looks, looks + mailbox.slice(at)]
}

/** The words of a name without case and accents. */
function wordsOf(name: string): string[] {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\p{M}'’]/gu, '')
    .replaceAll('ł', 'l')
    .replaceAll('ø', 'o')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}
