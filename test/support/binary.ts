import { join } from 'node:path'
import { execa } from 'execa'
import { createClock } from './clock.ts'
import { orafi, temporaryFolder } from './orafi.ts'

/** The built program, as a user starts it. */
export const bin = new URL('../../bin/orafi.js', import.meta.url).pathname

/** An environment with folders of its own and nothing of ours: no key, no colour, no CI. */
export async function freshEnvironment(more: Record<string, string> = {}): Promise<Record<string, string>> {
  const home = await temporaryFolder()
  return {
    HOME: home,
    ORAFI_CONFIG_DIR: join(home, 'config'),
    ORAFI_STATE_DIR: join(home, 'state'),
    ...more,
  }
}

/** Runs the built program; never throws. */
export function binary(args: readonly string[], env: Record<string, string>, input?: string) {
  return execa(process.execPath, [bin, ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    extendEnv: false,
    reject: false,
    input: input ?? '',
    stripFinalNewline: false,
  })
}

/**
 * Runs a command line on the same folders in this process, where a start takes no time: for what comes before or after
 * the start that a test is about.
 */
export function beside(line: string, env: Record<string, string>) {
  return orafi(line, { env, clock: createClock(Date.now()) })
}
