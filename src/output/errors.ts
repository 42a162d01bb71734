import type { ClientEvent } from '../api/client.ts'
import { visible } from '../visible.ts'

/** An error as it is reported. */
export interface Reported {
  readonly code: string
  readonly message: string
  /** The HTTP status, if the API answered. */
  readonly status?: number | undefined
  readonly hint?: string | undefined
  /** The customers that it is about, as they are. */
  readonly ids?: readonly string[] | undefined
}

/**
 * An error as printed on stderr: one line of JSON, or `error: …` and, if there is a hint, `hint: …`
 * (docs/contract.md#errors).
 */
export function renderError(error: Reported, json: boolean): string {
  // Messages are visible() already; this guards against one that is not.
  const message = visible(error.message, { keepNewlines: true })
  const hint = error.hint === undefined ? undefined : visible(error.hint, { keepNewlines: true })
  const { code, status, ids } = error
  // JSON.stringify leaves out what is undefined.
  if (json) return `${JSON.stringify({ error: { code, message, status, hint, ids } })}`
  return hint === undefined ? `error: ${message}` : `error: ${message}\nhint: ${hint}`
}

/**
 * The warning that the output of a changing command could not be written, with the run or customer that it changed.
 * One line; JSON if errors are.
 */
export function renderOutputFailure(
  reason: string,
  about: { readonly run?: string | undefined; readonly id?: string | undefined; readonly changed: boolean },
  json: boolean,
): string {
  const { run, id, changed } = about
  const message = `the output could not be written: ${visible(reason)}${changed ? '; completed changes are kept' : ''}`
  if (json) return `${JSON.stringify({ warning: { code: 'output_failed', message, run, id } })}`
  return `warning: ${message}`
}

/** A line of `--debug` for an event of the client, in which the key is already masked. */
export function traceOf(event: ClientEvent): string {
  const what = `debug: ${event.method} ${visible(event.path)}`
  const attempt = event.attempt > 1 ? ` (attempt ${event.attempt})` : ''
  const reason = visible(event.reason ?? '')
  switch (event.type) {
    case 'request':
      return `${what}${attempt}`
    case 'answer':
      return `${what}${attempt} → ${event.status ?? `no answer (${reason})`} in ${Math.round(event.ms ?? 0)} ms`
    case 'retry':
      return `${what}${attempt} is retried in ${Math.round(event.delayMs ?? 0)} ms: ${reason}`
    case 'wait':
      return `${what} waits ${Math.round(event.delayMs ?? 0)} ms: ${reason}`
  }
}
