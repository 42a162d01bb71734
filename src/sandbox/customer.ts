/** The two worlds of a customer (docs/orafi-api.md#customer). */
export type Mode = 'test' | 'live'

/** A customer with the eight fields of Orafi's object page; which of them are answered is for `answers.ts`. */
export interface SandboxCustomer {
  readonly id: string
  readonly firstname: string
  readonly lastname: string
  readonly email: string
  /** Where the customer has interacted: one mode or both. */
  readonly mode: readonly Mode[]
  /** USDT. */
  readonly totalSpent: number
  /** ISO 8601, UTC. */
  readonly createdAt: string
  readonly updatedAt: string
}

/** A customer as the sandbox keeps it; its place is the key, its id follows from place and `createdAt`. */
export interface StoredCustomer {
  readonly firstname: string
  readonly lastname: string
  readonly email: string
  /** Modes as bits: 1 test, 2 live. */
  readonly modes: number
  readonly totalSpent: number
  /** Epoch ms. */
  readonly createdAt: number
  readonly updatedAt: number
}

export const modeBits: Readonly<Record<Mode, number>> = { test: 1, live: 2 }

const modesOfBits: readonly (readonly Mode[])[] = [[], ['test'], ['live'], ['test', 'live']]

/** The modes that the bits stand for, in the order test, live. */
export function modesOf(bits: number): readonly Mode[] {
  return modesOfBits[bits & 3] ?? []
}

/** The bits of a list of modes. */
export function bitsOf(modes: readonly Mode[]): number {
  return modes.reduce((bits, mode) => bits | modeBits[mode], 0)
}

/** The record with its id, and its dates as text. */
export function presented(id: string, stored: StoredCustomer): SandboxCustomer {
  return {
    id,
    firstname: stored.firstname,
    lastname: stored.lastname,
    email: stored.email,
    mode: modesOf(stored.modes),
    totalSpent: stored.totalSpent,
    createdAt: new Date(stored.createdAt).toISOString(),
    updatedAt: new Date(stored.updatedAt).toISOString(),
  }
}

/** The customer without dates: the documented answer to a create, and what a transaction says of its customer. */
export function undated(customer: SandboxCustomer): Omit<SandboxCustomer, 'createdAt' | 'updatedAt'> {
  const { createdAt: _, updatedAt: __, ...rest } = customer
  return rest
}

/** The customer with the one date that list and get are documented with: when it was linked to this business. */
export function linked(customer: SandboxCustomer) {
  return { ...undated(customer), userCustomers: [{ createdAt: customer.createdAt }] }
}
