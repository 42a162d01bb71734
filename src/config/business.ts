import { constants } from 'node:fs'
import { join } from 'node:path'
import { ensurePrivateFolder } from '../storage/folders.ts'
import { openRegular } from '../storage/regular.ts'
import { replaceFile } from '../storage/replace.ts'
import { visible } from '../visible.ts'

/** The longest name shown in a prompt (characters). */
const longestName = 60

/** A name for prompts and summaries: one line, visible(), shortened. */
export function shownName(name: string): string {
  const letters = [...name.slice(0, 4 * longestName)]
  return visible(letters.length > longestName ? `${letters.slice(0, longestName - 1).join('')}…` : name)
}

/** How long a cached name is used: a day (ms). */
const freshMs = 24 * 60 * 60 * 1000

/** Where the business name of a key is cached, in the state folder. */
export interface BusinessPlace {
  readonly state: string
  /** The hash of the key, as the file name must not give the key away. */
  readonly keyHash: string
  /** Epoch ms. */
  now(): number
}

/**
 * The name cached for a key within the last day, or null if the API had none. Undefined if nothing fresh is cached or
 * it cannot be read: names are optional, so this is never an error.
 */
export async function knownName(place: BusinessPlace): Promise<string | null | undefined> {
  try {
    const file = await openRegular(fileOf(place), constants.O_RDONLY)
    try {
      const kept: unknown = JSON.parse(await file.readFile('utf8'))
      if (typeof kept !== 'object' || kept === null || !('at' in kept) || !('name' in kept)) return undefined
      const { at, name } = kept
      // The absolute difference, in case the clock was set back.
      if (typeof at !== 'number' || Math.abs(place.now() - at) > freshMs) return undefined
      return typeof name === 'string' || name === null ? name : undefined
    } finally {
      await file.close()
    }
  } catch {
    return undefined
  }
}

/** Caches a name, or null for none. Ignores write errors. */
export async function keepName(place: BusinessPlace, name: string | null): Promise<void> {
  try {
    await ensurePrivateFolder(folderOf(place))
    await replaceFile(fileOf(place), `${JSON.stringify({ at: place.now(), name })}\n`)
  } catch {
    // The next command asks the API again.
  }
}

function folderOf({ state }: BusinessPlace): string {
  return join(state, 'businesses')
}

function fileOf(place: BusinessPlace): string {
  return join(folderOf(place), `${place.keyHash}.json`)
}
