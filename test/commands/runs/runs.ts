import { join } from 'node:path'
import { temporaryFolder } from '../../support/orafi.ts'

/** A home of its own, and where its runs are. */
export async function newHome(): Promise<{ home: string; folder: string }> {
  const home = await temporaryFolder()
  return { home, folder: join(home, 'state', 'runs') }
}
