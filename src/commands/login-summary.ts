import type { SignedIn } from '../config/sign-in.ts'

/** What a sign-in did, line by line, and the next command where another key stays in use. `place` may be empty. */
export function signInSummary(signedIn: SignedIn, place: string): string[] {
  const { profile, mode, masked, verified, readOnly, replaced, standard } = signedIn
  const shown = mode === 'live' ? 'LIVE' : 'test'
  const lines = [
    `Signed in to profile ${profile}, ${shown}, ${masked}${place}${readOnly ? ', read-only' : ''}.`,
  ]
  if (!verified) lines.push('The key was not checked.')
  if (replaced !== undefined) {
    lines.push(`It replaces ${replaced}.`)
    lines.push("Another merchant's account belongs in a profile of its own: orafi login --profile NAME")
  }
  if (standard.isThis) return lines
  const other = standard.profile !== profile
  const flags = other ? `--profile ${profile} --${mode}` : `--${mode}`
  const use = other ? `orafi use ${mode} --profile ${profile}` : `orafi use ${mode}`
  const still = other ? `profile ${standard.profile}` : `the ${standard.mode} key`
  return [...lines, `Without a flag ${still} is used, as before. To use this one: ${flags}, or ${use}`]
}
