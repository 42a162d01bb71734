import { isWellKnown } from '../customers/domains.ts'
import { isInitial } from '../customers/names.ts'
import { hashOf } from '../text-set.ts'
import type { Fields } from './fields.ts'
import { inLatin } from './latin.ts'
import { isGivenName } from './name-table.ts'
import { wordsOf } from './unexplained.ts'

/** How often names, domains and words before the @ occur in an account. */
export interface Counts {
  /** The number of customers counted. */
  readonly customers: number
  /** How many mailboxes have two records of one person; undefined if that is not known, as in a plan that lacks it. */
  readonly repeatedMailboxes: number | undefined
  /** How many customers have a text of `countedTexts`, or slightly more. */
  countOf(text: string): number
}

/** How common names and domains are in an account: what is rare says more about two customers who share it. */
export interface Frequencies extends Counts {
  /** How much a name says, in bits: log2 of one in how many names it is. */
  nameBits(name: string): number
  /** How much a whole name says, in bits: less if others have the same, as every other John Smith. */
  fullNameBits(names: readonly string[]): number
  /** How much a word before the @ says that is not a name, in bits: `sevilla` is less if many have it. */
  wordBits(word: string): number
  /** How likely a word is a name, from 0 to 1, rather than a typing error in one: known, or seen elsewhere. */
  isName(word: string): number
  domainBits(domain: string): number
  /** Whether several customers use a domain, so that it is no typing error. */
  isAlive(domain: string): boolean
}

export interface CountingFrequencies extends Frequencies {
  /** Counts a customer. */
  add(fields: Fields): void
  /** Counts a mailbox, if it has two records of one person. */
  addMailbox(isRepeated: boolean): void
}

/** Texts are counted in this many counters by their hash: those that share one only look more common. */
const manyCounters = 2 ** 20
/** What is assumed before anybody was counted weighs as much as this many customers. */
const assumed = 300
/** One in how many names a given name of the table is, and any other name. */
const commonName = 2 ** -7.5
const otherName = 2 ** -11
const fullName = 2 ** -13
const wellKnownDomain = 2 ** -3
const otherDomain = 2 ** -13

/** @param counters how many there are */
export function createFrequencies(counters = manyCounters): CountingFrequencies {
  const seen = new Uint32Array(counters)
  const bits = counters * 16
  const known = new Uint8Array(bits / 8)
  let customers = 0
  let repeatedMailboxes = 0
  const counts: Counts = {
    get customers() {
      return customers
    },
    get repeatedMailboxes() {
      return repeatedMailboxes
    },
    countOf: (text) => seen[hashOf(text) % counters] ?? 0,
  }
  /** Whether a customer was counted before, by a hash; some others are taken for known too. */
  const isKnown = ({ names, mailbox }: Fields): boolean => {
    const at = hashOf(mailbox, hashOf(names.join(' '))) % bits
    const byte = known[at >>> 3] ?? 0
    known[at >>> 3] = byte | (1 << (at & 7))
    return (byte & (1 << (at & 7))) !== 0
  }
  return Object.assign(frequenciesOf(counts), {
    add(fields: Fields) {
      customers += 1
      // Who is there a hundred times is no hundred namesakes.
      if (isKnown(fields)) return
      for (const text of countedTexts(fields)) {
        const at = hashOf(text) % counters
        seen[at] = (seen[at] ?? 0) + 1
      }
    },
    addMailbox(isRepeated: boolean) {
      if (isRepeated) repeatedMailboxes += 1
    },
  })
}

/** Those of an account that is not known. */
export function typicalFrequencies(): CountingFrequencies {
  return createFrequencies(1)
}

/** What is counted of a customer: the names, the whole name, the domain and the words before the @. */
function countedTexts(fields: Fields): string[] {
  const { names, typedDomain } = fields
  return [
    ...names.map((name) => `name ${name}`),
    ...(names.length > 1 ? [whole(names)] : []),
    `domain ${typedDomain}`,
    ...wordsOf(fields).map((word) => `word ${word}`),
  ]
}

function whole(names: readonly string[]): string {
  const latin = names.filter((name) => !isInitial(name)).map(inLatin)
  return `full name ${latin.sort().join(' ')}`
}

/** What counts say of names, domains and words. */
export function frequenciesOf(counts: Counts): Frequencies {
  /** @param others how many customers have it beside the two who are compared */
  const bits = (others: number, before: number): number =>
    -Math.log2((Math.max(0, others) + assumed * before) / (counts.customers + assumed))
  const nameCount = (name: string): number => counts.countOf(`name ${name}`)
  const domainCount = (domain: string): number => counts.countOf(`domain ${domain}`)
  return {
    get customers() {
      return counts.customers
    },
    get repeatedMailboxes() {
      return counts.repeatedMailboxes
    },
    countOf: counts.countOf,
    // Names and domains are so common that one of the two counts too.
    nameBits: (name) => bits(nameCount(name) - 1, isGivenName(name) ? commonName : otherName),
    domainBits: (domain) =>
      bits(domainCount(domain) - 1, isWellKnown(domain) ? wellKnownDomain : otherDomain),
    // A person may have three records, so the first three are not taken for several people.
    fullNameBits: (names) => bits(counts.countOf(whole(names)) - 3, fullName),
    wordBits: (word) => {
      const chance = /^\d/.test(word) ? 10 ** -word.length : 4 ** -(1 + word.length)
      return Math.min(-Math.log2(chance), bits(counts.countOf(`word ${word}`) - 3, chance))
    },
    isName: (word) =>
      isGivenName(word) || nameCount(word) > 1 ? 1 : Math.exp(-counts.customers * otherName),
    isAlive: (domain) => domain !== '' && (isWellKnown(domain) || domainCount(domain) > 2),
  }
}
