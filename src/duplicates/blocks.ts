import { hashOf } from '../text-set.ts'
import type { Fields } from './fields.ts'
import { noHash, type Pause, sort } from './hashes.ts'
import type { Signatures } from './signatures.ts'
import type { Words } from './words.ts'

/**
 * The columns of `blockingHashes`. Two similar records share at least one key. A key has several columns if a record has
 * several values for it.
 */
export const blockingKeys: readonly (readonly number[])[] = [
  [0],
  [1],
  [2],
  [3],
  [4, 5],
  [6, 7],
  [8, 9],
  [10, 11],
]

const endLength = 4

/**
 * Hashes that records of one person share, so that only records with a common hash are compared: either end of the local
 * part at the domain; the whole local part at any domain; both names; and a name with either end of the local part, or
 * with its digits, if the domain is mistyped too.
 */
export function blockingHashes(
  { names, domain, local }: Fields,
  { soundOf }: Pick<Words, 'soundOf'>,
): number[] {
  const atDomain = hashOf(domain)
  const start = local.slice(0, endLength)
  const end = local.slice(-endLength)
  const [first = '', second = ''] = names.length > 2 ? [names[0], names.at(-1)] : names
  const [one, other] = [first === '' ? noHash : soundOf(first), second === '' ? noHash : soundOf(second)]
  const digits = local.replace(/\D+/g, '')
  const withName = (name: number, text: string): number =>
    name === noHash || text === '' ? noHash : hashOf(text, name)
  const [from, to] = [start.slice(0, 3), `.${end.slice(-3)}`]
  return [
    hashOf(start, atDomain),
    hashOf(end, hashOf('.', atDomain)),
    local.length >= 5 ? hashOf(local) : noHash,
    one === noHash || other === noHash ? noHash : hashOf(`${Math.min(one, other)}`, Math.max(one, other)),
    withName(one, from),
    withName(other, from),
    withName(one, to),
    withName(other, to),
    withName(one, digits),
    withName(other, digits),
    withName(one, `@${domain}`),
    withName(other, `@${domain}`),
  ]
}

/** Records to compare: each one with this many that follow it. */
export interface Row {
  readonly records: readonly number[]
  readonly window: number
}

/** In blocks up to this size every pair is compared. */
const largestBlock = 32
/** In a larger one each record is compared with this many neighbours in two orders; 12 would find one pair in 1,000 more. */
const neighbours = 4

/**
 * What to compare in a block. In one that is too large (10,000 namesakes at one provider) only neighbours are compared,
 * sorted by the local part read forwards and backwards, so that the work stays proportional to the records.
 */
export async function rowsOf(
  block: readonly number[],
  { start, end }: Pick<Signatures, 'start' | 'end'>,
  pause: Pause,
): Promise<readonly Row[]> {
  if (block.length <= largestBlock) return [{ records: block, window: block.length - 1 }]
  return [
    { records: await sortedBy(start, block, pause), window: neighbours },
    { records: await sortedBy(end, block, pause), window: neighbours },
  ]
}

/** Order and place are packed into one double; of a long order as many digits count as differ in the block. */
async function sortedBy(
  order: (index: number) => number,
  block: readonly number[],
  pause: Pause,
): Promise<number[]> {
  const keys = Float64Array.from(block, order)
  let least = Number.POSITIVE_INFINITY
  let most = 0
  for (const key of keys) {
    if (key < least) least = key
    if (key > most) most = key
  }
  const scale = Math.max(1, ((most - least + 1) * block.length) / 2 ** 53)
  for (const [place, key] of keys.entries())
    keys[place] = Math.floor((key - least) / scale) * block.length + place
  await sort(keys, pause)
  return Array.from(keys, (key) => block[key % block.length] ?? 0)
}
