import type { ClientEvent } from './api/client.ts'
import { visible } from './visible.ts'

/** One line of `--debug` for something the client did, which is without the key already. */
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
      return `${what}${attempt} is tried again in ${Math.round(event.delayMs ?? 0)} ms: ${reason}`
    case 'wait':
      return `${what} waits ${Math.round(event.delayMs ?? 0)} ms: ${reason}`
  }
}
