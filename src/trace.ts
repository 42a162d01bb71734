import type { ClientEvent } from './api/client.ts'
import { visible } from './visible.ts'

/** One line of `--debug` for something the client did. The key is no part of any event. */
export function traceOf(event: ClientEvent): string {
  const what = `${event.method} ${visible(event.path)}`
  const attempt = event.attempt > 1 ? ` (attempt ${event.attempt})` : ''
  switch (event.type) {
    case 'request':
      return `debug: ${what}${attempt}`
    case 'answer':
      return `debug: ${what}${attempt} → ${event.status ?? 'no answer'} in ${Math.round(event.ms ?? 0)} ms`
    case 'retry':
      return `debug: ${what}${attempt} is tried again in ${Math.round(event.delayMs ?? 0)} ms: ${visible(event.reason ?? '')}`
    case 'wait':
      return `debug: ${what} waits ${Math.round(event.delayMs ?? 0)} ms: ${visible(event.reason ?? '')}`
  }
}
