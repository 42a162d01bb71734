import type { Command } from '@commander-js/extra-typings'
import { guide } from '../reference/guide.ts'

/** `orafi customers …` */
export function customers(parent: Command): Command {
  const command = parent
    .command('customers')
    .summary('the customers of an account')
    .description('List, look up, create and delete customers.')
  guide(command, {
    examples: [
      'orafi customers list --spent ABOVE500USDT',
      'orafi customers find mekus@orafi.app --by email',
      'orafi customers delete cmjr4c7qq0000v8hozkzz4em5 --dry-run',
    ],
  })
  return command
}

/** `orafi runs …` */
export function runs(parent: Command): Command {
  const command = parent
    .command('runs')
    .summary('what was changed from this machine, and going back')
    .description('What was changed from this machine, and going back.')
  guide(command, {
    notes:
      'Every delete, import and undo is a run. It is kept in the journal on this machine, which is written before its requests leave.',
    examples: ['orafi runs list', 'orafi runs undo 20261124-081535-k3f9'],
  })
  return command
}

/** `orafi sandbox …`, which `orafi help sandbox` explains. */
export function sandbox(parent: Command): Command {
  const command = parent
    .command('sandbox')
    .summary('an Orafi of your own, to try things on')
    .description('An Orafi of your own, to try things on.')
  guide(command, {
    notes: `--sandbox on any command, or ORAFI_SANDBOX=1: a shop of 250 invented customers, over real HTTP on this machine, without a key and without a network. Twenty people stand there two or three times; either key sees 5 groups of duplicates. What is created and deleted lasts from one command to the next; "orafi sandbox reset" begins anew.

It behaves as a profile with both keys, test unless told: --live works with its live key, so that a live delete can be rehearsed with all its questions. Stored keys, ORAFI_API_KEY and ORAFI_BASE_URL are not looked at; login, logout and use refuse it.

"orafi sandbox serve" is the same Orafi for other programs, with faults if you like: answers that are slow, cut, refused or limited.`,
    examples: [
      'orafi customers list --sandbox',
      'ORAFI_SANDBOX=1 orafi customers duplicates',
      'orafi sandbox serve --port 4010 --drop-rate 0.1',
    ],
  })
  return command
}
