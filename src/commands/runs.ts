import type { Command } from '@commander-js/extra-typings'
import { guide } from '../reference/guide.ts'

/** `orafi runs …` */
export function define(command: Command): void {
  command.description('View and undo changes made from this machine.')
  guide(command, {
    notes:
      'Every delete, import and undo is a run. It is recorded in a journal on this machine before its requests are sent.',
    examples: ['orafi runs list', 'orafi runs undo 20261124-081535-k3f9'],
  })
}
