import type { Mode } from './customer.ts'

/** One key a mode, in the form of real ones (docs/orafi-api.md#base-url-and-keys). */
export type SandboxKeys = Readonly<Record<Mode, string>>

/** The sandbox's keys are no secret, and look like it: they open nothing but a sandbox. */
export const sandboxKeys: SandboxKeys = {
  test: 'ora_test_sandbox_key_not_a_secret_0test',
  live: 'ora_live_sandbox_key_not_a_secret_0live',
}

/** The mode of the key that a request brings, or undefined when it is none of the two. */
export function modeOfKey(keys: SandboxKeys, key: string | readonly string[] | undefined): Mode | undefined {
  if (key === keys.test) return 'test'
  return key === keys.live ? 'live' : undefined
}
