import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chunksOf } from '../storage/lines.ts'
import { openRegular } from '../storage/regular.ts'
import { holdsWhole } from './person.ts'

/** Longer than any e-mail or name that is looked for, in characters. */
const overlap = 1000

/**
 * The files of a folder and its subfolders that contain one of these texts as a whole, in any case: what somebody who
 * searches the folder would find. Files that cannot be read are left out.
 */
export async function filesWith(folder: string, texts: readonly string[]): Promise<string[]> {
  const found: string[] = []
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && (await contains(path, texts).catch(() => false))) found.push(path)
  }
  return found.sort()
}

async function contains(path: string, texts: readonly string[]): Promise<boolean> {
  const file = await openRegular(path)
  try {
    const decoder = new TextDecoder()
    let before = ''
    for await (const chunk of chunksOf(file)) {
      const text = before + decoder.decode(chunk, { stream: true })
      if (texts.some((one) => holdsWhole(text, one))) return true
      before = text.slice(-overlap)
    }
    return false
  } finally {
    await file.close()
  }
}
