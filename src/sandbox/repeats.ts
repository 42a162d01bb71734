import type { Person } from './names.ts'

/** The shop's pattern repeats itself every so many customers. */
export const blockSize = 250

/** How somebody typed it the next time. */
type Retyping =
  | 'capitals'
  | 'plusTag'
  | 'dots'
  | 'googlemail'
  | 'domainTypo'
  | 'localTypo'
  | 'nameTypo'
  | 'swappedNames'
  | 'spaces'

/** Who stands there again: the slot in the block, the domain of the address, the later slots and what is different there. */
const plan: readonly (readonly [
  slot: number,
  domain: string,
  again: readonly (readonly [number, Retyping])[],
])[] = [
  [3, 'gmail.com', [[31, 'dots']]],
  [
    8,
    'gmail.com',
    [
      [9, 'capitals'],
      [127, 'plusTag'],
    ],
  ],
  [14, 'yahoo.com', [[58, 'domainTypo']]],
  [19, 'gmail.com', [[88, 'googlemail']]],
  [
    26,
    'outlook.com',
    [
      [45, 'capitals'],
      [140, 'nameTypo'],
    ],
  ],
  [33, 'example.com', [[36, 'nameTypo']]],
  [40, 'gmail.com', [[102, 'plusTag']]],
  [48, 'hotmail.com', [[157, 'domainTypo']]],
  [
    55,
    'gmail.com',
    [
      [71, 'localTypo'],
      [203, 'dots'],
    ],
  ],
  [62, 'icloud.com', [[64, 'capitals']]],
  [75, 'example.org', [[119, 'swappedNames']]],
  [81, 'gmail.com', [[190, 'domainTypo']]],
  [
    93,
    'yahoo.com',
    [
      [94, 'spaces'],
      [221, 'localTypo'],
    ],
  ],
  [105, 'gmail.com', [[167, 'dots']]],
  [116, 'outlook.com', [[182, 'domainTypo']]],
  [
    124,
    'gmail.com',
    [
      [209, 'googlemail'],
      [245, 'capitals'],
    ],
  ],
  [138, 'example.net', [[171, 'localTypo']]],
  [152, 'gmail.com', [[227, 'plusTag']]],
  [170, 'yahoo.com', [[239, 'nameTypo']]],
  [185, 'hotmail.com', [[248, 'capitals']]],
]

const domainOfSlot = new Map(plan.map(([slot, domain]) => [slot, domain]))
const repeatOfSlot = new Map(
  plan.flatMap(([slot, , again]) => again.map(([later, how]) => [later, { slot, how }] as const)),
)

/** The earlier place of the person at this one, and how it was typed this time; undefined for a person's first place. */
export function repeatOf(place: number): { readonly of: number; readonly how: Retyping } | undefined {
  const found = repeatOfSlot.get(place % blockSize)
  return found && { of: place - (place % blockSize) + found.slot, how: found.how }
}

/** Does somebody stand at this place, for the first time or again, who stands there twice? */
export function isPlanned(place: number): boolean {
  const slot = place % blockSize
  return domainOfSlot.has(slot) || repeatOfSlot.has(slot)
}

/** The domain that the plan asks for at a person's first place, if any. */
export function plannedDomain(place: number): string | undefined {
  return domainOfSlot.get(place % blockSize)
}

/** The same person, typed again. */
export function typedAgain(person: Person, how: Retyping): Person {
  const [local = '', domain = ''] = person.email.split('@')
  switch (how) {
    case 'capitals':
      return {
        firstname: person.firstname.toUpperCase(),
        lastname: person.lastname.toUpperCase(),
        email: `${local.slice(0, 1).toUpperCase()}${local.slice(1)}@${domain.slice(0, 1).toUpperCase()}${domain.slice(1)}`,
      }
    case 'plusTag':
      return { ...person, email: `${local}+orafi@${domain}` }
    case 'dots':
      return { ...person, email: `${dotted(local)}@${domain}` }
    case 'googlemail':
      return { ...person, email: `${local}@googlemail.com` }
    case 'domainTypo':
      return { ...person, email: `${local}@${mistyped[domain] ?? swapped(domain)}` }
    case 'localTypo':
      return { ...person, email: `${swapped(local)}@${domain}` }
    case 'nameTypo':
      return { ...person, firstname: swapped(person.firstname) }
    case 'swappedNames':
      return { ...person, firstname: person.lastname, lastname: person.firstname }
    case 'spaces':
      return { ...person, firstname: `${person.firstname} `, email: person.email.toLowerCase() }
  }
}

const mistyped: Readonly<Record<string, string>> = {
  'gmail.com': 'gmial.com',
  'yahoo.com': 'yaho.com',
  'hotmail.com': 'hotmail.con',
  'outlook.com': 'outlok.com',
}

/** Other dots than before: Gmail takes both for one address. */
function dotted(local: string): string {
  const plain = local.replaceAll('.', '')
  return plain.length < local.length ? plain : `${local.slice(0, 1)}.${local.slice(1)}`
}

/** The second and the third letter changed places; the first two where they are alike. */
function swapped(text: string): string {
  const letters = Array.from(text.normalize('NFC'))
  const at = letters[1] === letters[2] || letters.length < 3 ? 0 : 1
  const [first = '', second = ''] = letters.slice(at, at + 2)
  return [...letters.slice(0, at), second, first, ...letters.slice(at + 2)].join('')
}
