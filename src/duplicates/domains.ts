import { typingErrors } from './typing.ts'

/**
 * Domains that many people have their mail at, worldwide and in the countries that Orafi's merchants sell in. A domain
 * of this list is never taken for a mistyped other one (`ymail.com` is not `gmail.com`).
 */
const wellKnown = words(`
  gmail.com googlemail.com yahoo.com ymail.com rocketmail.com hotmail.com outlook.com live.com msn.com icloud.com me.com
  mac.com aol.com aim.com proton.me protonmail.com protonmail.ch pm.me fastmail.com fastmail.fm zoho.com zohomail.com
  mail.com email.com usa.com post.com gmx.com gmx.net gmx.de gmx.at gmx.ch web.de t-online.de freenet.de mail.ru
  yandex.ru yandex.com ya.ru bk.ru list.ru inbox.ru inbox.com tutanota.com tuta.com tuta.io hey.com duck.com qq.com
  foxmail.com 163.com 126.com sina.com naver.com daum.net hanmail.net
  yahoo.co.uk yahoo.co.in yahoo.in yahoo.co.za yahoo.fr yahoo.de yahoo.it yahoo.es yahoo.ca yahoo.com.au yahoo.com.br
  yahoo.com.ng yahoo.com.ph yahoo.co.jp yahoo.co.id hotmail.co.uk hotmail.co.za hotmail.fr hotmail.de hotmail.it
  hotmail.es hotmail.be hotmail.ca outlook.fr outlook.de outlook.es outlook.it outlook.pt outlook.co.za outlook.sa
  live.co.uk live.co.za live.fr live.nl live.be live.ca windowslive.com
  orange.fr free.fr sfr.fr laposte.net wanadoo.fr bbox.fr neuf.fr libero.it virgilio.it alice.it tiscali.it terra.es
  uol.com.br bol.com.br terra.com.br rediffmail.com btinternet.com sky.com talktalk.net virginmedia.com ntlworld.com
  comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net optonline.net juno.com
  shaw.ca rogers.com bigpond.com optusnet.com.au
  mweb.co.za vodamail.co.za telkomsa.net webmail.co.za iafrica.com safaricom.co.ke`)

const known = new Set(wellKnown)

/** Names of several letters are worth repairing; below it a single error makes another real one (`me.com`). */
const shortestName = 5

/** Repairs already made: customers share few domains. Bounded, since every company has its own. */
const remembered = new Map<string, string>()
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
  if (known.has(domain)) return domain
  let repaired = remembered.get(domain)
  if (repaired === undefined) {
    repaired = repair(domain)
    if (remembered.size >= mostRemembered) remembered.clear()
    remembered.set(domain, repaired)
  }
  return repaired
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
const mistyped = new Set(words('con cmo ocm comm coml comn vom xom cim clm cpm dom cop cok coom ccom'))

/** Endings of countries that are a letter short of `.com`; big providers have no mail there. */
const mistypedCountry = new Set(words('cm om co'))

function split(domain: string): readonly [name: string, ending: string] {
  const dot = domain.indexOf('.')
  return dot === -1 ? [domain, ''] : [domain.slice(0, dot), domain.slice(dot + 1)]
}

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}
