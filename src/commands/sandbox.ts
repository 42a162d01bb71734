import type { Command } from '@commander-js/extra-typings'
import { guide } from '../reference/guide.ts'

/** `orafi sandbox …`, which `orafi help sandbox` explains. */
export function define(command: Command): void {
  command.description('An Orafi of your own, to try things on.')
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
}
