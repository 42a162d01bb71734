/**
 * The first customers of a sandbox: how many, and from which seed. The same
 * shop has the same customers on every machine and on every day. Each is worked
 * out from its place when somebody asks for it, so a million need no memory.
 *
 * What a shop gives must not change once it is released: people's sandboxes
 * keep only the two numbers. A change means a new version of the log (`log.ts`).
 */
export interface Shop {
  readonly customers: number
  readonly seed: number
}

export const defaultShop: Shop = { customers: 250, seed: 20_260_114 }

/** When the shop opened, and when the sandbox came; epoch ms. */
const opened = Date.UTC(2025, 0, 6, 7)
export const seeded = Date.UTC(2026, 8, 30, 19)

/** When the customer of a place came, epoch ms: the places share the shop's time evenly, `share` (0 to 1) says when within. */
export function timeAt(shop: Shop, place: number, share: number): number {
  return opened + Math.floor(((seeded - opened) / shop.customers) * (place + share))
}

/** The place whose share of the shop's time a moment (epoch ms) falls into. */
export function placeAtTime(shop: Shop, time: number): number {
  return Math.floor(((time - opened) / (seeded - opened)) * shop.customers)
}
