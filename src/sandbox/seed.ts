import { modeBits, presented, type SandboxCustomer, type StoredCustomer } from './customer.ts'
import { type DocumentedPerson, documentedAt } from './documented-people.ts'
import { makeId } from './ids.ts'
import { personAt } from './people.ts'
import { mix, mulberry32 } from './random.ts'
import { rangeOf } from './ranges.ts'
import { type Shop, seeded, timeAt } from './shop.ts'

/** What the filters of a list ask about, worked out without the rest of the record. */
export interface SeedFacts {
  /** 1 test, 2 live, 3 both. */
  readonly modes: number
  /** Index in `spendingRanges`. */
  readonly range: number
}

export function seedFacts(shop: Shop, place: number): SeedFacts {
  if (documentedAt(shop, place)) return { modes: modeBits.test, range: 0 }
  const { modes, cents } = trade(shop, place)
  return { modes, range: rangeOf(cents / 100) }
}

/** The customer at a place from 0 (the oldest) to `shop.customers - 1`. */
export function seedCustomer(shop: Shop, place: number): StoredCustomer {
  const documented = documentedAt(shop, place)
  if (documented) return documentedCustomer(shop, place, documented)
  const { modes, cents, random } = trade(shop, place)
  const createdAt = timeAt(shop, place, random())
  const updatedAt = cents === 0 ? createdAt : createdAt + Math.floor(random() * (seeded - createdAt))
  return { ...personAt(place, shop.seed), modes, totalSpent: cents / 100, createdAt, updatedAt }
}

/** All customers of a shop, the oldest first, as the API shows them. */
export function* seedCustomers(count: number, seed: number): Generator<SandboxCustomer> {
  const shop = { customers: count, seed }
  for (let place = 0; place < count; place++) {
    const customer = seedCustomer(shop, place)
    yield presented(makeId(shop, place, customer.createdAt), customer)
  }
}

function documentedCustomer(shop: Shop, place: number, person: DocumentedPerson): StoredCustomer {
  const { known, firstname, lastname, email } = person
  const createdAt = known?.createdAt ?? timeAt(shop, place, 0.5)
  return { firstname, lastname, email, modes: modeBits.test, totalSpent: 0, createdAt, updatedAt: createdAt }
}

/** Share of all customers, least and most cents. */
const purses: readonly (readonly [share: number, least: number, most: number])[] = [
  [0.22, 0, 0],
  [0.14, 50, 999],
  [0.16, 1000, 2999],
  [0.18, 3000, 9999],
  [0.11, 10_000, 19_999],
  [0.09, 20_000, 50_000],
  [0.1, 50_001, 640_000],
]

function trade(shop: Shop, place: number): { modes: number; cents: number; random: () => number } {
  const random = mulberry32(mix(shop.seed ^ 0x5eed, place))
  const world = random()
  const modes = world < 0.42 ? 1 : world < 0.88 ? 2 : 3
  return { modes, cents: spent(random(), random(), random()), random }
}

/** Round sums are as frequent as they are in a shop, and so are the bounds of a range. */
function spent(purse: number, amount: number, rounding: number): number {
  let left = purse
  for (const [share, least, most] of purses) {
    left -= share
    if (left >= 0) continue
    const cents = least + Math.floor(amount ** 2 * (most - least + 1))
    if (rounding < 0.08) return least === 50_001 ? cents : least
    if (rounding < 0.3) return Math.max(least, cents - (cents % 100))
    return rounding < 0.5 ? Math.max(least, cents - (cents % 10)) : cents
  }
  return 0
}
