import domains from './domains.json' with { type: 'json' }
import { typingErrors } from './typing.ts'

/**
 * Domains that many people have their mail at, worldwide and in the countries that Orafi's merchants sell in. A domain
 * of this list is never taken for a mistyped other one (`ymail.com` is not `gmail.com`).
 */
const wellKnown = domains.wellKnown.flatMap(words)
const known = new Set(wellKnown)

/** Names of several letters are worth repairing; below it a single error makes another real one (`me.com`). */
const shortestName = 5

const mostRemembered = 50_000

/** Whether many people have their mail at this domain. */
export function isWellKnown(domain: string): boolean {
  return known.has(domain)
}

/**
 * The well-known domain that a domain is most likely a mistyped form of (`gmial.com`, `yahooo.com`, `hotmail.con`,
 * `gmail`), or the domain itself. Where two are equally near, nothing is assumed.
 */
export function repairedDomain(domain: string): string {
  return known.has(domain) ? domain : repair(domain)
}

/** As `repairedDomain`, and remembers: many customers share few domains. Bounded, since every company has its own. */
export function rememberRepairs(): (domain: string) => string {
  const remembered = new Map<string, string>()
  return (domain) => {
    if (known.has(domain)) return domain
    const repaired = remembered.get(domain) ?? repair(domain)
    if (remembered.size >= mostRemembered) remembered.clear()
    remembered.set(domain, repaired)
    return repaired
  }
}

function repair(domain: string): string {
  let best = domain
  let fewest = 3
  let unsure = false
  for (const candidate of wellKnown) {
    const errors = domainErrors(domain, candidate)
    if (errors === undefined || errors > fewest) continue
    unsure = errors === fewest
    fewest = errors
    best = candidate
  }
  return unsure ? domain : best
}

/**
 * How many typing errors lie between a domain and a well-known one; undefined for too many. Two only where one is in
 * the name and one in the ending (`gmial.con`), or the name is long.
 */
function domainErrors(domain: string, candidate: string): number | undefined {
  if (Math.abs(domain.length - candidate.length) > 4) return undefined
  const [name, ending] = split(candidate)
  if (name.length >= shortestName && (domain === name || domain === name + ending)) return 1
  const [typedName, typedEnding] = split(domain)
  const inEnding = endingErrors(typedEnding, ending, name.length)
  if (inEnding === undefined) return undefined
  const most = name.length < shortestName ? 0 : name.length < longName ? 1 : 2
  const inName = typingErrors(typedName, name, most)
  return inName > most || inName + inEnding > 2 ? undefined : inName + inEnding
}

const longName = 7

/** A country's ending is its own (`yahoo.fr`, `hotmail.cz`): only what looks like a mistyped `.com` is one. */
function endingErrors(typed: string, ending: string, nameLength: number): number | undefined {
  if (typed === ending) return 0
  if (ending !== 'com') return undefined
  return mistyped.has(typed) || (nameLength >= shortestName && mistypedCountry.has(typed)) ? 1 : undefined
}

/** What `.com` becomes under hasty fingers and no registry has. */
const mistyped = new Set(words(domains.mistypedCom))

/** Endings of countries that are a letter short of `.com`; big providers have no mail there. */
const mistypedCountry = new Set(words(domains.mistypedCountry))

function split(domain: string): readonly [name: string, ending: string] {
  const dot = domain.indexOf('.')
  return dot === -1 ? [domain, ''] : [domain.slice(0, dot), domain.slice(dot + 1)]
}

function words(text: string): string[] {
  return text.split(' ')
}
