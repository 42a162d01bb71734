import { type Mode, modeBits, presented, type SandboxCustomer, type StoredCustomer } from './customer.ts'
import { makeId, placeOf } from './ids.ts'
import { rangeOf, type SpendingRange, spendingRanges } from './ranges.ts'
import { seedCustomer, seedFacts } from './seed.ts'
import type { Shop } from './shop.ts'

/** What a list asks for (docs/orafi-api.md#endpoints). */
export interface PageQuery {
  /** The mode of the key: only records whose `mode` contains it are seen. */
  readonly key: Mode
  readonly mode?: Mode | undefined
  readonly amountSpent?: SpendingRange | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

export interface RecordPage {
  readonly customers: readonly SandboxCustomer[]
  readonly hasNextPage: boolean
  readonly nextCursor: string | null
}

/**
 * All records in memory, by place: 0 is the oldest. The customers of the shop
 * are worked out when somebody asks for them; only what was created or changed
 * since is kept. One byte a place says what the filters of a list ask for.
 */
export interface Records {
  /** Where the next record goes. */
  readonly next: number
  /** Records that are there, deleted ones not counted. */
  readonly count: number
  /** Records that were created or changed, and customers of the shop that were deleted: the least lines that say it all. */
  readonly changes: number
  /** Sets the record of a place, a free one or not. Places between the last one and this stay empty. */
  put(place: number, customer: StoredCustomer): void
  /** Empties a place for good. */
  remove(place: number): void
  /** Keeps the places before this one from being given away again. */
  reserve(next: number): void
  /** The place of an id whose record is there and is seen by the mode's key; a cursor's may have been deleted. */
  find(id: string, key: Mode): number | undefined
  at(place: number): StoredCustomer | undefined
  /** The modes, as bits, of the record at a place; those it had in the shop where that was deleted since. */
  modesAt(place: number): number
  present(place: number, customer: StoredCustomer): SandboxCustomer
  /** Oldest first. Undefined when the cursor is no id that was ever seen by the mode's key. */
  page(query: PageQuery): RecordPage | undefined
  /** Places whose record was created or changed since the shop opened, in order. */
  kept(): Iterable<readonly [place: number, customer: StoredCustomer]>
  /** Places of the shop's own customers that were deleted, in order. */
  gone(): Iterable<number>
}

/** A byte a place: bits 0 and 1 the modes, bits 2 to 4 the range; 0 not worked out yet. */
const deleted = 0x80

export function createRecords(shop: Shop): Records {
  const kept = new Map<number, StoredCustomer>()
  let marks = new Uint8Array(Math.max(1024, shop.customers))
  let next = shop.customers
  let count = shop.customers
  let goneFromShop = 0

  function reserve(wanted: number): void {
    if (wanted <= next) return
    if (wanted > marks.length) {
      const larger = new Uint8Array(Math.max(wanted, marks.length * 2))
      larger.set(marks)
      marks = larger
    }
    marks.fill(deleted, next, wanted)
    next = wanted
  }

  function markOf(place: number): number {
    const mark = marks[place] ?? deleted
    if (mark !== 0) return mark
    const { modes, range } = seedFacts(shop, place)
    marks[place] = modes | (range << 2)
    return modes | (range << 2)
  }

  function at(place: number): StoredCustomer | undefined {
    if (place >= next || marks[place] === deleted) return undefined
    return kept.get(place) ?? seedCustomer(shop, place)
  }

  function present(place: number, customer: StoredCustomer): SandboxCustomer {
    return presented(makeId(shop, place, customer.createdAt), customer)
  }

  /** The place of an id that is there, or was: of a deleted record nothing but its place is known. */
  function known(id: string, key: Mode): number | undefined {
    const place = placeOf(shop, id)
    if (place === undefined || place >= next) return undefined
    const customer = at(place)
    if (!customer) return place
    const seen = (customer.modes & modeBits[key]) !== 0 && makeId(shop, place, customer.createdAt) === id
    return seen ? place : undefined
  }

  /** At most `most` places from `from` on, oldest first, whose records the key sees and the filters let through. */
  function matching(
    from: number,
    key: Mode,
    mode: Mode | undefined,
    amountSpent: SpendingRange | undefined,
    most: number,
  ): number[] {
    const modes = modeBits[key] | (mode ? modeBits[mode] : 0)
    const range = amountSpent && spendingRanges.indexOf(amountSpent)
    const places: number[] = []
    for (let place = from; place < next && places.length < most; place++) {
      const mark = markOf(place)
      if (mark === deleted || (mark & modes) !== modes) continue
      if (range === undefined || mark >> 2 === range) places.push(place)
    }
    return places
  }

  return {
    get next() {
      return next
    },
    get count() {
      return count
    },
    get changes() {
      return kept.size + goneFromShop
    },
    put(place, customer) {
      reserve(place + 1)
      if (marks[place] === deleted) {
        count++
        if (place < shop.customers) goneFromShop--
      }
      marks[place] = customer.modes | (rangeOf(customer.totalSpent) << 2)
      kept.set(place, customer)
    },
    remove(place) {
      reserve(place + 1)
      if (marks[place] !== deleted) {
        count--
        if (place < shop.customers) goneFromShop++
      }
      marks[place] = deleted
      kept.delete(place)
    },
    reserve,
    find(id, key) {
      const place = known(id, key)
      return place === undefined || marks[place] === deleted ? undefined : place
    },
    at,
    modesAt(place) {
      const mark = markOf(place)
      if (mark !== deleted) return mark & 3
      return place < shop.customers ? seedFacts(shop, place).modes : 0
    },
    present,
    page({ key, mode, amountSpent, cursor, limit }) {
      const after = cursor === undefined ? -1 : known(cursor, key)
      if (after === undefined) return undefined
      const places = matching(after + 1, key, mode, amountSpent, limit + 1)
      const customers = places.slice(0, limit).flatMap((place) => {
        const customer = at(place)
        return customer ? [present(place, customer)] : []
      })
      const hasNextPage = places.length > limit
      return { customers, hasNextPage, nextCursor: hasNextPage ? (customers.at(-1)?.id ?? null) : null }
    },
    *kept() {
      for (const place of [...kept.keys()].sort((a, b) => a - b)) {
        const customer = kept.get(place)
        if (customer) yield [place, customer]
      }
    },
    *gone() {
      for (let place = 0; place < shop.customers; place++) if (marks[place] === deleted) yield place
    },
  }
}
