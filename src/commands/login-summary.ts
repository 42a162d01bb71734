import { type Business, shownName } from '../config/business.ts'
import type { SignedIn } from '../config/sign-in.ts'

/** What a sign-in did, line by line, and the next command where another key stays in use. `place` may be empty. */
export function signInSummary(signedIn: SignedIn, place: string): string[] {
  const { profile, mode, masked, verified, business, readOnly, replaced, standard } = signedIn
  const shown = mode === 'live' ? 'LIVE' : 'test'
  const lines = [
    `Signed in to profile ${profile}, ${shown}, ${masked}${place}${readOnly ? ', read-only' : ''}.`,
  ]
  if (business !== undefined) lines.push(`Business: ${businessText(business)}.`)
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

/** A business in words: its name, and what keeps it from moving real money. */
export function businessText({ businessName, onboarded, isLive }: Business): string {
  const facts = [
    ...(onboarded === null ? [] : [onboarded ? 'onboarded' : 'onboarding not finished']),
    ...(isLive === null ? [] : [isLive ? 'live' : 'not live']),
  ]
  return facts.length === 0 ? shownName(businessName) : `${shownName(businessName)} (${facts.join(', ')})`
}
