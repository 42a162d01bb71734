import { type Chance, pick } from './errors.ts'

/** A mailbox. */
export interface Place {
  readonly local: string
  readonly domain: string
}

const letters: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  æ: 'ae',
  ß: 'ss',
}

/** A word in the form used in addresses: lower case, without accents. */
export function ascii(text: string): string {
  return text
    .toLowerCase()
    .replace(/[łøđðþæß]/g, (letter) => letters[letter] ?? letter)
    .normalize('NFKD')
    .replace(/[^a-z0-9 -]/g, '')
}

const domains = [
  ...Array<string>(9).fill('gmail.com'),
  ...Array<string>(4).fill('yahoo.com'),
  ...Array<string>(2).fill('hotmail.com'),
  ...Array<string>(2).fill('outlook.com'),
  'icloud.com',
]
const words =
  `skater lion queen blessed sunny coder rider star arsenal naija dragon melody falcon tiger maple ocean river
  silver thunder cookie pixel gamer music garden coffee rocket panda shadow winter purple ninja guitar`.split(
    /\s+/,
  )

export function anyProvider(chance: Chance): string {
  return pick(domains, chance)
}

export function anyWord(chance: Chance): string {
  return pick(words, chance)
}

/** A local part, and whether it is nothing but the name, as many namesakes have it. */
export interface Local {
  readonly text: string
  readonly onlyName: boolean
}

/** A plausible local part for a person of this name, in Latin letters. */
export function localFor(first: string, last: string, chance: Chance): Local {
  const f = ascii(first).replace(/[^a-z0-9]/g, '')
  const l = ascii(last).replace(/[^a-z0-9]/g, '')
  const number = String(Math.floor(chance() * 1000))
  const year = String(1955 + Math.floor(chance() * 50))
  const names = [`${f}.${l}`, `${f}${l}`, `${l}.${f}`, `${f}_${l}`]
  const others = [
    `${f}.${l}${number}`,
    `${f}${year}`,
    `${f.slice(0, 1)}${l}${number}`,
    `${f}${l}${year}`,
    `${pick(words, chance)}${pick(words, chance)}${number}`,
    `${f}.${pick(words, chance)}`,
  ]
  const text = pick([...names, ...others], chance)
  return { text, onlyName: names.includes(text) }
}

/** A provider, or a domain of one's own. */
export function domainFor(last: string, chance: Chance): string {
  const own = `${ascii(last).replace(/[^a-z]/g, '')}${pick(words, chance)}.example`
  return chance() < 0.85 ? pick(domains, chance) : own
}

/** The same address, typed differently: case, white space, Unicode form. */
export function exactFormOf(address: string, chance: Chance): string {
  const fullwidth = (text: string): string =>
    text.replace(/[a-z]/, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0))
  const forms = [
    address,
    address.toUpperCase(),
    ` ${address}`,
    `${address} `,
    address.replace(/^./, (c) => c.toUpperCase()),
    fullwidth(address),
  ]
  return pick(forms, chance)
}

/** Another address of the same mailbox. */
export function aliasOf({ local, domain }: Place, chance: Chance): string {
  const tagged = `${local}+${pick(['shop', 'orafi', 'news', '2024', 'a.b'], chance)}@${domain}`
  if (domain === 'icloud.com') return pick([tagged, `${local}@me.com`], chance)
  if (domain !== 'gmail.com') return tagged
  const middle = 1 + Math.floor(chance() * (local.length - 1))
  const dotted = local.includes('.')
    ? local.replaceAll('.', '')
    : `${local.slice(0, middle)}.${local.slice(middle)}`
  return pick(
    [tagged, `${dotted}@gmail.com`, `${local}@googlemail.com`, `${dotted}+x@GoogleMail.com`],
    chance,
  )
}
