import { type Addresses, createAddresses } from './addresses.ts'
import type { Entry } from './log.ts'
import { createRecords, type Records } from './records.ts'
import type { Shop } from './shop.ts'

/** A shop with everything that happened in it since it opened. */
export interface Memory {
  readonly shop: Shop
  readonly records: Records
  apply(entry: Entry): void
  /** Has a record that is seen in one of these modes the address, capitals aside? The first question reads all records. */
  taken(email: string, modes: number): boolean
}

export function createMemory(shop: Shop): Memory {
  const records = createRecords(shop)
  let addresses: Addresses | undefined
  return {
    shop,
    records,
    apply(entry) {
      const after = entry.op === 'put' ? entry.customer : undefined
      addresses?.change(records.at(entry.place), after)
      if (after) records.put(entry.place, after)
      else records.remove(entry.place)
    },
    taken(email, modes) {
      addresses ??= createAddresses(records)
      return addresses.taken(email, modes)
    },
  }
}
