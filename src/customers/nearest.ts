import type { Customer } from '../api/customer.ts'
import { sameEmail } from '../email.ts'
import { visible } from '../visible.ts'
import { repairedDomain } from './domains.ts'
import { type FindScope, wordsOf } from './matching.ts'
import { nameOf, nameTokens } from './names.ts'
import { comparedLength, typingErrors } from './typing.ts'

/** Collects the customers that come nearest to a search, for when nobody matches. */
export interface Nearest {
  /** Considers a customer, if `accepts` does. Only the few best are kept. */
  consider(customer: Customer, accepts: (customer: Customer) => boolean): void
  /** At most three, the nearest first, for display: the e-mail, and the name if names were searched for. */
  shown(): readonly string[]
}

interface Near {
  readonly distance: number
  readonly text: string
}

/** How many are shown. */
const most = 3

/** The same words before and after the @, but at another domain than the one that was typed. */
const elsewhere = 4

/** An @ alone, or one letter before it, is no local part that others can be like. */
const shortestElsewhere = 5

export function createNearest(text: string, scope: FindScope): Nearest {
  const distanceOf = distances(text, scope)
  const isAddress = text.includes('@')
  let best: readonly Near[] = []

  return {
    consider(customer, accepts) {
      const distance = distanceOf(customer)
      const last = best[most - 1]
      if (distance === undefined || (last !== undefined && distance >= last.distance)) return
      if (!accepts(customer)) return
      const near = { distance, text: shownAs(customer, isAddress) }
      if (best.some((other) => other.text === near.text)) return
      // Sorting is stable: of equals, the first stays first.
      best = [...best, near].sort((a, b) => a.distance - b.distance).slice(0, most)
    },
    shown: () =>
      best.filter(({ distance }) => distance <= (best[0]?.distance ?? 0) + 1).map((near) => near.text),
  }
}

/** The longest name or e-mail that is shown. */
const longestShown = 100

function shownAs({ id, firstname, lastname, email }: Customer, isAddress: boolean): string {
  const name = [firstname, lastname]
    .filter((field) => typeof field === 'string')
    .join(' ')
    .trim()
  const address = typeof email === 'string' && email !== '' && email.length <= comparedLength ? email : id
  return visible(isAddress || name === '' || name.length > longestShown ? address : `${address} (${name})`)
}

type Distance = (customer: Customer) => number | undefined

/** How far customers are from a search; undefined if they are not near. */
function distances(text: string, scope: FindScope): Distance {
  if (text.length > comparedLength) return () => undefined
  const words = wordsOf(text)
  const addresses = words.filter(({ folded }) => folded.includes('@'))
  const [address] = addresses
  // Everybody would be near to a sign that nobody has.
  if (words.every(({ tokens }) => tokens.length === 0)) return () => undefined
  if (address !== undefined) return scope === 'name' ? () => undefined : addressDistance(address.typed)
  return wordsDistance(
    words.flatMap(({ tokens }) => tokens).map(wantedOf),
    wantedOf(words.map(({ joined }) => joined).join('')),
    scope,
  )
}

/** Typing errors that are plausible in a text of this length. */
function errorsAllowed(length: number): number {
  if (length < 3) return 0
  if (length < 6) return 1
  return length < 10 ? 2 : 3
}

/** An address at a mistyped domain is nearest (0), whichever of the two has the error. */
function addressDistance(typed: string): Distance {
  const [wantedLocal, wantedDomain] = parts(sameEmail(typed))
  const repaired = repairedDomain(wantedDomain)
  const allowed = errorsAllowed(wantedLocal.length)

  return ({ email }) => {
    if (typeof email !== 'string' || email.length > comparedLength) return undefined
    const [local, domain] = parts(sameEmail(email))
    const errors = wantedLocal === '' ? 0 : typingErrors(wantedLocal, local, allowed)
    if (errors > allowed) return undefined
    if (domain === wantedDomain || repairedDomain(domain) === repaired) return errors
    if (errors > 0) return undefined
    const inDomain = typingErrors(domain, wantedDomain, 2)
    if (inDomain <= 2) return inDomain
    return wantedLocal.length >= shortestElsewhere ? elsewhere : undefined
  }
}

function parts(email: string): readonly [local: string, domain: string] {
  const at = email.lastIndexOf('@')
  return at === -1 ? [email, ''] : [email.slice(0, at), email.slice(at + 1)]
}

/** A word that a customer does not have counts as so many typing errors, if there are at least two others. */
const missing = 3

/** A text that is looked for, with what is needed to compare it quickly. */
interface Wanted {
  readonly text: string
  readonly allowed: number
  readonly letters: number
}

function wantedOf(text: string): Wanted {
  return { text, allowed: errorsAllowed(text.length), letters: lettersOf(text) }
}

/** Which letters a text has, as bits; several may share one. */
function lettersOf(text: string): number {
  let letters = 0
  for (let index = 0; index < text.length; index++) letters |= 1 << (text.charCodeAt(index) & 31)
  return letters
}

/** The typing errors in a text if there are at most so many, else a greater number. */
function errorsIn(wanted: Wanted, text: string, most: number): number {
  if (Math.abs(text.length - wanted.text.length) > most) return most + 1
  // An error changes at most two bits. Most texts are ruled out without being compared.
  let differing = wanted.letters ^ lettersOf(text)
  for (let errors = 2 * most; differing !== 0; errors--) {
    if (errors === 0) return most + 1
    differing &= differing - 1
  }
  return typingErrors(wanted.text, text, most)
}

/** The typing errors of all words, or of all in one word. */
function wordsDistance(wanted: readonly Wanted[], joined: Wanted, scope: FindScope): Distance {
  return (customer) => {
    const name = scope === 'email' ? undefined : nameOf(customer)
    const { email } = customer
    const local = scope === 'name' || typeof email !== 'string' ? [] : nameTokens(parts(sameEmail(email))[0])
    const words = name === undefined ? local : [...name.first, ...name.last, ...local]
    const wholes = name === undefined ? [local.join('')] : [name.straight, name.swapped, local.join('')]
    const fewest = Math.min(
      errorsOfAll(wanted, words),
      ...wholes.map((whole) => {
        const errors = errorsIn(joined, whole, joined.allowed)
        return errors <= joined.allowed ? errors : Number.POSITIVE_INFINITY
      }),
    )
    return Number.isFinite(fewest) ? fewest : undefined
  }
}

/** The typing errors in all words together; Infinity if too many are missing. */
function errorsOfAll(wanted: readonly Wanted[], words: readonly string[]): number {
  let sum = 0
  let isMissing = wanted.length < 3
  for (const one of wanted) {
    let fewest = one.allowed + 1
    for (const word of words) {
      if (word.includes(one.text)) fewest = 0
      if (fewest === 0) break
      fewest = Math.min(fewest, errorsIn(one, word, fewest - 1))
    }
    if (fewest <= one.allowed) sum += fewest
    else if (isMissing) return Number.POSITIVE_INFINITY
    else {
      isMissing = true
      sum += missing
    }
  }
  return sum
}
