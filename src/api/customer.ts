/** The mode of a key: test moves no real funds (docs/orafi-api.md#base-url-and-keys). */
export type Mode = 'test' | 'live'

/**
 * A customer as the API sent it, with unknown fields. Only `id` is checked to be a non-empty string; all other fields
 * are untrusted (docs/orafi-api.md#customer).
 */
export interface Customer {
  readonly id: string
  readonly [field: string]: unknown
}

/** The documented fields of a customer, in the documented order. */
export const documentedFields = [
  'id',
  'firstname',
  'lastname',
  'email',
  'mode',
  'totalSpent',
  'createdAt',
  'updatedAt',
] as const

/** The fields of a new customer; the API requires all three (docs/orafi-api.md#endpoints). */
export const newCustomerFields = ['firstname', 'lastname', 'email'] as const
export type NewCustomer = Readonly<Record<(typeof newCustomerFields)[number], string>>

/** The values of the `amountSpent` filter of `GET /customers`. */
export const spentRanges = [
  'BELOW10USDT',
  'FROM10TO30USDT',
  'FROM30TO100USDT',
  'FROM100TO200USDT',
  'FROM200TO500USDT',
  'ABOVE500USDT',
] as const

export type SpentRange = (typeof spentRanges)[number]
