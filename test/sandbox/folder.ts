import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder for one test, which may make the sandbox's own below it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'orafi-sandbox-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
