import type { Command } from '@commander-js/extra-typings'
import { guide } from '../reference/guide.ts'

/** `orafi runs …` */
export function define(command: Command): void {
  command.description('What was changed from this machine, and going back.')
  guide(command, {
    notes:
      'Every delete, import and undo is a run. It is kept in the journal on this machine, which is written before its requests leave.',
    examples: ['orafi runs list', 'orafi runs undo 20261124-081535-k3f9'],
  })
}
