import { type Chance, pick } from './duplicates-errors.ts'

/** A mailbox. */
export interface Place {
  readonly local: string
  readonly domain: string
}

export function addressOf({ local, domain }: Place): string {
  return `${local}@${domain}`
}

/** A word in the form used in addresses: lower case, without accents. */
export function ascii(text: string): string {
  return text
    .replace(/[łø]/gi, (letter) => (letter.toLowerCase() === 'ł' ? 'l' : 'o'))
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9 -]/g, '')
    .toLowerCase()
}

const domains = [
  ...Array<string>(9).fill('gmail.com'),
  ...Array<string>(4).fill('yahoo.com'),
  ...Array<string>(2).fill('hotmail.com'),
  ...Array<string>(2).fill('outlook.com'),
  'icloud.com',
]
const words = [
  'skater',
  'lion',
  'queen',
  'blessed',
  'sunny',
  'coder',
  'rider',
  'star',
  'arsenal',
  'naija',
  'dragon',
  'melody',
]

/** A plausible mailbox for a person of this name. */
export function placeFor(first: string, last: string, chance: Chance): Place {
  const f = ascii(first).replace(/[^a-z0-9]/g, '')
  const l = ascii(last).replace(/[^a-z0-9]/g, '')
  const number = String(Math.floor(chance() * 1000))
  const year = String(1955 + Math.floor(chance() * 50))
  const local = pick(
    [
      `${f}.${l}`,
      `${f}${l}`,
      `${l}.${f}`,
      `${f}_${l}`,
      `${f}.${l}${number}`,
      `${f}${year}`,
      `${f.slice(0, 1)}${l}${number}`,
      `${f}${l}${year}`,
      `${pick(words, chance)}${pick(words, chance)}${number}`,
      `${f}.${pick(words, chance)}`,
    ],
    chance,
  )
  return { local, domain: chance() < 0.8 ? pick(domains, chance) : `${l}${pick(words, chance)}.example` }
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
