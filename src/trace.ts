import type { ClientEvent } from './api/client.ts'
import { visible } from './visible.ts'

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
