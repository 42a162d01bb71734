/** The two worlds of a customer (docs/orafi-api.md#customer). */
export type Mode = 'test' | 'live'

/** A customer as the sandbox answers it: the eight documented fields, nothing else. */
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

/** The record as it is answered. */
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
