import { visible } from '../visible.ts'

/** What is told of an error, whatever threw it. */
export interface Reported {
  readonly code: string
  readonly message: string
  /** The HTTP status, where the API answered. */
  readonly status?: number | undefined
  readonly hint?: string | undefined
}

/**
 * An error as it stands on stderr, its newline included: one line of JSON, or `error: …` and, where there is one,
 * `hint: …` (docs/contract.md#errors).
 */
export function renderError(error: Reported, json: boolean): string {
  // Whoever wrote the message made untrusted text visible; this is the last door, so it looks again.
  const message = visible(error.message, { keepNewlines: true })
  const hint = error.hint === undefined ? undefined : visible(error.hint, { keepNewlines: true })
  const { code, status } = error
  // JSON.stringify leaves out what is undefined.
  if (json) return `${JSON.stringify({ error: { code, message, status, hint } })}\n`
  return hint === undefined ? `error: ${message}\n` : `error: ${message}\nhint: ${hint}\n`
}

/**
 * Says that the output of a changing command could not be written, and what was changed all the same. One line, of
 * JSON where errors are.
 */
export function renderOutputFailure(
  reason: string,
  about: { readonly run?: string | undefined; readonly id?: string | undefined },
  json: boolean,
): string {
  const changed = about.run !== undefined || about.id !== undefined
  const message = `the output could not be written: ${visible(reason)}${changed ? '; what was changed stays changed' : ''}`
  if (json) return `${JSON.stringify({ warning: { code: 'output_failed', message, ...about } })}\n`
  return `warning: ${message}\n`
}
