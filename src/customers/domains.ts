import { remember } from '../remember.ts'
import domains from './domains.json' with { type: 'json' }
import { typingErrors } from './typing.ts'

/**
 * E-mail domains that many people use, worldwide and in the countries of Orafi's merchants. A domain in this list is never
 * taken for a mistyped form of another one (`ymail.com` is not `gmail.com`).
 */
const wellKnown = domains.wellKnown.flatMap(words)
const known = new Set(wellKnown)

/** Shorter names are not repaired: one letter makes another real domain of them (`me.com`). */
const shortestName = 5

/** Whether many people use e-mail at this domain. */
export function isWellKnown(domain: string): boolean {
  return known.has(domain)
}

/** The longest well-known domain at the end of a text: `gmail.com` of `ada.obigmail.com`. */
export function wellKnownEnd(text: string): string | undefined {
  return wellKnown
    .filter((domain) => text.endsWith(domain))
    .sort((a, b) => b.length - a.length)
    .at(0)
}

/**
 * The well-known domain of which a domain is most likely a mistyped form (`gmial.com`, `yahooo.com`, `hotmail.con`,
 * `gmail`, `www.gmail.com`), or the domain itself, also if two are equally likely.
 */
export function repairedDomain(domain: string): string {
  return known.has(domain) ? domain : rememberedRepair(domain)
}

/** `gmail.com.ng`: other than Yahoo and Microsoft, these have no domains of countries. */
const inCountry = /^((?:gmail|googlemail|icloud|protonmail)\.com)\.[a-z]{2}$/

/** Many customers share few domains. */
const rememberedRepair = remember(50_000, repair)

function repair(typed: string): string {
  // `www.gmail.com`, `gmail,com`, `gmail..com`, `gmail.com>`
  const domain = typed
    .replace(/[,\s.]+/g, '.')
    .replace(/[!-/:-@[-`{-~]+$/, '')
    .replace(/^www\./, '')
    .replace(inCountry, '$1')
  if (domain === '') return typed
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
 * The number of typing errors between a domain and a well-known one; undefined if there are too many. Two are allowed only
 * if one is in the name and one in the ending (`gmial.con`), or the name is long.
 */
function domainErrors(domain: string, candidate: string): number | undefined {
  if (Math.abs(domain.length - candidate.length) > 4) return undefined
  const [name, ending] = split(candidate)
  if (domain === candidate) return 0
  // A dot is missing, or there is one too many (`g.mail.com`), or the ending is missing.
  const undotted = domain.replaceAll('.', '')
  if (name.length >= shortestName && undotted === candidate.replaceAll('.', '')) return 1
  if (name.length >= shortestName && domain === name) return ending === 'com' ? 1 : 2
  const [typedName, typedEnding] = split(domain)
  const inEnding = endingErrors(typedEnding, ending, name.length)
  if (inEnding === undefined) return undefined
  const most = name.length < shortestName ? 0 : name.length < longName ? 1 : 2
  const inName = typingErrors(typedName, name, most)
  return inName > most || inName + inEnding > 2 ? undefined : inName + inEnding
}

const longName = 7

/** Country endings are real (`yahoo.fr`, `hotmail.cz`): only mistyped forms of `.com` count as errors. */
function endingErrors(typed: string, ending: string, nameLength: number): number | undefined {
  if (typed === ending) return 0
  if (ending !== 'com') return undefined
  return mistyped.has(typed) || (nameLength >= shortestName && mistypedCountry.has(typed)) ? 1 : undefined
}

/** Mistyped forms of `.com` that are not real endings. */
const mistyped = new Set(words(domains.mistypedCom))

/** Country endings that are `.com` without a letter; large providers do not use them. */
const mistypedCountry = new Set(words(domains.mistypedCountry))

function split(domain: string): readonly [name: string, ending: string] {
  const dot = domain.indexOf('.')
  return dot === -1 ? [domain, ''] : [domain.slice(0, dot), domain.slice(dot + 1)]
}

function words(text: string): string[] {
  return text.split(' ')
}
