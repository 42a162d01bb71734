import { constants } from 'node:fs'
import { join } from 'node:path'
import { ensurePrivateFolder } from '../storage/folders.ts'
import { openRegular } from '../storage/regular.ts'
import { replaceFile } from '../storage/replace.ts'
import { visible } from '../visible.ts'

/** The most characters of a name that stand in a question. */
const longestName = 60

/** A name as a question or a summary has it: one visible line that is not too long. */
export function shownName(name: string): string {
  const letters = [...name.slice(0, 4 * longestName)]
  return visible(letters.length > longestName ? `${letters.slice(0, longestName - 1).join('')}…` : name)
}

/** How long a name is believed, in ms: a day. */
const freshMs = 24 * 60 * 60 * 1000

/** Where the name of a key's business is kept, in the state folder. */
export interface BusinessPlace {
  readonly state: string
  /** The hash of the key: the name says nothing of the key itself. */
  readonly keyHash: string
  /** Epoch ms. */
  now(): number
}

/**
 * The name that was kept for a key within the last day: null where the API had none then. Undefined where nothing
 * fresh is there, or it cannot be read: names are a service, and never an error.
 */
export async function knownName(place: BusinessPlace): Promise<string | null | undefined> {
  try {
    const file = await openRegular(fileOf(place), constants.O_RDONLY)
    try {
      const kept: unknown = JSON.parse(await file.readFile('utf8'))
      if (typeof kept !== 'object' || kept === null || !('at' in kept) || !('name' in kept)) return undefined
      const { at, name } = kept
      // A clock that was set back makes it no older.
      if (typeof at !== 'number' || Math.abs(place.now() - at) > freshMs) return undefined
      return typeof name === 'string' || name === null ? name : undefined
    } finally {
      await file.close()
    }
  } catch {
    return undefined
  }
}

/** Keeps a name, or that there is none. What cannot be written is asked again next time. */
export async function keepName(place: BusinessPlace, name: string | null): Promise<void> {
  try {
    await ensurePrivateFolder(folderOf(place))
    await replaceFile(fileOf(place), `${JSON.stringify({ at: place.now(), name })}\n`)
  } catch {
    // Without it the next command asks the API once more.
  }
}

function folderOf({ state }: BusinessPlace): string {
  return join(state, 'businesses')
}

function fileOf(place: BusinessPlace): string {
  return join(folderOf(place), `${place.keyHash}.json`)
}
