import { eachLine, withRunFile } from './file.ts'

/** A customer's id and the one that it got when its deletion was undone. */
export type Renaming = readonly [old: string, now: string]

/** @throws CliError `not_found` where there is no such run · `api_error` where it is damaged */
export async function renamings(folder: string, run: string): Promise<Renaming[]> {
  const pairs: Renaming[] = []
  await withRunFile(folder, run, (file) =>
    eachLine(file, ({ entry }) => {
      if (entry.type === 'outcome' && entry.newId !== undefined) pairs.push([entry.item, entry.newId])
    }),
  )
  return pairs
}

/**
 * All ids that one person has had: an undone delete creates the same person
 * again under a new id, and to forget the one is to forget the other.
 */
export function idsOfPerson(id: string, pairs: readonly Renaming[]): Set<string> {
  const neighbours = new Map<string, string[]>()
  for (const [old, now] of pairs) {
    neighbours.set(old, [...(neighbours.get(old) ?? []), now])
    neighbours.set(now, [...(neighbours.get(now) ?? []), old])
  }
  // A set that grows while it is walked is walked to its end.
  const ids = new Set([id])
  for (const known of ids) for (const other of neighbours.get(known) ?? []) ids.add(other)
  return ids
}
