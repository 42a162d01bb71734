import type { Customer } from '../../src/api/customer.ts'
import type { Level } from '../../src/duplicates/evidence.ts'
import { type FindOptions, findDuplicates } from '../../src/duplicates/find.ts'
import type { Group } from '../../src/duplicates/groups.ts'

let made = 0

/** A customer in the documented form, newer than the previous ones; by default in test mode and without spending. */
export function customer(fields: { [field: string]: unknown; id?: string }): Customer {
  made += 1
  return {
    id: `c_${made}`,
    firstname: 'Ngozi',
    lastname: 'Okafor',
    email: `ngozi${made}@shop.example`,
    mode: ['test'],
    totalSpent: 0,
    userCustomers: [{ createdAt: new Date(Date.UTC(2026, 0, 1) + made * 1000).toISOString() }],
    ...fields,
  }
}

/** A customer from a line such as `Emeka Obi <emeka.obi@gmail.com>`; the last word is the last name. */
export function person(line: string, fields: { [field: string]: unknown; id?: string } = {}): Customer {
  const [, name = '', email = ''] = /^(.*?)\s*<(.*)>$/.exec(line) ?? []
  const words = name.split(' ')
  return customer({ firstname: words.slice(0, -1).join(' '), lastname: words.at(-1) ?? '', email, ...fields })
}

export async function* streamed<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  yield* items
}

export async function groupsOf(
  customers: readonly Customer[],
  match: Level,
  options: Partial<FindOptions> = {},
): Promise<Group[]> {
  const found = await findDuplicates(streamed(customers), {
    match,
    keep: 'most-spent',
    keyMode: 'test',
    ...options,
  })
  return [...found.groups()]
}

/** The ids of each group in ascending order, whichever is kept. */
export async function idsOf(customers: readonly Customer[], match: Level): Promise<string[][]> {
  const groups = await groupsOf(customers, match)
  return groups.map(({ keep, twins }) =>
    [keep, ...twins.map((twin) => twin.customer)].map(({ id }) => id).sort(),
  )
}
