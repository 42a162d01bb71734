// Runs what the build made, in a home of its own.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

/** What a script prints that runs the built program; it finds no key, no state and no settings. */
export function runQuietly(root, script, ...args) {
  const home = mkdtempSync(join(tmpdir(), 'orafi-build-'))
  const env = { PATH: process.env.PATH, HOME: home, ORAFI_CONFIG_DIR: home, ORAFI_STATE_DIR: home }
  try {
    return execFileSync(process.execPath, [join(root, script), ...args], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    }).toString()
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}
